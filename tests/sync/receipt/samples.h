// SPDX-License-Identifier: GPL-3.0-or-later
// Units as a kiosk makes them, asked from the sample event (tests/support/sample_event.h).
#pragma once

#include "sync/event/event.h"
#include "sync/receipt/key_set.h"
#include "sync/record/unit.h"

#include <span>

namespace tapport::receipt::samples {

[[nodiscard]] event::Event event();
[[nodiscard]] SigningKeys kioskKeys();
/// The secret half of event().rootKey.
[[nodiscard]] SigningKeys rootKeys();
/// Publishes kioskKeys() as those of kiosk-1.
[[nodiscard]] KeySet keySet(std::optional<Revocation> revoked = std::nullopt);

inline const record::KioskId kKiosk{"kiosk-1"};
[[nodiscard]] record::Epoch epoch();
[[nodiscard]] record::ReceiptId receiptId(std::uint8_t fill);

/// What was answered to the ask at `index` of the event.
[[nodiscard]] record::ConsentEvent answer(const event::Event& event, std::size_t index,
                                          record::ConsentState state, const std::string& language);
[[nodiscard]] record::PositionedUnit unit(record::UnitKind kind, std::uint64_t seq,
                                          std::vector<record::ConsentEvent> consents);
/// A yes to two purposes and a no to one, in German: a visit and a refusal.
[[nodiscard]] std::vector<record::PositionedUnit> mixedVisit(const event::Event& event);

}  // namespace tapport::receipt::samples
