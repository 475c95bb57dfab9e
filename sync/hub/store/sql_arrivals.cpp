// SPDX-License-Identifier: GPL-3.0-or-later
// What arrives, and the store itself.
#include "sync/hub/store/sql_store.h"

#include <fmt/core.h>

namespace tapport::hub {

Result<> checkSuppressionKey(SqlConnection& connection, const ledger::SuppressionKey& key) {
    const seal::Digest digest = seal::digestOf(key.view());
    Query(connection, "UPDATE hub SET suppression_key = ?1 WHERE suppression_key IS NULL", digest)
        .run();
    Query same(connection, "SELECT 1 FROM hub WHERE suppression_key = ?1", digest);
    if (!same.step()) {
        return fail(Code::InvalidConfig,
                    "the suppression key is not the one of this database: restore it");
    }
    return {};
}

SqlStore::SqlStore(std::unique_ptr<SqlConnection> connection, Scope scope,
                   const ledger::SuppressionKey& key)
    : connection_(std::move(connection)), scope_(std::move(scope)), suppressions_(key) {
    Query epoch(*connection_, "SELECT epoch FROM hub");
    epoch.step();
    epoch_ = epoch.id<wire::HubEpoch>(0);
    catchUp();
}

void SqlStore::catchUp() {
    Query version(*connection_, "SELECT state_version FROM hub");
    version.step();
    if (seenVersion_ == version.count(0)) {
        return;
    }
    Query marks(*connection_, "SELECT mark, consent_id FROM suppression WHERE tenant_id = ?1",
                scope_.tenant);
    while (marks.step()) {
        suppressions_.add(marks.id<ledger::ContactMark>(0), marks.id<record::RecordId>(1));
    }
    Query latest = query(
        "SELECT coalesce(max(occurred_at), 0) FROM unit WHERE tenant_id = ?1 AND event_id = ?2 AND "
        "clock_quality = ?3",
        record::ClockQuality::Synced);
    latest.step();
    latestSynced_ = latest.time(0);
    seenVersion_ = version.count(0);
}

Result<std::vector<Verdict>> SqlStore::take(const Intake& intake, record::WallTime receivedAt) {
    return guarded("take records", [&]() -> Result<std::vector<Verdict>> {
        SqlTransaction transaction(*connection_);
        fence(intake);
        const std::vector<Verdict> verdicts = takeArrivals(intake.arrivals, receivedAt);
        std::map<std::pair<Sequence, bool>, record::SeqRanges> held;
        std::map<Sequence, std::uint64_t> lastSeqs;
        for (std::size_t i = 0; i < verdicts.size(); ++i) {
            const auto& [kiosk, epoch, seq] = intake.arrivals[i].position;
            const Sequence sequence{kiosk, epoch};
            held[{sequence, verdicts[i] == Verdict::Conflict}].add(seq);
            std::uint64_t& last = lastSeqs[sequence];
            last = std::max(last, seq);
        }
        for (const Announcement& announcement : intake.announcements) {
            std::uint64_t& last = lastSeqs[announcement.sequence];
            last = std::max(last, announcement.lastSeq);
        }
        for (const auto& [sequence, last] : lastSeqs) {
            query(
                "INSERT INTO kiosk_epoch VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (tenant_id, "
                "event_id, kiosk, epoch) DO UPDATE SET announced_last = CASE WHEN "
                "kiosk_epoch.announced_last > excluded.announced_last THEN "
                "kiosk_epoch.announced_last ELSE excluded.announced_last END, "
                "heard_at = excluded.heard_at",
                sequence.kiosk, sequence.epoch, last, receivedAt)
                .run();
        }
        for (const Suspect& suspect : intake.suspects) {
            quarantineOne(suspect, receivedAt);
            if (suspect.sequence) {
                held[{*suspect.sequence, true}].merge(suspect.positions);
            }
        }
        for (const auto& [where, ranges] : held) {
            for (const record::SeqRange& range : ranges.view()) {
                hold(where.first, where.second, range);
            }
        }
        transaction.commit();
        return verdicts;
    });
}

void SqlStore::quarantineConflict(const Arrival& arrival, record::WallTime at) {
    const auto& [kiosk, epoch, seq] = arrival.position;
    Suspect suspect{kiosk.value, arrival.sealed, Reason::Conflict};
    suspect.detail = fmt::format("record {} at {}/{} is here with other bytes",
                                 record::uuidText(arrival.id), epoch.hex(), seq);
    quarantineOne(suspect, at);
}

void SqlStore::noteFork(const record::RecordId& id, record::WallTime at) {
    query("INSERT INTO fork VALUES (?1, ?2, ?3, ?4)", id, at).run();
}

void SqlStore::quarantineOne(const Suspect& suspect, record::WallTime at) {
    // A kiosk that resends the same broken payload makes one entry, not a full disk.
    query(
        "INSERT INTO quarantine (tenant_id, event_id, digest, reason, topic, payload, detail, "
        "first_at, last_at, unit_id, subject_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, "
        "?10) ON CONFLICT (tenant_id, event_id, digest, reason, topic) DO UPDATE SET "
        "times = quarantine.times + 1, last_at = excluded.last_at",
        seal::digestOf(suspect.payload), suspect.reason, suspect.topic, suspect.payload,
        suspect.detail, at, suspect.unit, suspect.subject)
        .run();
}

void SqlStore::hold(const Sequence& sequence, bool isQuarantined, record::SeqRange range) {
    const std::uint64_t kind = isQuarantined ? 1 : 0;
    {
        Query touching = query(
            "SELECT min(first_seq), max(last_seq) FROM held_span WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND kiosk = ?3 AND epoch = ?4 AND is_quarantined = ?5 AND "
            "first_seq <= ?7 + 1 AND last_seq >= ?6 - 1",
            sequence.kiosk, sequence.epoch, kind, range.first, range.last);
        if (touching.step() && !touching.isNull(0)) {
            range.first = std::min(range.first, touching.count(0));
            range.last = std::max(range.last, touching.count(1));
        }
    }
    query(
        "DELETE FROM held_span WHERE tenant_id = ?1 AND event_id = ?2 AND kiosk = ?3 AND "
        "epoch = ?4 AND is_quarantined = ?5 AND first_seq BETWEEN ?6 AND ?7",
        sequence.kiosk, sequence.epoch, kind, range.first, range.last)
        .run();
    query("INSERT INTO held_span VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", sequence.kiosk,
          sequence.epoch, kind, range.first, range.last)
        .run();
}

Result<Held> SqlStore::held(const Sequence& sequence) {
    return guarded("read what is held", [&]() -> Result<Held> {
        Held held;
        Query row = query(
            "SELECT is_quarantined, first_seq, last_seq FROM held_span WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND kiosk = ?3 AND epoch = ?4 ORDER BY is_quarantined, first_seq",
            sequence.kiosk, sequence.epoch);
        while (row.step()) {
            auto& into = row.integer(0) == 0 ? held.received : held.quarantined;
            into.add({row.count(1), row.count(2)});
        }
        return held;
    });
}

}  // namespace tapport::hub
