// SPDX-License-Identifier: GPL-3.0-or-later
// The signature that a kiosk puts into every unit before its seal: who opens the unit later knows
// that this kiosk recorded all of it, at this position. Anybody has the sealing key; it alone
// vouches for nothing. A proof (full_receipt.h) does not do instead: no receipt holds contact,
// conversations or the badge's key. Pure.
#pragma once

#include "sync/receipt/keys.h"
#include "sync/record/unit.h"

namespace tapport::receipt {

/// What the signature is made over: a label of its own, and the BLAKE2b-256 digest of the unit as
/// it is encoded without its signature, position and proof included.
[[nodiscard]] Bytes signedPart(const record::PositionedUnit& unit);

/// For PositionedUnit::signature, once everything else in the unit is as it stays.
[[nodiscard]] record::Signature signUnit(const record::PositionedUnit& unit,
                                         const SigningKeys& keys);

}  // namespace tapport::receipt
