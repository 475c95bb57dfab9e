// SPDX-License-Identifier: GPL-3.0-or-later
// The chain through a kiosk's records: one value stands for everything recorded in an epoch up to a
// position. Kiosk and hub compute it alike; equal values at a position mean equal records up to it.
#pragma once

#include "sync/seal/seal.h"

namespace tapport::seal {

/// The value before the first record of an epoch that began with a new database.
inline constexpr record::ChainHash kChainStart{};

/// BLAKE2b-256 over before, epoch, seq (8 bytes, big-endian), id and digest of the sealed bytes.
[[nodiscard]] record::ChainHash chainAfter(const record::ChainHash& before,
                                           const record::Epoch& epoch, std::uint64_t seq,
                                           const record::RecordId& id, const Digest& sealed);

/// The value before the first record of an epoch that leaves another one: BLAKE2b-256 over that
/// epoch, the last seq given out in it (8 bytes, big-endian) and its chain value.
[[nodiscard]] record::ChainHash chainOfFork(const record::Epoch& left, std::uint64_t last,
                                            const record::ChainHash& chain);

}  // namespace tapport::seal
