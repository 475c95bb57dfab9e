// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/kiosk_store.h"

#include "sync/receipt/full_receipt.h"
#include "sync/receipt/summary.h"
#include "sync/seal/seal.h"

#include <cassert>

namespace tapport::store {
namespace {

void bindBytes(SQLite::Statement& statement, int index, ByteView bytes) {
    statement.bind(index, bytes.data(), static_cast<int>(bytes.size()));
}

ByteView blob(const SQLite::Column& column) {
    return {static_cast<const std::uint8_t*>(column.getBlob()),
            static_cast<std::size_t>(column.getBytes())};
}

/// outbox.state
enum class RowState : std::uint8_t { Waiting, Received, Quarantined };

std::uint64_t unsignedOf(const SQLite::Column& column) {
    return static_cast<std::uint64_t>(column.getInt64());
}

}  // namespace

Result<std::unique_ptr<KioskStore>> KioskStore::open(const StoreConfig& config,
                                                     const StorageOptions& options) {
    auto db = openDatabase(config.file, options);
    if (!db) {
        return tl::unexpected(db.error());
    }
    std::unique_ptr<KioskStore> store(new KioskStore(std::move(*db), config));
    if (const auto claimed = store->claim(); !claimed) {
        return tl::unexpected(claimed.error());
    }
    return store;
}

KioskStore::KioskStore(SQLite::Database db, const StoreConfig& config)
    : db_(std::move(db)),
      kiosk_(config.kiosk),
      event_(config.event),
      signingKeys_(config.signingKeys) {
    assert(event_.sealingKey.size() == 32);
}

/// Reads whose file it is, or makes it this kiosk's with an epoch of its own.
Result<> KioskStore::claim() {
    return guarded("read the database's identity", [&]() -> Result<> {
        SQLite::Statement create(db_, "INSERT OR IGNORE INTO meta VALUES (1, ?, randomblob(8), 0)");
        create.bind(1, kiosk_.value);
        create.exec();
        SQLite::Statement read(db_, "SELECT kiosk, epoch FROM meta");
        if (!read.executeStep()) {
            return fail(Code::Storage, "the database has no identity");
        }
        if (read.getColumn(0).getString() != kiosk_.value) {
            return fail(Code::Conflict, "the database is that of kiosk " +
                                            read.getColumn(0).getString() + ", not of " +
                                            kiosk_.value);
        }
        const auto epoch = record::Epoch::from(blob(read.getColumn(1)));
        if (!epoch) {
            return fail(Code::Storage, "the database's epoch is damaged");
        }
        epoch_ = *epoch;
        return {};
    });
}

Result<ReceiptLink> KioskStore::commit(std::span<const record::Unit> units,
                                       const std::optional<EntryToKeep>& entry) {
    return guarded("commit", [&]() -> Result<ReceiptLink> {
        SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
        bool isNew = units.empty();
        std::vector<record::PositionedUnit> placed;
        for (const record::Unit& unit : units) {
            auto seq = seqOf(unit.id);
            if (!seq) {
                seq = append(unit);
                isNew = true;
            }
            placed.push_back({at(*seq), unit});
        }
        if (entry && isNew) {
            keep(*entry);
        }
        transaction.commit();
        return linkTo(receipt::summaryOf(placed));
    });
}

Result<ReceiptLink> KioskStore::newReceipt(const vault::Entry& entry,
                                           const record::ClockReading& now) {
    return guarded("make a receipt", [&]() -> Result<ReceiptLink> {
        if (!entry.receipt) {
            return ReceiptLink();
        }
        const auto seq = unsignedOf(db_.execAndGet("SELECT last_seq FROM meta"));
        return linkTo(
            receipt::summaryOf(entry.decisions, {*entry.receipt, event_.id, at(seq), now}));
    });
}

ReceiptLink KioskStore::linkTo(const std::optional<receipt::Summary>& summary) const {
    return summary ? ReceiptLink(receipt::receiptLink(*summary, event_, signingKeys_))
                   : std::nullopt;
}

std::optional<std::uint64_t> KioskStore::seqOf(const record::RecordId& id) {
    SQLite::Statement find(db_, "SELECT seq FROM outbox WHERE record_id = ?");
    bindBytes(find, 1, id.view());
    return find.executeStep() ? std::optional(unsignedOf(find.getColumn(0))) : std::nullopt;
}

std::uint64_t KioskStore::append(const record::Unit& unit) {
    db_.exec("UPDATE meta SET last_seq = last_seq + 1");
    const auto seq = unsignedOf(db_.execAndGet("SELECT last_seq FROM meta"));
    record::PositionedUnit placed{at(seq), unit};
    if (unit.receipt && !unit.consents.empty()) {
        placed.proof = receipt::prove(placed, event_, signingKeys_);
    }
    const Bytes sealed = seal::sealUnit(placed, event_.sealingKey);
    SQLite::Statement insert(db_, "INSERT INTO outbox VALUES (?, ?, ?, ?, ?, ?)");
    insert.bind(1, static_cast<std::int64_t>(seq));
    bindBytes(insert, 2, unit.id.view());
    insert.bind(3, unit.kind == record::UnitKind::Withdrawal ? 1 : 0);
    insert.bind(4, static_cast<int>(RowState::Waiting));
    insert.bind(5, static_cast<std::int64_t>(unit.at.wall.time_since_epoch().count()));
    bindBytes(insert, 6, sealed);
    insert.exec();
    return seq;
}

void KioskStore::keep(const EntryToKeep& entry) {
    const vault::SealedEntry closed = vault::close(entry.entry, entry.access);
    SQLite::Statement insert(db_, "INSERT OR REPLACE INTO vault VALUES (?, ?)");
    bindBytes(insert, 1, closed.lookup.view());
    bindBytes(insert, 2, closed.sealed);
    insert.exec();
}

Result<std::optional<vault::Entry>> KioskStore::lookUp(const record::VaultAccess& access) {
    using Found = std::optional<vault::Entry>;
    return guarded("look up a badge", [&]() -> Result<Found> {
        SQLite::Statement find(db_, "SELECT sealed FROM vault WHERE lookup = ?");
        bindBytes(find, 1, access.lookup.view());
        if (!find.executeStep()) {
            return Found{};
        }
        return vault::open({access.lookup, toBytes(blob(find.getColumn(0)))}, access.key)
            .map([](vault::Entry entry) { return Found(std::move(entry)); });
    });
}

Result<> KioskStore::keepTries(std::string_view what, const record::Tries& tries) {
    return guarded("keep tries", [&]() -> Result<> {
        SQLite::Statement insert(db_, "INSERT OR REPLACE INTO tries VALUES (?, ?, ?, ?)");
        insert.bind(1, std::string(what));
        insert.bind(2, tries.count);
        bindBytes(insert, 3, tries.boot.view());
        insert.bind(4, static_cast<std::int64_t>(tries.last.count()));
        insert.exec();
        return {};
    });
}

Result<record::Tries> KioskStore::tries(std::string_view what) {
    return guarded("read tries", [&]() -> Result<record::Tries> {
        SQLite::Statement find(db_, "SELECT count, boot, last FROM tries WHERE what = ?");
        find.bind(1, std::string(what));
        if (!find.executeStep()) {
            return record::Tries{};
        }
        const auto boot = record::BootId::from(blob(find.getColumn(1)));
        if (!boot) {
            return fail(Code::Storage, "the count of tries is damaged");
        }
        return record::Tries{find.getColumn(0).getUInt(), *boot,
                             record::Millis(find.getColumn(2).getInt64())};
    });
}

Result<> KioskStore::check() {
    return guarded("check the database", [&]() -> Result<> {
        const std::string finding = db_.execAndGet("PRAGMA integrity_check(1)").getString();
        return finding == "ok" ? Result<>{} : fail(Code::Storage, "the database is damaged");
    });
}

Result<agent::OutboxSpan> KioskStore::span() {
    return guarded("read the outbox", [&]() -> Result<agent::OutboxSpan> {
        SQLite::Statement read(db_,
                               "SELECT last_seq, (SELECT min(seq) FROM outbox WHERE state = 0) "
                               "FROM meta");
        read.executeStep();
        return agent::OutboxSpan{epoch_, unsignedOf(read.getColumn(1)),
                                 unsignedOf(read.getColumn(0))};
    });
}

Result<std::vector<agent::OutboxRow>> KioskStore::waiting(const agent::OutboxQuery& query) {
    using Rows = std::vector<agent::OutboxRow>;
    return guarded("read the outbox", [&]() -> Result<Rows> {
        SQLite::Statement read(
            db_, query.urgentOnly
                     ? "SELECT seq, record_id, urgent, sealed FROM outbox "
                       "WHERE state = 0 AND urgent = 1 AND seq > ? ORDER BY seq LIMIT ?"
                     : "SELECT seq, record_id, urgent, sealed FROM outbox "
                       "WHERE state = 0 AND seq > ? ORDER BY seq LIMIT ?");
        read.bind(1, static_cast<std::int64_t>(query.afterSeq));
        read.bind(2, static_cast<std::int64_t>(query.maxRows));
        Rows rows;
        std::size_t bytes = 0;
        while (read.executeStep()) {
            const ByteView sealed = blob(read.getColumn(3));
            bytes += sealed.size();
            if (!rows.empty() && bytes > query.maxBytes) {
                break;
            }
            const auto id = record::RecordId::from(blob(read.getColumn(1)));
            if (!id) {
                return fail(Code::Storage, "a record id in the outbox is damaged");
            }
            rows.push_back({unsignedOf(read.getColumn(0)), *id, read.getColumn(2).getInt() != 0,
                            toBytes(sealed)});
        }
        return rows;
    });
}

Result<> KioskStore::markReceived(std::span<const agent::SeqRange> ranges) {
    return mark(ranges, "UPDATE outbox SET state = 1 WHERE state = 0 AND seq BETWEEN ? AND ?");
}

Result<> KioskStore::markQuarantined(std::span<const agent::SeqRange> ranges) {
    return mark(ranges, "UPDATE outbox SET state = 2 WHERE state <> 2 AND seq BETWEEN ? AND ?");
}

Result<> KioskStore::markWaiting(std::span<const agent::SeqRange> ranges) {
    return mark(ranges, "UPDATE outbox SET state = 0 WHERE state <> 0 AND seq BETWEEN ? AND ?");
}

Result<> KioskStore::mark(std::span<const agent::SeqRange> ranges, const char* update) {
    return guarded("mark records", [&]() -> Result<> {
        SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement statement(db_, update);
        for (const agent::SeqRange& range : ranges) {
            statement.reset();
            statement.bind(1, static_cast<std::int64_t>(std::min(range.first, record::kMostSeq)));
            statement.bind(2, static_cast<std::int64_t>(std::min(range.last, record::kMostSeq)));
            statement.exec();
        }
        transaction.commit();
        return {};
    });
}

Result<agent::OutboxCounts> KioskStore::counts() {
    return guarded("count records", [&]() -> Result<agent::OutboxCounts> {
        agent::OutboxCounts counts;
        SQLite::Statement count(db_, "SELECT state, count(*) FROM outbox GROUP BY state");
        while (count.executeStep()) {
            const auto rows = unsignedOf(count.getColumn(1));
            switch (static_cast<RowState>(count.getColumn(0).getInt())) {
                case RowState::Waiting:
                    counts.waiting = rows;
                    break;
                case RowState::Received:
                    counts.received = rows;
                    break;
                case RowState::Quarantined:
                    counts.quarantined = rows;
                    break;
            }
        }
        SQLite::Statement oldest(db_,
                                 "SELECT created FROM outbox WHERE state = 0 ORDER BY seq LIMIT 1");
        if (oldest.executeStep()) {
            counts.oldestWaiting = record::WallTime(record::Millis(oldest.getColumn(0).getInt64()));
        }
        return counts;
    });
}

}  // namespace tapport::store
