// SPDX-License-Identifier: GPL-3.0-or-later
// What arrives, and the store itself.
#include "sync/hub/store/sql_store.h"

#include <set>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

bool isNew(Verdict verdict) {
    return verdict == Verdict::Stored || verdict == Verdict::Forked;
}

}  // namespace

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
    // What was seen is not read again: of several workers each does this all the time.
    Query marks(*connection_,
                "SELECT mark, consent_id, state_version FROM suppression WHERE tenant_id = ?1 AND "
                "state_version > ?2",
                scope_.tenant, seenVersion_ ? static_cast<std::int64_t>(*seenVersion_) : -1);
    while (marks.step()) {
        suppressions_.add(marks.id<ledger::ContactMark>(0), marks.id<record::RecordId>(1));
        newestMark_ = std::max(newestMark_, marks.count(2));
    }
    Query latest =
        seenVersion_
            ? query(
                  "SELECT coalesce(max(occurred_at), 0) FROM unit WHERE tenant_id = ?1 AND "
                  "event_id = ?2 AND clock_quality = ?3 AND state_version > ?4",
                  record::ClockQuality::Synced, *seenVersion_)
            : query(
                  "SELECT coalesce(max(occurred_at), 0) FROM unit WHERE tenant_id = ?1 AND "
                  "event_id = ?2 AND clock_quality = ?3",
                  record::ClockQuality::Synced);
    latest.step();
    latestSynced_ = std::max(latestSynced_, latest.time(0));
    seenVersion_ = version.count(0);
}

Result<std::vector<Verdict>> SqlStore::take(const Intake& intake, record::WallTime receivedAt) {
    return guarded("take records", [&]() -> Result<std::vector<Verdict>> {
        SqlTransaction transaction(*connection_);
        fence(intake);
        for (const std::int64_t number : intake.sorted) {
            removeParcel(number);
        }
        keepParcels(intake.parcels, receivedAt);
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
        // Of a drain every position is new: then no index has to be asked for each of them.
        bool mayBeOccupied = false;
        std::set<record::Position> positions;
        for (const Arrival& arrival : intake.arrivals) {
            const auto& [kiosk, epoch, seq] = arrival.position;
            mayBeOccupied = mayBeOccupied || heldOf({kiosk, epoch}).holds(Hold::Received, seq) ||
                            !positions.insert(arrival.position).second;
        }
        std::vector<Verdict> verdicts = takeArrivals(intake.arrivals, receivedAt, mayBeOccupied);
        for (std::size_t i = 0; i < verdicts.size(); ++i) {
            const Arrival& arrival = intake.arrivals[i];
            const auto& [kiosk, epoch, seq] = arrival.position;
            const Sequence sequence{kiosk, epoch};
            const Hold hold = verdicts[i] == Verdict::Conflict ? Hold::Quarantined : Hold::Received;
            const bool fits = heldOf(sequence).add(hold, {seq, arrival.before, arrival.after});
            if (verdicts[i] == Verdict::Stored && !fits) {
                noteFork(arrival.id, receivedAt);
                verdicts[i] = Verdict::Forked;
            }
            if (arrival.withheld && isNew(verdicts[i])) {
                withhold(arrival, receivedAt);
            } else if (!arrival.withheld && verdicts[i] == Verdict::Duplicate) {
                release(arrival);
            }
        }
        noteHeard(intake, receivedAt);
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
        grew(Grown::Arrived, verdicts.size());
        return verdicts;
    });
}

void SqlStore::noteHeard(const Intake& intake, record::WallTime receivedAt) {
    std::map<Sequence, Announcement> heard;
    if (intake.sorted.empty()) {  // else their kiosk was heard when they came
        for (const Arrival& arrival : intake.arrivals) {
            const auto& [kiosk, epoch, seq] = arrival.position;
            Announcement& announced = heard[{kiosk, epoch}];
            announced.lastSeq = std::max(announced.lastSeq, seq);
        }
    }
    for (const Announcement& announcement : intake.announcements) {
        Announcement& announced = heard[announcement.sequence];
        announced.lastSeq = std::max(announced.lastSeq, announcement.lastSeq);
        if (announcement.forkOf) {
            announced.forkOf = announcement.forkOf;
        }
    }
    std::map<Sequence, record::Millis> clocksAhead;
    if (intake.isHeard) {  // else it said so long ago
        for (const ClockSaid& clock : intake.clocks) {
            clocksAhead[clock.sequence] = clock.time - receivedAt;
        }
    }
    const record::WallTime heardAt = intake.isHeard ? receivedAt : record::WallTime();
    for (const auto& [sequence, announced] : heard) {
        const auto ahead = clocksAhead.find(sequence);
        query(
            "INSERT INTO kiosk_epoch VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT "
            "(tenant_id, event_id, kiosk, epoch) DO UPDATE SET announced_last = CASE WHEN "
            "kiosk_epoch.announced_last > excluded.announced_last THEN "
            "kiosk_epoch.announced_last ELSE excluded.announced_last END, "
            "heard_at = CASE WHEN excluded.heard_at = 0 THEN kiosk_epoch.heard_at ELSE "
            "excluded.heard_at END, "
            "fork_epoch = coalesce(excluded.fork_epoch, kiosk_epoch.fork_epoch), "
            "fork_seq = coalesce(excluded.fork_seq, kiosk_epoch.fork_seq), "
            "clock_ahead_ms = coalesce(excluded.clock_ahead_ms, kiosk_epoch.clock_ahead_ms)",
            sequence.kiosk, sequence.epoch, announced.lastSeq, heardAt,
            announced.forkOf ? std::optional(announced.forkOf->epoch) : std::nullopt,
            announced.forkOf ? std::optional(announced.forkOf->seq) : std::nullopt,
            ahead == clocksAhead.end() ? std::nullopt : std::optional(ahead->second))
            .run();
    }
}

