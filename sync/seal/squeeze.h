// SPDX-License-Identifier: GPL-3.0-or-later
// Makes what goes into a seal smaller: a Zstandard frame (RFC 8878) made with a dictionary that
// both ends have. What it looks like, and what its size may tell: README.md. Any thread.
#pragma once

#include "sync/base/error.h"
#include "sync/seal/secret.h"

namespace tapport::seal {

/// The most that a frame may hold; with more it is refused before anything is allocated.
inline constexpr std::size_t kMostExpanded = 262144;

/// A frame that names its dictionary and what it expands to. Not always smaller. `plain` has at
/// most kMostExpanded bytes.
[[nodiscard]] Secret squeeze(ByteView plain);

/// By its first four bytes, with which no encoded unit begins.
[[nodiscard]] bool isSqueezed(ByteView bytes);

/// InvalidInput: no whole frame, anything behind it, a dictionary that this build does not have,
/// or more than kMostExpanded.
[[nodiscard]] Result<Secret> expand(ByteView frame);

/// The one that squeeze() works with, made for the present unit schema.
inline constexpr std::uint32_t kDictionary = 3;
/// What both ends have, as zstd's own tools take it; nothing for a number that this build does not
/// know. The number stands in it and in each frame.
[[nodiscard]] ByteView dictionary(std::uint32_t number = kDictionary);

}  // namespace tapport::seal
