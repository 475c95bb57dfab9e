// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/downstream_store.h"

#include "firmware-app/store/kiosk_store_sql.h"
#include "sync/program/log.h"
#include "sync/vault/roster.h"
#include "sync/vault/withdrawn.h"

namespace tapport::store {
namespace {

/// Of another one everything is dropped and comes again: nothing is ever migrated.
constexpr int kSchema = 3;

constexpr const char* kTables = R"sql(
    CREATE TABLE state (
        id      INTEGER PRIMARY KEY CHECK (id = 1),
        event   TEXT NOT NULL,
        hub     BLOB NOT NULL,
        urgent  INTEGER NOT NULL,  -- versions in the two orders
        bulk    INTEGER NOT NULL,
        load    INTEGER NOT NULL,  -- how many hub epochs were told of
        whole   INTEGER NOT NULL   -- whether all of the last one's is here, and nothing else
    ) STRICT;
    CREATE TABLE item (
        kind    INTEGER NOT NULL,
        key     BLOB NOT NULL,
        payload BLOB NOT NULL,
        load    INTEGER NOT NULL,
        PRIMARY KEY (kind, key)
    ) STRICT;
)sql";

SQLite::Database openFile(const std::filesystem::path& file) {
    SQLite::Database db(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    // Before there is a log, which gets the file's mode.
    std::error_code ignored;  // as for the records' file
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
    db.exec("PRAGMA locking_mode = EXCLUSIVE");
    db.exec("PRAGMA journal_mode = WAL");
    // A power cut takes back the last chunks as a whole, and the hub is asked for them again.
    db.exec("PRAGMA synchronous = NORMAL");
    db.exec("PRAGMA secure_delete = ON");
    return db;
}

bool isOf(SQLite::Database& db, const record::EventId& event) {
    if (db.execAndGet("PRAGMA user_version").getInt() != kSchema) {
        return false;
    }
    SQLite::Statement find(db, "SELECT event FROM state");
    return find.executeStep() && find.getColumn(0).getString() == event.value;
}

void begin(SQLite::Database& db, const record::EventId& event) {
    SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
    db.exec("DROP TABLE IF EXISTS state; DROP TABLE IF EXISTS item");
    db.exec(kTables);
    db.exec("PRAGMA user_version = " + std::to_string(kSchema));
    SQLite::Statement insert(db, "INSERT INTO state VALUES (1, ?, zeroblob(8), 0, 0, 0, 1)");
    insert.bind(1, event.value);
    insert.exec();
    transaction.commit();
}

bool isDamage(const SQLite::Exception& exception) {
    return exception.getErrorCode() == SQLITE_CORRUPT || exception.getErrorCode() == SQLITE_NOTADB;
}

SQLite::Database openOrBegin(const std::filesystem::path& file, const record::EventId& event) {
    SQLite::Database db = openFile(file);
    if (!isOf(db, event)) {
        begin(db, event);
    }
    return db;
}

SQLite::Database openOrReplace(const std::filesystem::path& file, const record::EventId& event) {
    try {
        return openOrBegin(file, event);
    } catch (const SQLite::Exception& exception) {
        if (!isDamage(exception)) {
            throw;
        }
    }
    program::logWarning("{} is damaged; the hub is asked for all of it again",
                        file.filename().string());
    std::error_code ignored;  // opening again tells
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::filesystem::remove(file.string() + suffix, ignored);
    }
    return openOrBegin(file, event);
}

}  // namespace

Result<std::unique_ptr<DownstreamStore>> DownstreamStore::open(const std::filesystem::path& file,
                                                               const record::EventId& event) {
    return guarded("open " + file.filename().string(),
                   [&]() -> Result<std::unique_ptr<DownstreamStore>> {
                       auto db = openOrReplace(file, event);
                       return std::unique_ptr<DownstreamStore>(new DownstreamStore(std::move(db)));
                   });
}

template <typename Body>
auto DownstreamStore::heeded(std::string_view what, Body body) -> decltype(body()) {
    return guarded(what, [&] {
        try {
            return body();
        } catch (const SQLite::Exception& exception) {
            if (isDamage(exception)) {
                beginAnewNextTime();
            }
            throw;
        }
    });
}

void DownstreamStore::beginAnewNextTime() {
    try {
        db_.exec("PRAGMA user_version = 0");
    } catch (const SQLite::Exception&) {
        // Of the first page nothing could be read at the next start either, which says so.
    }
}

Result<wire::DownState> DownstreamStore::downState() {
    const std::lock_guard lock(mutex_);
    return heeded("read what the hub told",
                  [&]() -> Result<wire::DownState> { return readState(); });
}

