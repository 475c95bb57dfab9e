// SPDX-License-Identifier: GPL-3.0-or-later
// The tables in PostgreSQL, and how a database of an earlier version becomes one of this version.
#pragma once

#include "sync/hub/store/sql.h"

namespace tapport::hub {

/// One transaction for all steps; workers that start together wait for each other. A fresh database
/// gets a random hub epoch. Throws SqlError; InvalidConfig when it is from a later version.
[[nodiscard]] Result<> migratePg(SqlConnection& connection);

}  // namespace tapport::hub
