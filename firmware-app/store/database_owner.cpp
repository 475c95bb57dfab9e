// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/database_owner.h"

#include <fmt/core.h>

namespace tapport::store {

Result<> checkOwner(SQLite::Database& db, const record::KioskId& kiosk,
                    const record::EventId& event) {
    SQLite::Statement read(db, "SELECT kiosk, event FROM meta");
    if (!read.executeStep()) {
        return {};
    }
    const std::string itsKiosk = read.getColumn(0).getString();
    const std::string itsEvent = read.getColumn(1).getString();
    if (itsKiosk != kiosk.value) {
        return fail(Code::Conflict,
                    "the database is that of kiosk " + itsKiosk + ", not of " + kiosk.value);
    }
    if (itsEvent.empty() || itsEvent == event.value) {
        return {};
    }
    constexpr const char* kAll = "SELECT count(*) FROM outbox";
    constexpr const char* kSettled =
        "SELECT count(*) FROM outbox WHERE EXISTS "
        "(SELECT 1 FROM standing WHERE outbox.number BETWEEN first AND last)";
    const std::int64_t settled = db.execAndGet(kSettled).getInt64();
    return fail(
        Code::Conflict,
        fmt::format("the database is of event {0}, not of {1}: {2} records wait for the hub of "
                    "{0}, which may ask for {3} more again. Let them arrive there, or read them in "
                    "with `tapport-hub recover` there; for {1} name a new data folder ('data' in "
                    "kiosk.toml)",
                    itsEvent, event.value, db.execAndGet(kAll).getInt64() - settled, settled));
}

Result<> checkOwnerOf(const std::filesystem::path& file, const record::KioskId& kiosk,
                      const record::EventId& event) {
    std::error_code unknown;
    if (!std::filesystem::exists(file, unknown)) {
        return {};
    }
    StorageOptions asItIs;
    asItIs.reserve = 0;
    return openDatabase(file, asItIs).and_then([&](SQLite::Database db) {
        return guarded("read " + file.string(), [&] { return checkOwner(db, kiosk, event); });
    });
}

}  // namespace tapport::store
