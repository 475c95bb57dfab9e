// SPDX-License-Identifier: GPL-3.0-or-later
// Tapport's programs lie beside one another, wherever that is.
#pragma once

#include <filesystem>
#include <string_view>

namespace tapport::admin {

[[nodiscard]] std::filesystem::path siblingProgram(std::string_view name);

}  // namespace tapport::admin
