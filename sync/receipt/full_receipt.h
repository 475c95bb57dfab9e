// SPDX-License-Identifier: GPL-3.0-or-later
// The full receipt of one unit: a consent record as W3C DPV writes ISO/IEC TS 27560, in JSON-LD,
// with readable text inside, as compact JWS. It names the attendee by a pseudonym only: no contact
// data, no note.
//
// It is a function of the unit, the event file and nothing else: its words and layout change with
// the unit's schema only. So the kiosk sends only its signature along (PositionedUnit::proof), and
// the hub rebuilds the very same bytes. Format: README.md. Pure.
#pragma once

#include "sync/event/event.h"
#include "sync/receipt/keys.h"
#include "sync/record/unit.h"

namespace tapport::receipt {

/// Canonical JSON. `unit` must have consents and a receipt id.
[[nodiscard]] std::string fullPayload(const record::PositionedUnit& unit,
                                      const event::Event& event);

/// The kiosk's signature over the full receipt, for PositionedUnit::proof.
[[nodiscard]] record::Signature prove(const record::PositionedUnit& unit, const event::Event& event,
                                      const SigningKeys& keys);

/// The full receipt of a unit that was proven. InvalidInput: the unit has no receipt id, no
/// consents or no proof. NotFound: the proof does not fit, and the unit was asked with a notice
/// that this event file does not have: another edition of it may prove the unit. Crypto: the proof
/// does not fit, and should.
[[nodiscard]] Result<std::string> fullJws(const record::PositionedUnit& unit,
                                          const event::Event& event, ByteView publicKey);

}  // namespace tapport::receipt
