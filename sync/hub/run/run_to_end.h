// SPDX-License-Identifier: GPL-3.0-or-later
// Programs that the hub has others do its work with: a broker's reload, pg_dump.
#pragma once

#include "sync/base/error.h"

#include <chrono>
#include <optional>
#include <vector>

namespace tapport::hub {

/// Found in PATH, run without a shell, waited for; killed after `patience`, with what it started;
/// without one it may take as long as it likes. NotFound: it cannot be started. Internal: it ended
/// with an error, which it said itself on stderr, or was killed.
[[nodiscard]] Result<> runToEnd(std::vector<std::string> command,
                                std::optional<std::chrono::milliseconds> patience = {});

}  // namespace tapport::hub
