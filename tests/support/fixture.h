// SPDX-License-Identifier: GPL-3.0-or-later
// Files of this checkout that tests read.
#pragma once

#include <string>

namespace tapport::support {

/// Path of a file below tests/fixtures.
[[nodiscard]] std::string fixture(const std::string& name);

}  // namespace tapport::support
