// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk's store as the pump sees it: rows that wait for the hub, and the epochs they stand in.
#include "firmware-app/store/kiosk_store.h"
#include "firmware-app/store/kiosk_store_sql.h"
#include "sync/seal/chain.h"

namespace tapport::store {
namespace {

/// What is written meanwhile is on the disk with the next commit that is, or is lost with the
/// power. For marks: the hub's answer to the next hello makes them again.
class Unsynced {
  public:
    Unsynced(SQLite::Database& db, Synchronous usual) : db_(db), usual_(usual) {
        db_.exec("PRAGMA synchronous = NORMAL");
    }
    ~Unsynced() { (void)db_.tryExec(pragmaFor(usual_)); }
    Unsynced(const Unsynced&) = delete;
    Unsynced& operator=(const Unsynced&) = delete;

  private:
    SQLite::Database& db_;
    Synchronous usual_;
};

}  // namespace

Result<std::vector<agent::OutboxEpoch>> KioskStore::epochs() {
    return guarded("read the outbox", [&] {
        SQLite::Statement read(
            db_,
            "SELECT epoch, base, last_seq, last_chain, (SELECT min(number) FROM outbox WHERE "
            "state = 0 AND number BETWEEN base + 1 AND base + last_seq) FROM epoch ORDER BY "
            "ordinal");
        std::vector<agent::OutboxEpoch> epochs;
        while (read.executeStep()) {
            agent::OutboxEpoch epoch;
            epoch.epoch = idOf<record::Epoch>(read.getColumn(0));
            epoch.base = unsignedOf(read.getColumn(1));
            epoch.last = unsignedOf(read.getColumn(2));
            epoch.lastChain = idOf<record::ChainHash>(read.getColumn(3));
            if (!read.getColumn(4).isNull()) {
                epoch.firstWaiting = unsignedOf(read.getColumn(4)) - epoch.base;
            }
            if (!epochs.empty()) {
                epoch.forkOf = wire::ForkPoint{epochs.back().epoch, epochs.back().last};
            }
            epochs.push_back(epoch);
        }
        return Result<std::vector<agent::OutboxEpoch>>(std::move(epochs));
    });
}

Result<std::optional<record::ChainHash>> KioskStore::chainAt(std::uint64_t seq) {
    using Found = std::optional<record::ChainHash>;
    return guarded("read the outbox", [&]() -> Result<Found> {
        const Head head = readHead();
        if (seq >= head.lastSeq) {
            return seq == head.lastSeq ? Found(head.lastChain) : Found();
        }
        SQLite::Statement next(db_, "SELECT before FROM outbox WHERE number = ?");
        next.bind(1, static_cast<std::int64_t>(head.base + seq + 1));
        return next.executeStep() ? Found(idOf<record::ChainHash>(next.getColumn(0))) : Found();
    });
}

Result<> KioskStore::startEpoch(const record::Epoch& left) {
    return guarded("start an epoch", [&]() -> Result<> {
        SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
        const Head head = readHead();
        if (head.epoch != left) {
            return {};
        }
        SQLite::Statement create(db_, "INSERT INTO epoch VALUES (NULL, randomblob(8), ?, 0, ?)");
        create.bind(1, static_cast<std::int64_t>(head.base + head.lastSeq));
        bindBytes(create, 2, seal::chainOfFork(left, head.lastSeq, head.lastChain).view());
        create.exec();
        SQLite::Statement again(db_, "UPDATE outbox SET state = 0 WHERE number > ?");
        again.bind(1, static_cast<std::int64_t>(head.base));
        again.exec();
        transaction.commit();
        tally_.reset();
        return {};
    });
}

Result<std::vector<agent::OutboxRow>> KioskStore::waiting(const agent::OutboxQuery& query) {
    using Rows = std::vector<agent::OutboxRow>;
    return guarded("read the outbox", [&]() -> Result<Rows> {
        SQLite::Statement read(
            db_, query.urgentOnly
                     ? "SELECT number, record_id, urgent, before, sealed FROM outbox "
                       "WHERE state = 0 AND urgent = 1 AND number > ? ORDER BY number LIMIT ?"
                     : "SELECT number, record_id, urgent, before, sealed FROM outbox "
                       "WHERE state = 0 AND number > ? ORDER BY number LIMIT ?");
        read.bind(1, static_cast<std::int64_t>(query.after));
        read.bind(2, static_cast<std::int64_t>(query.maxRows));
        Rows rows;
        std::size_t bytes = 0;
        while (read.executeStep()) {
            const ByteView sealed = blob(read.getColumn(4));
            bytes += sealed.size();
            if (!rows.empty() && bytes > query.maxBytes) {
                break;
            }
            rows.push_back({unsignedOf(read.getColumn(0)),
                            idOf<record::RecordId>(read.getColumn(1)),
                            read.getColumn(2).getInt() != 0,
                            idOf<record::ChainHash>(read.getColumn(3)), toBytes(sealed)});
        }
        return rows;
    });
}

Result<> KioskStore::markReceived(std::span<const agent::SeqRange> numbers) {
    return move(numbers, {RowState::Waiting, RowState::Quarantined}, RowState::Received);
}

Result<> KioskStore::markQuarantined(std::span<const agent::SeqRange> numbers) {
    return move(numbers, {RowState::Waiting}, RowState::Quarantined);
}

Result<> KioskStore::markWaiting(std::span<const agent::SeqRange> numbers) {
    return move(numbers, {RowState::Received, RowState::Quarantined}, RowState::Waiting);
}

Result<> KioskStore::move(std::span<const agent::SeqRange> numbers,
                          std::initializer_list<RowState> from, RowState to) {
    return guarded("mark records", [&]() -> Result<> {
        const Unsynced unsynced(db_, synchronous_);
        SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
        Tally tally = readTally();
        SQLite::Statement update(
            db_, "UPDATE outbox SET state = ? WHERE state = ? AND number BETWEEN ? AND ?");
        for (const agent::SeqRange& range : numbers) {
            for (const RowState state : from) {
                update.reset();
                update.bind(1, static_cast<int>(to));
                update.bind(2, static_cast<int>(state));
                update.bind(3, static_cast<std::int64_t>(std::min(range.first, record::kMostSeq)));
                update.bind(4, static_cast<std::int64_t>(std::min(range.last, record::kMostSeq)));
                const auto rows = static_cast<std::uint64_t>(update.exec());
                tally.of(state) -= rows;
                tally.of(to) += rows;
            }
        }
        transaction.commit();
        tally_ = tally;
        return {};
    });
}

Result<bool> KioskStore::prune(const agent::SeqRange& numbers) {
    // A visit that is confirmed meanwhile waits no longer than for these.
    constexpr int kRowsAtOnce = 500;
    return guarded("drop records", [&]() -> Result<bool> {
        const Head head = readHead();
        const std::uint64_t added = head.base + head.lastSeq;
        if (added <= agent::kNewestKept) {
            return false;
        }
        SQLite::Statement drop(
            db_,
            "DELETE FROM outbox WHERE number IN (SELECT number FROM outbox WHERE state = 1 AND "
            "number BETWEEN ? AND ? ORDER BY number LIMIT ?)");
        const std::uint64_t last = std::min(numbers.last, added - agent::kNewestKept);
        drop.bind(1, static_cast<std::int64_t>(std::min(numbers.first, record::kMostSeq)));
        drop.bind(2, static_cast<std::int64_t>(last));
        drop.bind(3, kRowsAtOnce);
        const int rows = drop.exec();
        if (tally_) {
            tally_->of(RowState::Received) -= static_cast<std::uint64_t>(rows);
        }
        return rows == kRowsAtOnce;
    });
}

KioskStore::Tally KioskStore::readTally() {
    if (tally_) {
        return *tally_;
    }
    Tally tally;
    SQLite::Statement count(db_, "SELECT state, count(*) FROM outbox GROUP BY state");
    while (count.executeStep()) {
        tally.of(static_cast<RowState>(count.getColumn(0).getInt())) =
            unsignedOf(count.getColumn(1));
    }
    return tally;
}

Result<agent::OutboxCounts> KioskStore::counts() {
    return guarded("count records", [&]() -> Result<agent::OutboxCounts> {
        tally_ = readTally();
        agent::OutboxCounts counts;
        counts.waiting = tally_->of(RowState::Waiting);
        counts.received = tally_->of(RowState::Received);
        counts.quarantined = tally_->of(RowState::Quarantined);
        const Head head = readHead();
        counts.dropped =
            head.base + head.lastSeq - counts.waiting - counts.received - counts.quarantined;
        counts.received += counts.dropped;
        SQLite::Statement oldest(
            db_, "SELECT created FROM outbox WHERE state = 0 ORDER BY number LIMIT 1");
        if (oldest.executeStep()) {
            counts.oldestWaiting = record::WallTime(record::Millis(oldest.getColumn(0).getInt64()));
        }
        return counts;
    });
}

}  // namespace tapport::store
