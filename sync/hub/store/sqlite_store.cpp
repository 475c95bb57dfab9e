// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/store/sqlite_store.h"

#include "sync/hub/store/sql_store.h"
#include "sync/hub/store/sqlite_backup.h"
#include "sync/hub/store/sqlite_schema.h"

#include <map>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

namespace tapport::hub {
namespace {

SqlError errorFrom(const SQLite::Exception& thrown) {
    const int primary = thrown.getErrorCode() & 0xFF;
    Code code = Code::Storage;
    if (primary == SQLITE_FULL) {
        code = Code::StorageFull;
    } else if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) {
        code = Code::Busy;
    } else if (primary == SQLITE_NOTADB) {
        code = Code::InvalidConfig;
    }
    // SQLite's own texts name tables and columns, never values.
    return {code, primary == SQLITE_CONSTRAINT ? SqlError::Kind::Content : SqlError::Kind::Other,
            thrown.what()};
}

/// Runs `body` and makes SqlErrors of SQLite's.
template <typename Body>
auto translated(Body body) -> decltype(body()) {
    try {
        return body();
    } catch (const SQLite::Exception& thrown) {
        throw errorFrom(thrown);
    }
}

void bindAll(SQLite::Statement& statement, std::span<const SqlValue> values) {
    int at = 0;
    for (const SqlValue& value : values) {
        ++at;
        if (value.isNull) {
            statement.bind(at);
        } else if (value.type == SqlValue::Type::Integer) {
            statement.bind(at, value.integer);
        } else if (value.type == SqlValue::Type::Text) {
            statement.bind(at, std::string(textOf(value.bytes)));
        } else {
            // An empty view binds a zero-length blob, not NULL.
            statement.bindNoCopy(
                at, value.bytes.empty() ? "" : static_cast<const void*>(value.bytes.data()),
                static_cast<int>(value.bytes.size()));
        }
    }
}

/// A cached statement in use; reset when it goes out of scope.
class SqliteRows final : public SqlRows {
  public:
    SqliteRows(SQLite::Statement& statement, std::span<const SqlValue> values)
        : statement_(statement) {
        translated([&] { bindAll(statement_, values); });
    }
    ~SqliteRows() override {
        statement_.tryReset();
        statement_.clearBindings();
    }
    SqliteRows(const SqliteRows&) = delete;
    SqliteRows& operator=(const SqliteRows&) = delete;

    bool step() override {
        return translated([&] { return statement_.executeStep(); });
    }
    int change() {
        return translated([&] { return statement_.exec(); });
    }
    bool isNull(int column) override { return statement_.getColumn(column).isNull(); }
    std::int64_t integer(int column) override { return statement_.getColumn(column).getInt64(); }
    ByteView bytes(int column) override {
        const SQLite::Column value = statement_.getColumn(column);
        return {static_cast<const std::uint8_t*>(value.getBlob()),
                static_cast<std::size_t>(value.getBytes())};
    }

  private:
    SQLite::Statement& statement_;
};

class SqliteConnection final : public SqlConnection {
  public:
    explicit SqliteConnection(std::unique_ptr<SQLite::Database> database)
        : database_(std::move(database)) {}

    std::unique_ptr<SqlRows> rows(const char* sql, std::span<const SqlValue> values) override {
        return std::make_unique<SqliteRows>(prepared(sql), values);
    }
    int change(const char* sql, std::span<const SqlValue> values) override {
        return SqliteRows(prepared(sql), values).change();
    }
    void execute(const char* sql) override {
        translated([&] { database_->exec(sql); });
    }

  private:
    SQLite::Statement& prepared(const char* sql) {
        const auto found = statements_.find(sql);
        if (found != statements_.end()) {
            return found->second;
        }
        return translated([&]() -> SQLite::Statement& {
            return statements_
                .emplace(std::piecewise_construct, std::forward_as_tuple(sql),
                         std::forward_as_tuple(*database_, sql))
                .first->second;
        });
    }

    std::unique_ptr<SQLite::Database> database_;
    std::map<std::string_view, SQLite::Statement> statements_;
};

class SqliteStore final : public SqlStore {
  public:
    using SqlStore::SqlStore;
    Result<> copyTo(const std::filesystem::path& file) override;
    Result<CarriedOver> carryOver(const std::filesystem::path& replaced,
                                  record::WallTime at) override;

