// SPDX-License-Identifier: GPL-3.0-or-later
// What a single consent event is worth by itself, before others are looked at: is it a yes or a no,
// to what, and for how long. Pure.
#pragma once

#include "sync/event/event.h"
#include "sync/ledger/standing.h"

namespace tapport::ledger {

/// An express yes (GDPR Art. 4(11)): by the subject or a guardian, by something they did. A
/// time-out, a confirmation, or an oral answer without the staff who took it is none.
[[nodiscard]] bool isExpressYes(const record::ConsentEvent& event);
/// Anything that ends or refuses, whoever it came from.
[[nodiscard]] bool isNo(const record::ConsentEvent& event);
/// Objection and erasure are the person's last word on everything: only they themselves lift it.
[[nodiscard]] bool isLastWord(const record::ConsentEvent& event);
/// `no` bears on this scope: it is the same one, or every one.
[[nodiscard]] bool concerns(const record::ConsentEvent& no, const Scope& scope);
/// Of an event for which isNo() holds.
[[nodiscard]] Standing standingAfter(const record::ConsentEvent& no);

/// When a yes began: as stamped by a clock that was right, else the first
/// day of the event, before which no booth was open. So it never lasts longer than agreed.
[[nodiscard]] record::WallTime beginOf(const record::ConsentEvent& yes, const event::Event& event);
/// As agreed, and never longer than the event's ask for it allows.
[[nodiscard]] record::WallTime endOf(const record::ConsentEvent& yes, const event::Event& event);

/// Double opt-in: `confirmation` names this very yes, was made on the channel that it confirms (a
/// mail proves no telephone), and within the time that the profile gives, by a clock that was
/// right.
[[nodiscard]] bool confirms(const record::ConsentEvent& confirmation,
                            const record::ConsentEvent& yes, const event::Event& event);

}  // namespace tapport::ledger
