// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's store in PostgreSQL 15: the same tables and the same statements as in SQLite; what
// arrives goes in by unnest(). A commit waits for the server's disk (synchronous_commit). Several
// workers may use one database: leases.h.
#pragma once

#include "sync/hub/store/leases.h"

#include <memory>

namespace tapport::hub {

/// InvalidConfig: no such URL, or it holds a password. The text repeats nothing of it.
[[nodiscard]] Result<> checkPgUrl(const std::string& url);

/// Connects and migrates. InvalidConfig: made by a later version, or with another suppression key.
/// Storage: it cannot be reached. With a worker, take() is refused (Busy) for kiosks whose shard it
/// does not hold, and waiting() gives its own share; without one, nothing is checked.
[[nodiscard]] Result<std::unique_ptr<Store>> openPgStore(const std::string& url, Scope scope,
                                                         const ledger::SuppressionKey& key,
                                                         std::optional<Worker> worker);

}  // namespace tapport::hub
