// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the verifier page's own scripts in the browser, without the page.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace tapport::journey {

/// `expression` over these files of packaging/verifier, with `given` at hand; its value, or what it
/// promises, as JSON. Null when it throws.
[[nodiscard]] nlohmann::json evaluate(const std::vector<std::string>& files,
                                      const std::string& expression, const nlohmann::json& given);

}  // namespace tapport::journey
