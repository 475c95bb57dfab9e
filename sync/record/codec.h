// SPDX-License-Identifier: GPL-3.0-or-later
// Units as deterministic CBOR. The layout is in sync/wire/README.md, as CDDL. Pure.
#pragma once

#include "sync/base/error.h"
#include "sync/record/unit.h"

namespace tapport::record {

/// Version of the layout and of the receipt's words that a unit's proof signs (sync/receipt); the
/// first item of every encoded unit.
inline constexpr std::uint64_t kUnitSchema = 5;

[[nodiscard]] Bytes encode(const PositionedUnit& unit);
/// The same array without its last item, the kiosk's signature: what that one is over.
[[nodiscard]] Bytes encodeUnsigned(const PositionedUnit& unit);
/// InvalidInput for anything but exactly one well-formed unit of a known schema.
[[nodiscard]] Result<PositionedUnit> decodeUnit(ByteView bytes);

}  // namespace tapport::record
