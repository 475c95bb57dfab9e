// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/database.h"

#include "firmware-app/store/kiosk_store_sql.h"
#include "sync/seal/chain.h"

#include <array>

#include <fcntl.h>
#include <unistd.h>

namespace tapport::store {
namespace {

constexpr int kApplicationId = 0x54505254;  // "TPRT"

/// Step n brings a file from user_version n to n + 1. Steps are only ever added.
constexpr const char* kFirst = R"sql(
    CREATE TABLE meta (
        id       INTEGER PRIMARY KEY CHECK (id = 1),
        kiosk    TEXT NOT NULL,
        epoch    BLOB NOT NULL,
        last_seq INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE outbox (
        seq       INTEGER PRIMARY KEY,
        record_id BLOB NOT NULL UNIQUE,
        urgent    INTEGER NOT NULL,
        state     INTEGER NOT NULL,  -- 0 waiting, 1 received, 2 quarantined
        created   INTEGER NOT NULL,  -- wall clock, ms
        sealed    BLOB NOT NULL
    ) STRICT;
    CREATE INDEX outbox_state ON outbox (state, seq);
    CREATE INDEX outbox_urgent ON outbox (seq) WHERE state = 0 AND urgent = 1;
    CREATE TABLE vault (
        lookup BLOB PRIMARY KEY,
        sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kTries = R"sql(
    CREATE TABLE tries (
        what  TEXT PRIMARY KEY,
        count INTEGER NOT NULL CHECK (count >= 0),
        boot  BLOB NOT NULL,
        last  INTEGER NOT NULL  -- that boot's clock, ms
    ) STRICT, WITHOUT ROWID;
)sql";

/// Epochs got a table, rows a number across them and their link in the chain.
constexpr const char* kChain = R"sql(
    CREATE TABLE epoch (
        ordinal    INTEGER PRIMARY KEY,  -- the highest is current
        epoch      BLOB NOT NULL UNIQUE,
        base       INTEGER NOT NULL,  -- number of the last row of the epoch before
        last_seq   INTEGER NOT NULL,
        last_chain BLOB NOT NULL
    ) STRICT;
    INSERT INTO epoch SELECT 1, epoch, 0, last_seq, zeroblob(32) FROM meta;
    ALTER TABLE meta DROP COLUMN last_seq;
    ALTER TABLE meta DROP COLUMN epoch;
    ALTER TABLE outbox RENAME COLUMN seq TO number;
    ALTER TABLE outbox ADD COLUMN before BLOB NOT NULL DEFAULT x'';  -- chain value
)sql";

/// A file belongs to one event. Older ones do not say which: to that of who opens them first.
constexpr const char* kEvent = R"sql(
    ALTER TABLE meta ADD COLUMN event TEXT NOT NULL DEFAULT '';
)sql";

/// Whose acknowledgements the marks are. Older files do not say: the next hub says it all again.
constexpr const char* kHub = R"sql(
    ALTER TABLE meta ADD COLUMN hub BLOB NOT NULL DEFAULT x'';
)sql";

/// Until now nothing was ever pruned: the chain can be made from the first row on.
void linkRows(SQLite::Database& db) {
    SQLite::Statement own(db, "SELECT epoch FROM epoch");
    if (!own.executeStep()) {
        return;
    }
    const record::Epoch epoch = idOf<record::Epoch>(own.getColumn(0));
    own.reset();
    SQLite::Statement read(db, "SELECT number, record_id, sealed FROM outbox ORDER BY number");
    SQLite::Statement link(db, "UPDATE outbox SET before = ? WHERE number = ?");
    record::ChainHash chain = seal::kChainStart;
    while (read.executeStep()) {
        const auto number = read.getColumn(0).getInt64();
        // Before the row changes: what was read of it is valid no longer.
        const record::ChainHash after = seal::chainAfter(
            chain, epoch, static_cast<std::uint64_t>(number),
            idOf<record::RecordId>(read.getColumn(1)), seal::digestOf(blob(read.getColumn(2))));
        link.reset();
        bindBytes(link, 1, chain.view());
        link.bind(2, number);
        link.exec();
        chain = after;
    }
    SQLite::Statement last(db, "UPDATE epoch SET last_chain = ?");
    bindBytes(last, 1, chain.view());
    last.exec();
}

/// How rows stand with the hub became ranges of their numbers (standing.h); what has no row any
/// more was received and dropped.
constexpr const char* kStanding = R"sql(
    CREATE TABLE standing (
        state INTEGER NOT NULL,  -- 0 received, 1 quarantined, 2 dropped; in no range: waiting
        first INTEGER NOT NULL,
        last  INTEGER NOT NULL CHECK (last >= first),
        PRIMARY KEY (state, first)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO standing
        SELECT state - 1, min(number), max(number) FROM
            (SELECT state, number, number - row_number() OVER (PARTITION BY state ORDER BY number)
                 AS island FROM outbox WHERE state IN (1, 2))
        GROUP BY state, island;
    INSERT INTO standing
        SELECT 2, before + 1, number - 1 FROM
            (SELECT number, lag(number, 1, 0) OVER (ORDER BY number) AS before FROM
                (SELECT number FROM outbox UNION ALL
                 SELECT max(base + last_seq) + 1 FROM epoch HAVING count(*) > 0))
        WHERE number > before + 1;
    DROP INDEX outbox_state;
    DROP INDEX outbox_urgent;
    ALTER TABLE outbox DROP COLUMN state;
    CREATE INDEX outbox_urgent ON outbox (number) WHERE urgent = 1;
)sql";

