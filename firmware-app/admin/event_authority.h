// SPDX-License-Identifier: GPL-3.0-or-later
// The event's certificate authority as `tapport event init` keeps it: keys/ca.crt, keys/ca.key.
#pragma once

#include "sync/identity/authority.h"

#include <filesystem>

namespace tapport::admin {

/// InvalidConfig: a file is missing or not what it should be.
[[nodiscard]] Result<identity::Authority> loadAuthority(const std::filesystem::path& eventDir);

}  // namespace tapport::admin
