// SPDX-License-Identifier: GPL-3.0-or-later
// What a single consent event is worth by itself, before others are looked at: is it a yes or a no,
// to what, and for how long. Pure.
#pragma once

#include "sync/event/event.h"
#include "sync/ledger/standing.h"

#include <span>

namespace tapport::ledger {

/// An express yes (GDPR Art. 4(11)): by the subject or a guardian, by something they did. A
/// time-out, a confirmation, or an oral answer without the staff who took it is none.
[[nodiscard]] bool isYes(const record::ConsentEvent& event);
/// Anything that ends or refuses, whoever it came from.
[[nodiscard]] bool isNo(const record::ConsentEvent& event);
/// Objection and erasure are the person's last word on everything: only they themselves lift it.
[[nodiscard]] bool isLastWord(const record::ConsentEvent& event);
/// `no` bears on this scope: it is the same one, or every one.
[[nodiscard]] bool concerns(const record::ConsentEvent& no, const Scope& scope);
/// Of an event for which isNo() holds.
[[nodiscard]] Standing standingAfter(const record::ConsentEvent& no);

/// When a yes that is covered by `ask` began: as stamped by a clock that was right, else the first
/// day of the event, before which no booth was open. So it never lasts longer than agreed.
[[nodiscard]] record::WallTime beginOf(const record::ConsentEvent& yes, const event::Event& event);
[[nodiscard]] record::WallTime endOf(const record::ConsentEvent& yes, const event::Ask& ask,
                                     const event::Event& event);

/// Double opt-in: `confirmation` names this very yes, was made on the channel that it confirms (a
/// mail proves no telephone), and within the time that the profile gives, by a clock that was
/// right.
[[nodiscard]] bool confirms(const record::ConsentEvent& confirmation,
                            const record::ConsentEvent& yes, const event::Event& event);

/// The kiosk may put this question unasked: not answered yet, or agreed to in words that hold no
/// more. After a no only the attendee brings it up again, at this event. `decisions`: the latest
/// of each scope, as the badge's vault entry has them.
[[nodiscard]] bool mayAsk(std::span<const record::ConsentEvent> decisions, const event::Ask& ask);

}  // namespace tapport::ledger
