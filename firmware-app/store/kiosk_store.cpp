// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/kiosk_store.h"

#include "firmware-app/store/database_owner.h"
#include "firmware-app/store/kiosk_store_sql.h"
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/summary.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"

#include <cassert>

namespace tapport::store {

Result<std::unique_ptr<KioskStore>> KioskStore::open(const StoreConfig& config,
                                                     const StorageOptions& options) {
    auto db = openDatabase(config.file, options);
    if (!db) {
        return tl::unexpected(db.error());
    }
    std::unique_ptr<KioskStore> store(new KioskStore(std::move(*db), config, options.synchronous));
    if (const auto claimed = store->claim(); !claimed) {
        return tl::unexpected(claimed.error());
    }
    return store;
}

KioskStore::KioskStore(SQLite::Database db, const StoreConfig& config, Synchronous synchronous)
    : db_(std::move(db)),
      synchronous_(synchronous),
      kiosk_(config.kiosk),
      event_(config.event),
      signingKeys_(config.signingKeys) {
    assert(event_.sealingKey.size() == 32);
}

/// Reads whose file it is, or makes it this kiosk's and event's with an epoch of its own.
Result<> KioskStore::claim() {
    return guarded("read the database's identity", [&]() -> Result<> {
        if (auto checked = checkOwner(db_, kiosk_, event_.id); !checked) {
            return checked;
        }
        SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement create(
            db_,
            "INSERT INTO meta (id, kiosk, event) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE "
            "SET event = excluded.event WHERE event = ''");
        create.bind(1, kiosk_.value);
        create.bind(2, event_.id.value);
        create.exec();
        db_.exec(
            "INSERT INTO epoch SELECT 1, randomblob(8), 0, 0, zeroblob(32) "
            "WHERE NOT EXISTS (SELECT 1 FROM epoch)");
        transaction.commit();
        return {};
    });
}

Result<ReceiptLink> KioskStore::commit(std::span<const record::Unit> units,
                                       const std::optional<EntryToKeep>& entry) {
    return guarded("commit", [&]() -> Result<ReceiptLink> {
        SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
        Head head = readHead();
        const std::uint64_t before = head.lastSeq;
        std::vector<record::PositionedUnit> placed;
        for (const record::Unit& unit : units) {
            const auto there = positionOf(unit.id);
            placed.push_back({there ? *there : append(unit, head), unit});
        }
        const bool isNew = head.lastSeq != before;
        if (isNew) {
            write(head);
        }
        if (entry && (isNew || units.empty())) {
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
        const Head head = readHead();
        return linkTo(receipt::summaryOf(
            entry.decisions, {*entry.receipt, event_.id, {kiosk_, head.epoch, head.lastSeq}, now}));
    });
}

ReceiptLink KioskStore::linkTo(const std::optional<receipt::Summary>& summary) const {
    return summary ? ReceiptLink(receipt::receiptLink(*summary, event_, signingKeys_))
                   : std::nullopt;
}

KioskStore::Head KioskStore::readHead() {
    const auto read = statements_(
        "SELECT epoch, base, last_seq, last_chain FROM epoch ORDER BY ordinal "
        "DESC LIMIT 1");
    read->executeStep();
    return {idOf<record::Epoch>(read->getColumn(0)), unsignedOf(read->getColumn(1)),
            unsignedOf(read->getColumn(2)), idOf<record::ChainHash>(read->getColumn(3))};
}

void KioskStore::write(const Head& head) {
    const auto update =
        statements_("UPDATE epoch SET last_seq = ?, last_chain = ? WHERE epoch = ?");
    update->bind(1, static_cast<std::int64_t>(head.lastSeq));
    bindBytes(*update, 2, head.lastChain.view());
    bindBytes(*update, 3, head.epoch.view());
    update->exec();
}

std::optional<record::Position> KioskStore::positionOf(const record::RecordId& id) {
    const auto find = statements_(
        "SELECT epoch, number - base FROM outbox, epoch WHERE record_id = ? "
        "AND number BETWEEN base + 1 AND base + last_seq");
    bindBytes(*find, 1, id.view());
    if (!find->executeStep()) {
        return std::nullopt;
    }
    return record::Position{kiosk_, idOf<record::Epoch>(find->getColumn(0)),
                            unsignedOf(find->getColumn(1))};
}

record::Position KioskStore::append(const record::Unit& unit, Head& head) {
    ++head.lastSeq;
    record::PositionedUnit placed{{kiosk_, head.epoch, head.lastSeq}, unit};
    if (unit.receipt && !unit.consents.empty()) {
        placed.proof = receipt::prove(placed, event_, signingKeys_);
    }
    placed.signature = receipt::signUnit(placed, signingKeys_);
    const Bytes sealed = seal::sealUnit(placed, event_.sealingKey);
    const auto insert = statements_(
        "INSERT INTO outbox (number, record_id, urgent, created, sealed, before) "
        "VALUES (?, ?, ?, ?, ?, ?)");
    insert->bind(1, static_cast<std::int64_t>(head.base + head.lastSeq));
    bindBytes(*insert, 2, unit.id.view());
    insert->bind(3, unit.kind == record::UnitKind::Withdrawal ? 1 : 0);
    insert->bind(4, static_cast<std::int64_t>(unit.at.wall.time_since_epoch().count()));
    bindBytes(*insert, 5, sealed);
    bindBytes(*insert, 6, head.lastChain.view());
    insert->exec();
    head.lastChain =
        seal::chainAfter(head.lastChain, head.epoch, head.lastSeq, unit.id, seal::digestOf(sealed));
    return placed.position;
}

void KioskStore::keep(const EntryToKeep& entry) {
    const vault::SealedEntry closed = vault::close(entry.entry, entry.access);
    const auto insert = statements_("INSERT OR REPLACE INTO vault VALUES (?, ?)");
    bindBytes(*insert, 1, closed.lookup.view());
    bindBytes(*insert, 2, closed.sealed);
    insert->exec();
}

Result<std::optional<vault::Entry>> KioskStore::lookUp(const record::VaultAccess& access) {
    using Found = std::optional<vault::Entry>;
    return guarded("look up a badge", [&]() -> Result<Found> {
        const auto find = statements_("SELECT sealed FROM vault WHERE lookup = ?");
        bindBytes(*find, 1, access.lookup.view());
        if (!find->executeStep()) {
            return Found{};
        }
        return vault::open({access.lookup, toBytes(blob(find->getColumn(0)))}, access.key)
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

}  // namespace tapport::store