void SqlStore::quarantineConflict(const Arrival& arrival, record::WallTime at) {
    const auto& [kiosk, epoch, seq] = arrival.position;
    Suspect suspect{kiosk.value, arrival.sealed, Reason::Conflict};
    suspect.detail = fmt::format("record {} at {}/{} is here with other bytes",
                                 record::uuidText(arrival.id), epoch.hex(), seq);
    suspect.sequence = Sequence{kiosk, epoch};
    suspect.links = {{seq, arrival.before, arrival.after}};
    quarantineOne(suspect, at);
}

void SqlStore::withhold(const Arrival& arrival, record::WallTime at) {
    query(
        "UPDATE sealed_unit SET standing = 2 WHERE tenant_id = ?1 AND event_id = ?2 AND "
        "unit_id = ?3",
        arrival.id)
        .run();
    const auto& [kiosk, epoch, seq] = arrival.position;
    Suspect suspect{kiosk.value, arrival.sealed, arrival.withheld->reason};
    suspect.detail = fmt::format("record {} at {}/{}: from its kiosk's disk",
                                 record::uuidText(arrival.id), epoch.hex(), seq);
    suspect.unit = arrival.id;
    suspect.subject = arrival.withheld->subject;
    quarantineOne(suspect, at);
}

void SqlStore::release(const Arrival& arrival) {
    const int gone =
        query(
            "DELETE FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 AND digest = ?3 AND "
            "reason = ?4 AND topic = ?5 AND unit_id = ?6 AND discarded_at IS NULL",
            arrival.digest, Reason::Recovered, arrival.position.kiosk.value, arrival.id)
            .change();
    if (gone > 0) {
        query(
            "UPDATE sealed_unit SET standing = 0 WHERE tenant_id = ?1 AND event_id = ?2 AND "
            "unit_id = ?3 AND standing = 2",
            arrival.id)
            .run();
    }
}

void SqlStore::noteFork(const record::RecordId& id, record::WallTime at) {
    query("INSERT INTO fork VALUES (?1, ?2, ?3, ?4)", id, at).run();
}

void SqlStore::quarantineOne(const Suspect& suspect, record::WallTime at) {
    const seal::Digest digest = seal::digestOf(suspect.payload);
    // A kiosk that resends the same broken payload makes one entry, not a full disk.
    query(
        "INSERT INTO quarantine (tenant_id, event_id, digest, reason, topic, payload, detail, "
        "first_at, last_at, unit_id, subject_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, "
        "?10) ON CONFLICT (tenant_id, event_id, digest, reason, topic) DO UPDATE SET "
        "times = quarantine.times + 1, last_at = excluded.last_at",
        digest, suspect.reason, suspect.topic, suspect.payload, suspect.detail, at, suspect.unit,
        suspect.subject)
        .run();
    if (suspect.links.empty()) {
        return;
    }
    Query entry = query(
        "SELECT number FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 AND digest = ?3 AND "
        "reason = ?4 AND topic = ?5",
        digest, suspect.reason, suspect.topic);
    entry.step();
    const std::int64_t number = entry.integer(0);
    for (const Link& link : suspect.links) {
        query(
            "INSERT INTO quarantined_link VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO "
            "NOTHING",
            suspect.sequence->kiosk, suspect.sequence->epoch, link.seq, number, link.before,
            link.after)
            .run();
    }
}

Held SqlStore::readHeld(const Sequence& sequence) {
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

void SqlStore::keepHeld(const Sequence& sequence, const Held& before, const Held& now) {
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

Held SqlStore::readSettled(const Sequence& sequence) {
    Held held = readHeld(sequence);
    Query row = query(
        "SELECT seq, chain_before, chain_after FROM quarantined_link l JOIN quarantine q ON "
        "q.number = l.number WHERE l.tenant_id = ?1 AND l.event_id = ?2 AND l.kiosk = ?3 AND "
        "l.epoch = ?4 AND q.discarded_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
        "quarantined_link o JOIN quarantine p ON p.number = o.number WHERE o.tenant_id = "
        "l.tenant_id AND o.event_id = l.event_id AND o.kiosk = l.kiosk AND o.epoch = l.epoch AND "
        "o.seq = l.seq AND p.discarded_at IS NULL)",
        sequence.kiosk, sequence.epoch);
    while (row.step()) {
        held.add(Hold::Received,
                 {row.count(0), row.id<record::ChainHash>(1), row.id<record::ChainHash>(2)});
    }
    return held;
}

Result<Held> SqlStore::held(const Sequence& sequence) {
    return guarded("read what is held", [&]() -> Result<Held> { return readSettled(sequence); });
}

Result<std::vector<record::Epoch>> SqlStore::epochsOf(const record::KioskId& kiosk) {
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