  private:
    std::vector<Verdict> takeArrivals(std::span<const Arrival> arrivals,
                                      record::WallTime receivedAt, bool mayBeOccupied) override {
        std::vector<Verdict> verdicts;
        verdicts.reserve(arrivals.size());
        for (const Arrival& arrival : arrivals) {
            verdicts.push_back(takeOne(arrival, receivedAt, mayBeOccupied));
        }
        return verdicts;
    }
    Verdict takeOne(const Arrival& arrival, record::WallTime receivedAt, bool mayBeOccupied);
    /// Erased rows stand in the write-ahead log until it is emptied.
    void destroyDeleted() override { connection().execute("PRAGMA wal_checkpoint(TRUNCATE)"); }
};

Verdict SqliteStore::takeOne(const Arrival& arrival, record::WallTime receivedAt,
                             bool mayBeOccupied) {
    const auto& [kiosk, epoch, seq] = arrival.position;
    // Before the insert, so that the record does not meet itself.
    const bool isOccupied =
        mayBeOccupied &&
        query(
            "SELECT 1 FROM sealed_unit WHERE tenant_id = ?1 AND event_id = ?2 AND kiosk = ?3 "
            "AND epoch = ?4 AND seq = ?5 AND unit_id <> ?6",
            kiosk, epoch, seq, arrival.id)
            .step();
    const int inserted =
        query(
            "INSERT INTO sealed_unit (tenant_id, event_id, unit_id, kiosk, epoch, "
            "seq, digest, sealed, received_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
            "?8, ?9) ON CONFLICT (tenant_id, event_id, unit_id) DO NOTHING",
            arrival.id, kiosk, epoch, seq, arrival.digest, arrival.sealed, receivedAt)
            .change();
    if (inserted == 0) {
        const bool isSame = query(
                                "SELECT 1 FROM sealed_unit WHERE tenant_id = ?1 AND event_id = ?2 "
                                "AND unit_id = ?3 AND digest = ?4",
                                arrival.id, arrival.digest)
                                .step();
        if (isSame) {
            return Verdict::Duplicate;
        }
        quarantineConflict(arrival, receivedAt);
        return Verdict::Conflict;
    }
    if (isOccupied) {
        noteFork(arrival.id, receivedAt);
        return Verdict::Forked;
    }
    return Verdict::Stored;
}

/// Another file's tables, under the schema `replaced`.
class Attached {
  public:
    Attached(SqlConnection& connection, const std::filesystem::path& file)
        : connection_(connection) {
        Query(connection, "ATTACH ?1 AS replaced", file.string()).run();
    }
    ~Attached() { SqlTransaction::undo(&connection_, "DETACH replaced"); }
    Attached(const Attached&) = delete;
    Attached& operator=(const Attached&) = delete;

    /// Of the same schema, and of the same suppression key.
    [[nodiscard]] bool isAkin() {
        Query theirs(connection_, "PRAGMA replaced.user_version");
        Query own(connection_, "PRAGMA main.user_version");
        return theirs.step() && own.step() && theirs.integer(0) == own.integer(0) &&
               Query(connection_,
                     "SELECT 1 FROM main.hub m JOIN replaced.hub r ON m.suppression_key = "
                     "r.suppression_key")
                   .step();
    }

  private:
    SqlConnection& connection_;
};

Result<CarriedOver> SqliteStore::carryOver(const std::filesystem::path& replaced,
                                           record::WallTime at) {
    std::error_code failed;
    if (!std::filesystem::exists(replaced, failed)) {
        return fail(Code::NotFound, replaced.string() + ": is not there");
    }
    return guarded("carry over", [&]() -> Result<CarriedOver> {
        Attached other(connection(), replaced);
        if (!other.isAkin()) {
            return fail(Code::InvalidConfig,
                        replaced.string() + ": of another schema or suppression key");
        }
        return carry(at);
    });
}

Result<> SqliteStore::copyTo(const std::filesystem::path& file) {
    if (const auto made = makePrivateFile(file); !made) {
        return made;
    }
    return guarded("copy the database", [&]() -> Result<> {
        Query(connection(), "VACUUM INTO ?1", file.string()).run();
        return syncFile(file);
    });
}

}  // namespace

Result<std::unique_ptr<Store>> openSqliteStore(const std::filesystem::path& file, Scope scope,
                                               const ledger::SuppressionKey& key) {
    return guarded("open the hub's database", [&]() -> Result<std::unique_ptr<Store>> {
        return translated([&]() -> Result<std::unique_ptr<Store>> {
            // One thread at a time (Store's contract): SQLite need not lock at every call.
            auto database = std::make_unique<SQLite::Database>(
                file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
            // EXCLUSIVE before WAL: then there is no shared-memory file at all.
            database->exec("PRAGMA locking_mode = EXCLUSIVE");
            database->exec("PRAGMA journal_mode = WAL");
            database->exec("PRAGMA synchronous = FULL");
            // Pages: 128 MiB of log. What a drain writes again and again goes to the file once,
            // and a backlog is acknowledged before it is copied there.
            database->exec("PRAGMA wal_autocheckpoint = 32768");
            database->exec("PRAGMA foreign_keys = ON");
            // What a savepoint would undo is kept in memory: no readable page in a temporary file.
            database->exec("PRAGMA temp_store = MEMORY");
            database->exec("PRAGMA cache_size = -16384");  // KiB
            // What is erased is overwritten, not only unlinked.
            database->exec("PRAGMA secure_delete = ON");
            if (auto migrated = migrate(*database); !migrated) {
                return tl::unexpected(migrated.error());
            }
            auto connection = std::make_unique<SqliteConnection>(std::move(database));
            if (auto checked = checkSuppressionKey(*connection, key); !checked) {
                return tl::unexpected(checked.error());
            }
            return std::make_unique<SqliteStore>(std::move(connection), std::move(scope), key);
        });
    });
}

}  // namespace tapport::hub
