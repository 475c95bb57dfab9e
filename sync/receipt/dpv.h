// SPDX-License-Identifier: GPL-3.0-or-later
// Our enumerators as terms of the Data Privacy Vocabulary (W3C DPV 2.3 and its extension PD).
// Internal to sync/receipt. Pure.
#pragma once

#include "sync/event/event.h"

namespace tapport::receipt {

/// A dpv:ConsentStatus. A yes that still waits for its double opt-in is ConsentRequested, a
/// time-out ConsentRequestDeferred. Objection and erasure end every consent: ConsentWithdrawn,
/// beside the name of our own state.
[[nodiscard]] std::string_view statusTerm(const record::ConsentEvent& consent,
                                          const event::Profile& profile);
/// Who expressed it.
[[nodiscard]] std::string_view termOf(record::ExpressedBy by);
[[nodiscard]] std::string_view termOf(event::PersonalData data);
/// What is needed in order to reach somebody over the channel; everything else is optional.
[[nodiscard]] event::PersonalData neededFor(record::Channel channel);

}  // namespace tapport::receipt
