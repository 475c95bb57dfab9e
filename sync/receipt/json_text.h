// SPDX-License-Identifier: GPL-3.0-or-later
// Reads JSON without the leniency of nlohmann's parser, which keeps the last of two equal keys
// silently. Internal to sync/receipt. Pure. No error quotes what was read.
#pragma once

#include "sync/base/error.h"

#include <nlohmann/json.hpp>

namespace tapport::receipt {

using Json = nlohmann::json;

/// I-JSON (RFC 7493: no key twice in one object, well-formed Unicode) with integers within
/// +-(2^53 - 1) only, keys in ASCII, and nesting of at most kDeepest. InvalidInput names the first
/// rule that is broken.
inline constexpr int kDeepest = 32;
[[nodiscard]] Result<Json> readJson(std::string_view text);

}  // namespace tapport::receipt
