// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's store in one SQLite file: WAL, synchronous=FULL, one connection that holds the file
// exclusively (Debian 12's 3.40.1 has the WAL-reset race, which needs two). Schema: README.md.
#pragma once

#include "sync/hub/store/store.h"

#include <filesystem>
#include <memory>

namespace tapport::hub {

/// Opens or makes the file and migrates it. Busy: another process has it open. InvalidConfig: not
/// a hub's database, made by a later version, or with another suppression key. Storage: it cannot
/// be opened or is damaged.
[[nodiscard]] Result<std::unique_ptr<Store>> openSqliteStore(const std::filesystem::path& file,
                                                             Scope scope,
                                                             const ledger::SuppressionKey& key);

}  // namespace tapport::hub
