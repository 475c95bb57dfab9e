// SPDX-License-Identifier: GPL-3.0-or-later
// The tables, and how a file of an earlier version becomes one of this version.
#pragma once

#include "sync/base/error.h"

namespace SQLite {
class Database;
}

namespace tapport::hub {

/// One transaction a step, `user_version` counts them. A fresh file gets a random hub epoch.
/// Throws SQLite::Exception; InvalidConfig when the file is not ours or from a later version.
[[nodiscard]] Result<> migrate(SQLite::Database& database);

/// Whether this program made it, in whatever version. Throws SQLite::Exception.
[[nodiscard]] bool isHubDatabase(SQLite::Database& database);

/// Spans of what follows from each sequence's first record without a gap. Kiosks have kept
/// everything so far: the rest counts as missing, and comes again with its links.
void linkUnits(SQLite::Database& database);

}  // namespace tapport::hub
