// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of a hub's SQLite file: made for its owner only, checked before they are relied on, put in
// the place of a lost or damaged one.
#pragma once

#include "sync/base/error.h"

#include <filesystem>
#include <vector>

namespace tapport::hub {

/// An empty one, 0600. Conflict: there is one already. Storage: it cannot be made.
[[nodiscard]] Result<> makePrivateFile(const std::filesystem::path& file);
/// Its bytes and its name are on the disk.
[[nodiscard]] Result<> syncFile(const std::filesystem::path& file);

/// Reads all of it. InvalidInput: no database of a hub, or damaged.
[[nodiscard]] Result<> checkSqliteBackup(const std::filesystem::path& file);

/// `file` takes the place of `database`, whose files, if there are any, stay beside it under names
/// that end in `suffix`. No hub may be running.
[[nodiscard]] Result<> replaceSqliteFile(const std::filesystem::path& file,
                                         const std::filesystem::path& database,
                                         const std::string& suffix);

/// What that left beside `database` and is there still, oldest first; without logs. Nothing, when
/// the folder cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> replacedBeside(
    const std::filesystem::path& database);
inline constexpr const char* kReplacedSuffix = ".replaced-";  ///< and when

}  // namespace tapport::hub
