// SPDX-License-Identifier: GPL-3.0-or-later
// Reads JSON without the leniency of nlohmann's parser, which keeps the last of two equal keys
// silently. Internal to sync/receipt. Pure. No error quotes what was read.
#pragma once

#include "sync/base/error.h"

#include <nlohmann/json.hpp>

namespace tapport::receipt {

using Json = nlohmann::json;

enum class Strictness : std::uint8_t {
    IJson,    ///< RFC 7493: no key twice in one object, well-formed Unicode
    Profile,  ///< besides: integers within +-(2^53 - 1) only, keys in ASCII
};

/// InvalidInput names the first rule that is broken. Nesting deeper than kDeepest is one.
inline constexpr int kDeepest = 32;
[[nodiscard]] Result<Json> readJson(std::string_view text, Strictness strictness);

}  // namespace tapport::receipt
