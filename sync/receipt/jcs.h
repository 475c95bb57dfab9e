// SPDX-License-Identifier: GPL-3.0-or-later
// The JSON Canonicalization Scheme (RFC 8785): one text for one JSON value, so that it can be
// signed. What may be signed at all is the profile's business (profile.h). Pure.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace tapport::receipt {

/// Of a value that was made here or parsed: its text is well-formed Unicode, its numbers finite.
[[nodiscard]] std::string canonicalText(const nlohmann::json& value);

}  // namespace tapport::receipt
