// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk's store as the pump sees it: rows that wait for the hub, and the epochs they stand in.
#include "firmware-app/store/kiosk_store.h"
#include "firmware-app/store/kiosk_store_sql.h"
#include "sync/seal/chain.h"

#include <algorithm>
#include <iterator>

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
            db_, "SELECT epoch, base, last_seq, last_chain FROM epoch ORDER BY ordinal");
        std::vector<agent::OutboxEpoch> epochs;
        while (read.executeStep()) {
            agent::OutboxEpoch epoch;
            epoch.epoch = idOf<record::Epoch>(read.getColumn(0));
            epoch.base = unsignedOf(read.getColumn(1));
            epoch.last = unsignedOf(read.getColumn(2));
            epoch.lastChain = idOf<record::ChainHash>(read.getColumn(3));
            if (epoch.last != 0) {
                const auto waiting = standing().waiting({epoch.base + 1, epoch.base + epoch.last});
                epoch.firstWaiting =
                    waiting.empty() ? 0 : waiting.view().front().first - epoch.base;
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
        Standing next = standing();
        if (head.lastSeq != 0) {
            record::SeqRanges all;
            all.add({head.base + 1, head.base + head.lastSeq});
            next.wait(all);
        }
        write(next);
        transaction.commit();
        standing_ = std::move(next);
        return {};
    });
}

Result<> KioskStore::startHub(const wire::HubEpoch& hub) {
    return guarded("start over with a hub", [&]() -> Result<> {
        SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement update(db_, "UPDATE meta SET hub = ?1 WHERE hub <> ?1");
        bindBytes(update, 1, hub.view());
        if (update.exec() == 0) {
            return {};
        }
        Standing next = standing();
        if (const std::uint64_t last = lastNumber(); last != 0) {
            record::SeqRanges all;
            all.add({1, last});
            next.wait(all);
        }
        write(next);
        transaction.commit();
        standing_ = std::move(next);
        return {};
    });
}

Result<std::vector<agent::OutboxRow>> KioskStore::waiting(const agent::OutboxQuery& query) {
    using Rows = std::vector<agent::OutboxRow>;
    return guarded("read the outbox", [&]() -> Result<Rows> {
        const auto read = statements_(
            query.urgentOnly ? "SELECT number, record_id, urgent, before, sealed FROM outbox "
                               "WHERE urgent = 1 AND number BETWEEN ? AND ? ORDER BY number LIMIT ?"
                             : "SELECT number, record_id, urgent, before, sealed FROM outbox "
                               "WHERE number BETWEEN ? AND ? ORDER BY number LIMIT ?");
        Rows rows;
        std::size_t bytes = 0;
        const std::uint64_t last = lastNumber();
        const auto ranges =
            query.after < last ? standing().waiting({query.after + 1, last}) : record::SeqRanges();
        for (const agent::SeqRange& range : ranges.view()) {
            if (rows.size() == query.maxRows) {
                break;
            }
            read->reset();
            read->bind(1, static_cast<std::int64_t>(range.first));
            read->bind(2, static_cast<std::int64_t>(range.last));
            read->bind(3, static_cast<std::int64_t>(query.maxRows - rows.size()));
            while (read->executeStep()) {
                const ByteView sealed = blob(read->getColumn(4));
                bytes += sealed.size();
                if (!rows.empty() && bytes > query.maxBytes) {
                    return rows;
                }
                rows.push_back({unsignedOf(read->getColumn(0)),
                                idOf<record::RecordId>(read->getColumn(1)),
                                read->getColumn(2).getInt() != 0,
                                idOf<record::ChainHash>(read->getColumn(3)), toBytes(sealed)});
            }
        }
        return rows;
    });
}

Result<> KioskStore::markReceived(std::span<const agent::SeqRange> numbers) {
    return mark(numbers, [](Standing& rows, const auto& which) { rows.receive(which); });
}

Result<> KioskStore::markQuarantined(std::span<const agent::SeqRange> numbers) {
    return mark(numbers, [](Standing& rows, const auto& which) { rows.quarantine(which); });
}

Result<> KioskStore::markWaiting(std::span<const agent::SeqRange> numbers) {
    return mark(numbers, [](Standing& rows, const auto& which) { rows.wait(which); });
}

template <typename Change>
Result<> KioskStore::mark(std::span<const agent::SeqRange> numbers, Change change) {
    return guarded("mark records", [&]() -> Result<> {
        const std::uint64_t last = lastNumber();
        record::SeqRanges known;
        for (const agent::SeqRange& range : numbers) {
            if (range.first <= last) {
                known.add({range.first, std::min(range.last, last)});
            }
        }
        Standing next = standing();
        change(next, known);
        if (next == standing()) {
            return {};
        }
        const Unsynced unsynced(db_, synchronous_);
        SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
        write(next);
        transaction.commit();
        standing_ = std::move(next);
        return {};
    });
}

