// SPDX-License-Identifier: GPL-3.0-or-later
// Whose the kiosk's database is. Its records are sealed to one event's key: at another event's hub
// nobody could ever open them, and the kiosk would drop them as delivered.
#pragma once

#include "firmware-app/store/database.h"
#include "sync/record/ids.h"

namespace tapport::store {

/// Conflict, with what waits and what to do, when the database is another kiosk's or another
/// event's. A file of a schema that named no event, and was not opened since, is anybody's event's.
[[nodiscard]] Result<> checkOwner(SQLite::Database& db, const record::KioskId& kiosk,
                                  const record::EventId& event);

/// The same of a file, which need not be there. Other errors as openDatabase(); an older file is
/// migrated.
[[nodiscard]] Result<> checkOwnerOf(const std::filesystem::path& file, const record::KioskId& kiosk,
                                    const record::EventId& event);

}  // namespace tapport::store