Result<wire::DownState> DownstreamStore::apply(const wire::DownChunk& chunk) {
    const std::lock_guard lock(mutex_);
    return heeded("take a chunk", [&]() -> Result<wire::DownState> {
        SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
        const wire::DownState has = readState();
        const wire::DownState now = wire::after(chunk, has);
        if (!wire::follows(chunk, has)) {
            return now;
        }
        SQLite::Statement update(
            db_,
            "UPDATE state SET load = load + (hub <> ?1), whole = whole AND hub = ?1, hub = ?1, "
            "urgent = ?2, bulk = ?3");
        bindBytes(update, 1, now.hub.view());
        update.bind(2, static_cast<std::int64_t>(now.version.urgent));
        update.bind(3, static_cast<std::int64_t>(now.version.bulk));
        update.exec();
        for (const wire::DownItem& item : chunk.items) {
            write(item);
        }
        if (chunk.rest == wire::Rest::None && !readWhole()) {
            db_.exec("DELETE FROM item WHERE load <> (SELECT load FROM state)");
            db_.exec("UPDATE state SET whole = 1");
        }
        transaction.commit();
        return now;
    });
}

Result<bool> DownstreamStore::isWhole() {
    const std::lock_guard lock(mutex_);
    return heeded("read what the hub told", [&]() -> Result<bool> { return readWhole(); });
}

Result<Told> DownstreamStore::find(const record::VaultAccess& access) {
    const std::lock_guard lock(mutex_);
    return heeded("look up what the hub told", [&]() -> Result<Told> {
        Told told;
        told.version = readState().version.urgent;
        if (auto sealed = read(wire::ItemKind::Vault, access.lookup.view())) {
            auto entry = vault::open({access.lookup, std::move(*sealed)}, access.key);
            if (!entry) {
                return tl::unexpected(entry.error());
            }
            told.entry = std::move(*entry);
        }
        if (auto plain = read(wire::ItemKind::Vault, vault::withdrawnKey(access.lookup))) {
            auto withdrawn = vault::decodeWithdrawn(*plain);
            if (!withdrawn) {
                return tl::unexpected(withdrawn.error());
            }
            told.withdrawn = std::move(*withdrawn);
        }
        if (auto sealed = read(wire::ItemKind::Roster, access.lookup.view())) {
            auto contact = vault::openRoster({access.lookup, std::move(*sealed)}, access.key);
            if (!contact) {
                return tl::unexpected(contact.error());
            }
            told.contact = std::move(*contact);
        }
        return told;
    });
}

Result<std::optional<std::string>> DownstreamStore::eventFile() {
    using Found = std::optional<std::string>;
    const std::lock_guard lock(mutex_);
    return heeded("read the event file", [&]() -> Result<Found> {
        SQLite::Statement find(db_, "SELECT key, payload FROM item WHERE kind = ? ORDER BY key");
        find.bind(1, static_cast<int>(wire::ItemKind::EventPart));
        std::string file;
        std::optional<wire::EventPart> first;
        std::uint8_t next = 0;
        while (find.executeStep()) {
            const ByteView key = blob(find.getColumn(0));
            const auto part = wire::decodeEventPart(blob(find.getColumn(1)));
            if (!part) {
                return tl::unexpected(part.error());
            }
            first = first.value_or(*part);
            // Between two chunks the parts may be those of two editions.
            if (key.size() != 1 || key[0] != next || part->edition != first->edition) {
                return Found{};
            }
            ++next;
            file += textOf(part->bytes);
        }
        return first && next == first->parts ? Found(std::move(file)) : Found{};
    });
}

Result<std::optional<Bytes>> DownstreamStore::command(std::string_view name) {
    const std::lock_guard lock(mutex_);
    return heeded("read commands", [&]() -> Result<std::optional<Bytes>> {
        return read(wire::ItemKind::Command, viewOf(name));
    });
}

wire::DownState DownstreamStore::readState() {
    SQLite::Statement find(db_, "SELECT hub, urgent, bulk FROM state");
    find.executeStep();
    return {idOf<wire::HubEpoch>(find.getColumn(0)),
            {unsignedOf(find.getColumn(1)), unsignedOf(find.getColumn(2))}};
}

bool DownstreamStore::readWhole() {
    return db_.execAndGet("SELECT whole FROM state").getInt() != 0;
}

std::optional<Bytes> DownstreamStore::read(wire::ItemKind kind, ByteView key) {
    SQLite::Statement find(db_, "SELECT payload FROM item WHERE kind = ? AND key = ?");
    find.bind(1, static_cast<int>(kind));
    bindBytes(find, 2, key);
    return find.executeStep() ? std::optional(toBytes(blob(find.getColumn(0)))) : std::nullopt;
}

void DownstreamStore::write(const wire::DownItem& item) {
    if (!item.payload) {
        SQLite::Statement remove(db_, "DELETE FROM item WHERE kind = ? AND key = ?");
        remove.bind(1, static_cast<int>(item.kind));
        bindBytes(remove, 2, item.key);
        remove.exec();
        return;
    }
    SQLite::Statement insert(db_, "INSERT OR REPLACE INTO item SELECT ?, ?, ?, load FROM state");
    insert.bind(1, static_cast<int>(item.kind));
    bindBytes(insert, 2, item.key);
    bindBytes(insert, 3, *item.payload);
    insert.exec();
}

}  // namespace tapport::store
