// SPDX-License-Identifier: GPL-3.0-or-later
// How the kiosk's store writes and reads columns; shared by its files. Private to them.
#pragma once

#include "firmware-app/store/database.h"
#include "sync/record/ids.h"

#include <sqlite3.h>

namespace tapport::store {

inline void bindBytes(SQLite::Statement& statement, int index, ByteView bytes) {
    statement.bind(index, bytes.data(), static_cast<int>(bytes.size()));
}

inline std::uint64_t unsignedOf(const SQLite::Column& column) {
    return static_cast<std::uint64_t>(column.getInt64());
}

/// Of a column that only this program writes: another length is damage.
template <typename Id>
Id idOf(const SQLite::Column& column) {
    const auto id = Id::from(blob(column));
    if (!id) {
        throw SQLite::Exception("an id in the database is damaged", SQLITE_CORRUPT);
    }
    return *id;
}

}  // namespace tapport::store
