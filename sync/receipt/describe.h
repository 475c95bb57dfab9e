// SPDX-License-Identifier: GPL-3.0-or-later
// A receipt in plain words, for the attendee. Pure.
#pragma once

#include "sync/event/event.h"
#include "sync/receipt/summary.h"

namespace tapport::receipt {

/// In `language`, with the notices' words in that language too where the event has them, else in
/// the language in which they were shown. Decisions whose notice is not the current one of `event`
/// are told by the ids of purpose and channel. `event` may be null: then all are.
[[nodiscard]] std::string describe(const Summary& summary, const event::Event* event,
                                   std::string_view language);

/// The words that were shown for this decision, in whatever language: who changes it in the middle
/// of a visit is asked in two. Null when they are not in this event file.
[[nodiscard]] const event::Notice* noticeShown(const Decision& decision, const event::Event& event);

}  // namespace tapport::receipt