struct Migration {
    const char* sql;
    void (*after)(SQLite::Database&);
};
constexpr std::array<Migration, 6> kMigrations{{{kFirst, nullptr},
                                                {kTries, nullptr},
                                                {kChain, linkRows},
                                                {kStanding, nullptr},
                                                {kEvent, nullptr},
                                                {kHub, nullptr}}};

int number(SQLite::Database& db, const char* pragma) {
    return db.execAndGet(pragma).getInt();
}

Result<> migrate(SQLite::Database& db) {
    const int version = number(db, "PRAGMA user_version");
    const int application = number(db, "PRAGMA application_id");
    const bool isNew = version == 0 && number(db, "SELECT count(*) FROM sqlite_schema") == 0;
    if (!isNew && application != kApplicationId) {
        return fail(Code::Conflict, "the file is another application's database");
    }
    if (version > static_cast<int>(kMigrations.size())) {
        return fail(Code::Conflict, "the database was written by a newer version of this program");
    }
    for (auto step = static_cast<std::size_t>(version); step < kMigrations.size(); ++step) {
        SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
        db.exec(kMigrations.at(step).sql);
        if (kMigrations.at(step).after != nullptr) {
            kMigrations.at(step).after(db);
        }
        db.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
        db.exec("PRAGMA user_version = " + std::to_string(step + 1));
        transaction.commit();
    }
    return {};
}

/// Whether both the log and then the database can take so much more. Pages that the log took and
/// the database cannot would keep the log from ever being used again: then nothing could be written
/// at all, on a disk with room for thousands of records.
bool hasRoomFor(const std::filesystem::path& file, std::size_t bytes) {
    constexpr std::size_t kMargin = 1024UL * 1024;
    std::error_code unknown;  // no file of the system's: a test's own VFS
    const auto space = std::filesystem::space(file, unknown);
    return unknown || space.available >= 2 * bytes + kMargin;
}

/// Tops the free pages up while there is room; a disk that is full already is no reason not to
/// open. The write-ahead log grows with it and stays that large (SQLITE_FCNTL_PERSIST_WAL).
void growReserve(SQLite::Database& db, const std::filesystem::path& file, std::size_t reserve) {
    const auto free = static_cast<std::size_t>(number(db, "PRAGMA freelist_count")) *
                      static_cast<std::size_t>(number(db, "PRAGMA page_size"));
    if (free >= reserve / 2 || !hasRoomFor(file, reserve - free)) {
        return;
    }
    try {
        SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
        db.exec("CREATE TABLE ballast (filler BLOB)");
        SQLite::Statement fill(db, "INSERT INTO ballast VALUES (zeroblob(?))");
        fill.bind(1, static_cast<std::int64_t>(reserve - free));
        fill.exec();
        db.exec("DROP TABLE ballast");
        transaction.commit();
        db.exec("PRAGMA wal_checkpoint(RESTART)");
    } catch (const SQLite::Exception& exception) {
        if (exception.getErrorCode() != SQLITE_FULL) {
            throw;
        }
    }
}

/// A new file's name is durable only once its directory is.
void syncDirectory(const std::filesystem::path& file) {
    const auto parent = file.has_parent_path() ? file.parent_path() : ".";
    const int directory = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        ::fsync(directory);
        ::close(directory);
    }
}

}  // namespace

const char* pragmaFor(Synchronous level) {
    return level == Synchronous::Full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
}

ByteView blob(const SQLite::Column& column) {
    return {static_cast<const std::uint8_t*>(column.getBlob()),
            static_cast<std::size_t>(column.getBytes())};
}

Error errorFrom(std::string_view what, const SQLite::Exception& exception) {
    const int code = exception.getErrorCode();
    const Code kind = code == SQLITE_FULL                            ? Code::StorageFull
                      : code == SQLITE_BUSY || code == SQLITE_LOCKED ? Code::Busy
                                                                     : Code::Storage;
    return Error{kind, exception.getErrorStr()}.in(what);
}

Result<SQLite::Database> openDatabase(const std::filesystem::path& file,
                                      const StorageOptions& options) {
    return guarded("open " + file.filename().string(), [&]() -> Result<SQLite::Database> {
        SQLite::Database db(file.string(),
                            SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, 0,
                            options.vfs);
        std::error_code ignored;  // a file system without modes is the operator's choice
        std::filesystem::permissions(
            file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
            ignored);
        // EXCLUSIVE before WAL: the index lives in memory, there is no -shm file and no second
        // connection (the WAL-reset race of SQLite 3.40 needs two).
        db.exec("PRAGMA locking_mode = EXCLUSIVE");
        db.exec("PRAGMA journal_mode = WAL");
        db.exec(pragmaFor(options.synchronous));
        int persist = 1;
        sqlite3_file_control(db.getHandle(), "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
        if (const auto migrated = migrate(db); !migrated) {
            return tl::unexpected(migrated.error().in("open " + file.filename().string()));
        }
        growReserve(db, file, options.reserve);
        // What a withdrawal destroys is overwritten, not only unlinked.
        db.exec("PRAGMA secure_delete = ON");
        syncDirectory(file);
        return db;
    });
}

}  // namespace tapport::store
