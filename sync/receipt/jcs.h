// SPDX-License-Identifier: GPL-3.0-or-later
// The JSON Canonicalization Scheme (RFC 8785): one text for one JSON value, so that it can be
// signed. Pure.
#pragma once

#include "sync/base/error.h"

#include <nlohmann/json_fwd.hpp>

namespace tapport::receipt {

/// InvalidInput unless `json` is I-JSON (RFC 7493) and at most kDeepest deep (json_text.h).
[[nodiscard]] Result<std::string> canonical(std::string_view json);
/// Of a value that was made here or read by parseProfile().
[[nodiscard]] std::string canonicalText(const nlohmann::json& value);

}  // namespace tapport::receipt
