// SPDX-License-Identifier: GPL-3.0-or-later
// Withdrawals that were made away from the badge, such as on the attendee's page: nobody there has
// the badge's key, so kiosks are told of them in the clear. They name nobody: what was taken back,
// when, and the events that it knew. Pure.
#pragma once

#include "sync/base/error.h"
#include "sync/record/unit.h"

namespace tapport::vault {

/// Version of the layout; the first item. The rest, an array: of each withdrawal id, purpose,
/// channel, time, end of its proof and causes (sync/wire/README.md).
inline constexpr std::uint64_t kWithdrawnSchema = 1;
inline constexpr std::size_t kMostWithdrawn = 48;

/// Where kiosks are told of them, beside the badge's entry: its lookup and one byte.
[[nodiscard]] Bytes withdrawnKey(const record::VaultLookup& lookup);

/// Of each what a kiosk must know to let a yes fall, and of many the last kMostWithdrawn, or fewer
/// when these are more than `mostBytes`. All of state Withdrawn.
[[nodiscard]] Bytes encodeWithdrawn(const std::vector<record::ConsentEvent>& withdrawals,
                                    std::size_t mostBytes);
/// As decisions for merge(): by the subject, through the receipt's link, without notice or
/// evidence. InvalidInput: of another schema, or damaged.
[[nodiscard]] Result<std::vector<record::ConsentEvent>> decodeWithdrawn(ByteView bytes);

}  // namespace tapport::vault