Result<bool> KioskStore::prune(const agent::SeqRange& numbers) {
    // A visit that is confirmed meanwhile waits no longer than for these.
    constexpr std::uint64_t kRowsAtOnce = 500;
    return guarded("drop records", [&]() -> Result<bool> {
        const std::uint64_t added = lastNumber();
        if (added <= agent::kNewestKept) {
            return false;
        }
        const std::uint64_t last = std::min(numbers.last, added - agent::kNewestKept);
        std::uint64_t left = kRowsAtOnce;
        record::SeqRanges dropped;
        for (const agent::SeqRange& range : standing().of(RowState::Received).view()) {
            const std::uint64_t from = std::max(range.first, numbers.first);
            const std::uint64_t to = std::min(range.last, last);
            if (from > to || left == 0) {
                continue;
            }
            const std::uint64_t rows = std::min(to - from + 1, left);
            dropped.add({from, from + rows - 1});
            left -= rows;
        }
        if (dropped.empty()) {
            return false;
        }
        SQLite::Transaction transaction(db_, SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement drop(db_, "DELETE FROM outbox WHERE number BETWEEN ? AND ?");
        for (const agent::SeqRange& range : dropped.view()) {
            drop.reset();
            drop.bind(1, static_cast<std::int64_t>(range.first));
            drop.bind(2, static_cast<std::int64_t>(range.last));
            drop.exec();
        }
        Standing next = standing();
        next.drop(dropped);
        write(next);
        transaction.commit();
        standing_ = std::move(next);
        return left == 0;
    });
}

std::uint64_t KioskStore::lastNumber() {
    const Head head = readHead();
    return head.base + head.lastSeq;
}

const Standing& KioskStore::standing() {
    if (!standing_) {
        standing_ = readStanding();
    }
    return *standing_;
}

Standing KioskStore::readStanding() {
    std::array<record::SeqRanges, Standing::kStates> sets;
    SQLite::Statement read(db_, "SELECT state, first, last FROM standing ORDER BY state, first");
    while (read.executeStep()) {
        const std::uint64_t state = unsignedOf(read.getColumn(0));
        const agent::SeqRange range{unsignedOf(read.getColumn(1)), unsignedOf(read.getColumn(2))};
        if (state >= sets.size() || range.first < 1 || range.first > range.last) {
            throw SQLite::Exception("how records stand is damaged", SQLITE_CORRUPT);
        }
        sets.at(state).add(range);
    }
    return Standing(sets);
}

void KioskStore::write(const Standing& next) {
    // Until the caller has committed, nobody knows which of the two the table says.
    const Standing before = standing();
    standing_.reset();
    const auto isBefore = [](const agent::SeqRange& a, const agent::SeqRange& b) {
        return std::pair(a.first, a.last) < std::pair(b.first, b.last);
    };
    const auto remove = statements_("DELETE FROM standing WHERE state = ? AND first = ?");
    const auto put = statements_("INSERT INTO standing VALUES (?, ?, ?)");
    for (const RowState state : {RowState::Received, RowState::Quarantined, RowState::Dropped}) {
        const auto was = before.of(state).view();
        const auto is = next.of(state).view();
        std::vector<agent::SeqRange> gone;
        std::vector<agent::SeqRange> come;
        std::set_difference(was.begin(), was.end(), is.begin(), is.end(), std::back_inserter(gone),
                            isBefore);
        std::set_difference(is.begin(), is.end(), was.begin(), was.end(), std::back_inserter(come),
                            isBefore);
        for (const agent::SeqRange& range : gone) {
            remove->reset();
            remove->bind(1, static_cast<int>(state));
            remove->bind(2, static_cast<std::int64_t>(range.first));
            remove->exec();
        }
        for (const agent::SeqRange& range : come) {
            put->reset();
            put->bind(1, static_cast<int>(state));
            put->bind(2, static_cast<std::int64_t>(range.first));
            put->bind(3, static_cast<std::int64_t>(range.last));
            put->exec();
        }
    }
}

Result<agent::OutboxCounts> KioskStore::counts() {
    return guarded("count records", [&]() -> Result<agent::OutboxCounts> {
        const std::uint64_t last = lastNumber();
        agent::OutboxCounts counts;
        counts.waiting = standing().waitingOf(last);
        counts.quarantined = standing().of(RowState::Quarantined).count();
        counts.dropped = standing().of(RowState::Dropped).count();
        counts.received = standing().of(RowState::Received).count() + counts.dropped;
        if (counts.waiting != 0) {
            const auto oldest = statements_("SELECT created FROM outbox WHERE number = ?");
            oldest->bind(
                1, static_cast<std::int64_t>(standing().waiting({1, last}).view().front().first));
            if (oldest->executeStep()) {
                counts.oldestWaiting =
                    record::WallTime(record::Millis(oldest->getColumn(0).getInt64()));
            }
        }
        return counts;
    });
}

}  // namespace tapport::store
