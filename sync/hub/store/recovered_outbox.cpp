// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/store/recovered_outbox.h"

#include "sync/seal/chain.h"
#include "sync/wire/messages.h"

#include <array>
#include <cstdlib>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

namespace tapport::hub {
namespace {

namespace fs = std::filesystem;

constexpr int kKioskDatabase = 0x54505254;  // "TPRT"

// Seq is dense within an epoch; from schema 3 rows are numbered across epochs and linked.
constexpr const char* kReadSeqs =
    "SELECT seq, record_id, sealed, (SELECT epoch FROM meta), seq, NULL FROM outbox "
    "WHERE seq > ? ORDER BY seq LIMIT ?";
constexpr const char* kReadNumbers =
    "SELECT outbox.number, record_id, sealed, epoch.epoch, outbox.number - epoch.base, before "
    "FROM outbox JOIN epoch ON outbox.number > epoch.base AND "
    "outbox.number <= epoch.base + epoch.last_seq "
    "WHERE outbox.number > ? ORDER BY outbox.number LIMIT ?";
constexpr std::array<const char*, 6> kReadRows{kReadSeqs,    kReadSeqs,    kReadNumbers,
                                               kReadNumbers, kReadNumbers, kReadNumbers};
constexpr int kNamesItsEvent = 5;  // schema

/// True when it is there. InvalidInput: it is no file of the disk's own. Nobody knows who wrote
/// that disk, and a link may lead to anything of this machine's.
Result<bool> isOwnFile(const fs::path& file) {
    std::error_code failed;
    const fs::file_status status = fs::symlink_status(file, failed);
    if (status.type() == fs::file_type::not_found) {
        return false;
    }
    if (status.type() == fs::file_type::none) {
        return fail(Code::Storage, file.string() + ": " + failed.message());
    }
    return status.type() == fs::file_type::regular
               ? Result<bool>(true)
               : fail(Code::InvalidInput, file.string() + " is no file");
}

/// Nobody knows who wrote this database either: nothing in its schema runs, and no value, computed
/// ones included, fills the memory.
void distrust(sqlite3* database) {
    constexpr int kMostValueBytes = 4 * int{wire::kMostSealedBytes};
    constexpr std::array<std::pair<int, int>, 4> kSettings{{{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                                            {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                                            {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                                            {SQLITE_DBCONFIG_ENABLE_VIEW, 0}}};
    for (const auto& [setting, value] : kSettings) {
        sqlite3_db_config(database, setting, value, nullptr);
    }
    sqlite3_drop_modules(database, nullptr);  // behind which a table is code
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, kMostValueBytes);
}

ByteView blobOf(const SQLite::Column& column) {
    return {static_cast<const std::uint8_t*>(column.getBlob()),
            static_cast<std::size_t>(column.getBytes())};
}

}  // namespace

struct RecoveredOutbox::Copy {
    fs::path folder;
    std::unique_ptr<SQLite::Database> database;
    std::size_t schema = 0;
    record::KioskId kiosk;
    std::optional<record::EventId> event;
    std::int64_t after = 0;
    record::ChainHash chain = seal::kChainStart;  ///< where rows do not have it themselves

    Copy() = default;
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    ~Copy() {
        database.reset();
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }

    Result<> take(const fs::path& original) {
        const fs::path log = original.string() + "-wal";
        const auto isThere = isOwnFile(original);
        const auto hasLog = isOwnFile(log);
        if (!isThere || !hasLog) {
            return tl::unexpected((isThere ? hasLog : isThere).error());
        }
        if (!*isThere) {
            return fail(Code::NotFound, original.string() + " is not there");
        }
        std::error_code failed;
        std::string made = (fs::temp_directory_path(failed) / "tapport-recover.XXXXXX").string();
        if (failed || ::mkdtemp(made.data()) == nullptr) {
            return fail(Code::Storage, made + ": cannot be made");
        }
        folder = made;
        fs::copy_file(original, folder / "kiosk.db", failed);
        if (!failed && *hasLog) {
            fs::copy_file(log, folder / "kiosk.db-wal", failed);
        }
        return failed ? fail(Code::Storage, original.string() + ": " + failed.message())
                      : Result<>{};
    }

    void open() {
        database = std::make_unique<SQLite::Database>((folder / "kiosk.db").string(),
                                                      SQLite::OPEN_READWRITE);
        distrust(database->getHandle());
        // Alone with the copy: the log is read without shared memory.
        database->exec("PRAGMA locking_mode = EXCLUSIVE");
    }
};

RecoveredOutbox::RecoveredOutbox(std::unique_ptr<Copy> copy) : copy_(std::move(copy)) {}
RecoveredOutbox::RecoveredOutbox(RecoveredOutbox&&) noexcept = default;
RecoveredOutbox& RecoveredOutbox::operator=(RecoveredOutbox&&) noexcept = default;
RecoveredOutbox::~RecoveredOutbox() = default;

const record::KioskId& RecoveredOutbox::kiosk() const {
    return copy_->kiosk;
}

const std::optional<record::EventId>& RecoveredOutbox::event() const {
    return copy_->event;
}

Result<RecoveredOutbox> RecoveredOutbox::open(const fs::path& database) {
    auto copy = std::make_unique<Copy>();
    if (const auto taken = copy->take(database); !taken) {
        return tl::unexpected(taken.error());
    }
    try {
        copy->open();
        SQLite::Database& db = *copy->database;
        const int schema = db.execAndGet("PRAGMA user_version").getInt();
        if (db.execAndGet("PRAGMA application_id").getInt() != kKioskDatabase || schema < 1 ||
            schema > static_cast<int>(kReadRows.size())) {
            return fail(Code::InvalidInput,
                        database.string() + " is no kiosk's database that this program knows");
        }
        copy->schema = static_cast<std::size_t>(schema);
        copy->kiosk.value = db.execAndGet("SELECT kiosk FROM meta").getString();
        const record::EventId event{
            schema < kNamesItsEvent ? "" : db.execAndGet("SELECT event FROM meta").getString()};
        if (!event.value.empty()) {
            copy->event = event;
        }
    } catch (const SQLite::Exception& error) {
        return fail(Code::InvalidInput, database.string() + ": " + error.what());
    }
    if (!record::isName(copy->kiosk.value)) {
        return fail(Code::InvalidInput, database.string() + " names no kiosk");
    }
    return RecoveredOutbox(std::move(copy));
}

Result<std::vector<RecoveredRow>> RecoveredOutbox::next(std::size_t most) {
    std::vector<RecoveredRow> rows;
    try {
        SQLite::Statement read(*copy_->database, kReadRows.at(copy_->schema - 1));
        read.bind(1, copy_->after);
        read.bind(2, static_cast<std::int64_t>(most));
        while (read.executeStep()) {
            copy_->after = read.getColumn(0).getInt64();
            const auto id = record::RecordId::from(blobOf(read.getColumn(1)));
            const auto epoch = record::Epoch::from(blobOf(read.getColumn(3)));
            const std::int64_t seq = read.getColumn(4).getInt64();
            const ByteView sealed = blobOf(read.getColumn(2));
            if (!id || !epoch || seq < 1 || sealed.size() > wire::kMostSealedBytes) {
                return fail(Code::Storage, "a row of the outbox is damaged");
            }
            RecoveredRow row{
                *id,
                {copy_->kiosk, *epoch, static_cast<std::uint64_t>(seq)},
                toBytes(sealed),
                record::ChainHash::from(blobOf(read.getColumn(5))).value_or(copy_->chain)};
            copy_->chain = seal::chainAfter(row.before, *epoch, row.position.seq, row.id,
                                            seal::digestOf(row.sealed));
            rows.push_back(std::move(row));
        }
    } catch (const SQLite::Exception& error) {
        return fail(Code::Storage, error.what());
    }
    return rows;
}

}  // namespace tapport::hub
