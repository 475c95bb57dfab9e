// SPDX-License-Identifier: GPL-3.0-or-later
// What JSON may be inside anything that is signed here, apart from the canonicaliser: narrow enough
// that every reader in every language sees the same thing. Pure.
#pragma once

#include "sync/base/error.h"

#include <nlohmann/json_fwd.hpp>

namespace tapport::receipt {

/// InvalidInput for floats, integers beyond 2^53 - 1, keys that are not ASCII or stand twice,
/// malformed Unicode, a byte order mark, trailing data, nesting deeper than 32, and anything above
/// kMostProfile bytes.
inline constexpr std::size_t kMostProfile = 1024UL * 1024;
[[nodiscard]] Result<nlohmann::json> parseProfile(std::string_view json);
/// As above, and InvalidInput unless it is written in its canonical form (jcs.h): what a signature
/// covers has one spelling only.
[[nodiscard]] Result<nlohmann::json> parseCanonical(std::string_view json);

}  // namespace tapport::receipt
