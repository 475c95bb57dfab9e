// SPDX-License-Identifier: GPL-3.0-or-later
// Opening the file, and what arrives.
#include "sync/hub/store/sqlite_store.h"

#include "sync/hub/store/sqlite_schema.h"
#include "sync/hub/store/sqlite_store_impl.h"

#include <fmt/core.h>
#include <sqlite3.h>

namespace tapport::hub {

Error errorFrom(const SQLite::Exception& thrown, std::string_view where) {
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
    return {code, fmt::format("{}: {}", where, thrown.what())};
}

namespace {

/// A lost key would lift every suppression silently: the file knows the digest of its own.
Result<> checkKey(SQLite::Database& database, const ledger::SuppressionKey& key) {
    const seal::Digest digest = seal::digestOf(key.view());
    SQLite::Statement keep(database,
                           "UPDATE hub SET suppression_key = ?1 WHERE suppression_key IS NULL");
    Query(keep, digest).run();
    SQLite::Statement compare(database, "SELECT suppression_key = ?1 FROM hub");
    Query row(compare, digest);
    row.step();
    if (row.integer(0) != 1) {
        return fail(Code::InvalidConfig,
                    "the suppression key is not the one of this database: restore it");
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<Store>> openSqliteStore(const std::filesystem::path& file, Scope scope,
                                               const ledger::SuppressionKey& key) {
    return guarded("open the hub's database", [&]() -> Result<std::unique_ptr<Store>> {
        auto database = std::make_unique<SQLite::Database>(
            file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        // EXCLUSIVE before WAL: then there is no shared-memory file at all.
        database->exec("PRAGMA locking_mode = EXCLUSIVE");
        database->exec("PRAGMA journal_mode = WAL");
        database->exec("PRAGMA synchronous = FULL");
        database->exec("PRAGMA foreign_keys = ON");
        // What is erased is overwritten, not only unlinked.
        database->exec("PRAGMA secure_delete = ON");
        if (auto migrated = migrate(*database); !migrated) {
            return tl::unexpected(migrated.error());
        }
        if (auto checked = checkKey(*database, key); !checked) {
            return tl::unexpected(checked.error());
        }
        return std::make_unique<SqliteStore>(std::move(database), std::move(scope), key);
    });
}

SqliteStore::SqliteStore(std::unique_ptr<SQLite::Database> database, Scope scope,
                         const ledger::SuppressionKey& key)
    : database_(std::move(database)), scope_(std::move(scope)), suppressions_(key) {
    Query epoch(prepared("SELECT epoch FROM hub"));
    epoch.step();
    epoch_ = epoch.id<wire::HubEpoch>(0);
    Query marks(prepared("SELECT mark, consent_id FROM suppression WHERE tenant_id = ?1"),
                scope_.tenant);
    while (marks.step()) {
        suppressions_.add(marks.id<ledger::ContactMark>(0), marks.id<record::RecordId>(1));
    }
    Query latest = query(
        "SELECT ifnull(max(occurred_at), 0) FROM unit WHERE tenant_id = ?1 AND event_id = ?2 AND "
        "clock_quality = ?3",
        record::ClockQuality::Synced);
    latest.step();
    latestSynced_ = latest.time(0);
}

SQLite::Statement& SqliteStore::prepared(const char* sql) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) {
        return found->second;
    }
    return statements_
        .emplace(std::piecewise_construct, std::forward_as_tuple(sql),
                 std::forward_as_tuple(*database_, sql))
        .first->second;
}

Result<std::vector<Verdict>> SqliteStore::take(const Intake& intake, record::WallTime receivedAt) {
    return guarded("take records", [&]() -> Result<std::vector<Verdict>> {
        SQLite::Transaction transaction(*database_);
        std::vector<Verdict> verdicts;
        verdicts.reserve(intake.arrivals.size());
        struct Change {
            Held before;
            Held now;
        };
        std::map<Sequence, Change> held;
        const auto heldOf = [&](const Sequence& sequence) -> Held& {
            const auto [at, isNew] = held.try_emplace(sequence);
            if (isNew) {
                at->second.before = at->second.now = readHeld(sequence);
            }
            return at->second.now;
        };
        std::map<Sequence, Announcement> heard;
        for (const Arrival& arrival : intake.arrivals) {
            const auto& [kiosk, epoch, seq] = arrival.position;
            const Sequence sequence{kiosk, epoch};
            Verdict verdict = takeOne(arrival, receivedAt);
            const Hold hold = verdict == Verdict::Conflict ? Hold::Quarantined : Hold::Received;
            const bool fits = heldOf(sequence).add(hold, {seq, arrival.before, arrival.after});
            if (verdict == Verdict::Stored && !fits) {
                raiseFork(arrival.id, receivedAt);
                verdict = Verdict::Forked;
            }
            Announcement& announced = heard[sequence];
            announced.lastSeq = std::max(announced.lastSeq, seq);
            verdicts.push_back(verdict);
        }
        for (const Announcement& announcement : intake.announcements) {
            Announcement& announced = heard[announcement.sequence];
            announced.lastSeq = std::max(announced.lastSeq, announcement.lastSeq);
            announced.forkOf = announcement.forkOf;
        }
        for (const auto& [sequence, announced] : heard) {
            query(
                "INSERT INTO kiosk_epoch VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT "
                "(tenant_id, event_id, kiosk, epoch) DO UPDATE SET announced_last = "
                "max(announced_last, excluded.announced_last), "
                "heard_at = excluded.heard_at, "
                "fork_epoch = ifnull(excluded.fork_epoch, fork_epoch), "
                "fork_seq = ifnull(excluded.fork_seq, fork_seq)",
                sequence.kiosk, sequence.epoch, announced.lastSeq, receivedAt,
                announced.forkOf ? std::optional(announced.forkOf->epoch) : std::nullopt,
                announced.forkOf ? std::optional(announced.forkOf->seq) : std::nullopt)
                .run();
        }
        for (const Suspect& suspect : intake.suspects) {
            quarantineOne(suspect, receivedAt);
            for (const Link& link : suspect.links) {
                heldOf(*suspect.sequence).add(Hold::Quarantined, link);
            }
        }
        for (const auto& [sequence, change] : held) {
            keepHeld(sequence, change.before, change.now);
        }
        transaction.commit();
        return verdicts;
    });
}

Verdict SqliteStore::takeOne(const Arrival& arrival, record::WallTime receivedAt) {
    const auto& [kiosk, epoch, seq] = arrival.position;
    // Before the insert, so that the record does not meet itself.
    const bool isOccupied =
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
            .run();
    if (inserted == 0) {
        const bool isSame = query(
                                "SELECT 1 FROM sealed_unit WHERE tenant_id = ?1 AND event_id = ?2 "
                                "AND unit_id = ?3 AND digest = ?4",
                                arrival.id, arrival.digest)
                                .step();
        if (isSame) {
            return Verdict::Duplicate;
        }
        Suspect suspect{kiosk.value, arrival.sealed, Reason::Conflict};
        suspect.detail = fmt::format("record {} at {}/{} is here with other bytes",
                                     record::uuidText(arrival.id), epoch.hex(), seq);
        quarantineOne(suspect, receivedAt);
        return Verdict::Conflict;
    }
    if (isOccupied) {
        raiseFork(arrival.id, receivedAt);
        return Verdict::Forked;
    }
    return Verdict::Stored;
}

void SqliteStore::quarantineOne(const Suspect& suspect, record::WallTime at) {
    // A kiosk that resends the same broken payload makes one entry, not a full disk.
    query(
        "INSERT INTO quarantine (tenant_id, event_id, digest, reason, topic, payload, detail, "
        "first_at, last_at, unit_id, subject_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, "
        "?10) ON CONFLICT (tenant_id, event_id, digest, reason, topic) DO UPDATE SET "
        "times = times + 1, last_at = excluded.last_at",
        seal::digestOf(suspect.payload), suspect.reason, suspect.topic, suspect.payload,
        suspect.detail, at, suspect.unit, suspect.subject)
        .run();
}

void SqliteStore::raiseFork(const record::RecordId& unit, record::WallTime at) {
    query("INSERT INTO fork VALUES (?1, ?2, ?3, ?4)", unit, at).run();
}

Held SqliteStore::readHeld(const Sequence& sequence) {
    Query row = query(
        "SELECT is_quarantined, first_seq, last_seq, chain_before, chain_after FROM held_span "
        "WHERE tenant_id = ?1 AND event_id = ?2 AND kiosk = ?3 AND epoch = ?4",
        sequence.kiosk, sequence.epoch);
    std::vector<HeldSpan> spans;
    while (row.step()) {
        spans.push_back({row.enumeration<Hold>(0),
                         {row.count(1), row.count(2)},
                         row.id<record::ChainHash>(3),
                         row.id<record::ChainHash>(4)});
    }
    return Held(spans);
}

void SqliteStore::keepHeld(const Sequence& sequence, const Held& before, const Held& now) {
    const auto [gone, put] = now.since(before);
    for (const HeldSpan& span : gone) {
        query(
            "DELETE FROM held_span WHERE tenant_id = ?1 AND event_id = ?2 AND kiosk = ?3 AND "
            "epoch = ?4 AND is_quarantined = ?5 AND first_seq = ?6",
            sequence.kiosk, sequence.epoch, span.hold, span.range.first)
            .run();
    }
    for (const HeldSpan& span : put) {
        query(
            "INSERT INTO held_span VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT "
            "(tenant_id, event_id, kiosk, epoch, is_quarantined, first_seq) DO UPDATE SET "
            "last_seq = excluded.last_seq, chain_before = excluded.chain_before, "
            "chain_after = excluded.chain_after",
            sequence.kiosk, sequence.epoch, span.hold, span.range.first, span.range.last,
            span.before, span.after)
            .run();
    }
}

Result<Held> SqliteStore::held(const Sequence& sequence) {
    return guarded("read what is held", [&]() -> Result<Held> { return readHeld(sequence); });
}

Result<std::vector<record::Epoch>> SqliteStore::epochsOf(const record::KioskId& kiosk) {
    return guarded("read a kiosk's epochs", [&]() -> Result<std::vector<record::Epoch>> {
        Query row = query(
            "SELECT epoch FROM kiosk_epoch WHERE tenant_id = ?1 AND event_id = ?2 AND kiosk = ?3",
            kiosk);
        std::vector<record::Epoch> epochs;
        while (row.step()) {
            epochs.push_back(row.id<record::Epoch>(0));
        }
        return epochs;
    });
}

}  // namespace tapport::hub
