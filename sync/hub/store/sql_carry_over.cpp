// SPDX-License-Identifier: GPL-3.0-or-later
// A database that takes another one's place takes over what it lacks of it. What the other still
// has sealed is opened and filed here once more, with all that follows from it. Of what was
// destroyed there the answers alone are left, and with them who must not come back: these rows are
// copied.
#include "sync/hub/store/sql_store.h"

namespace tapport::hub {

std::uint64_t SqlStore::unitsOf(std::uint64_t version) {
    Query row = query(
        "SELECT count(*) FROM unit WHERE tenant_id = ?1 AND event_id = ?2 AND state_version = ?3",
        version);
    row.step();
    return row.count(0);
}

CarriedOver SqlStore::carry(record::WallTime at) {
    CarriedOver carried;
    std::vector<record::SubjectId> subjects;
    std::vector<std::pair<std::int64_t, Discard>> discards;
    SqlTransaction transaction(*connection_);
    aftermath_ = {};
    const std::uint64_t version = nextVersion();
    {
        Query row = query(
            "SELECT DISTINCT u.subject_id FROM replaced.unit u JOIN replaced.sealed_unit s ON "
            "s.tenant_id = u.tenant_id AND s.event_id = u.event_id AND s.unit_id = u.unit_id "
            "WHERE u.tenant_id = ?1 AND u.event_id = ?2 AND length(s.sealed) = 0 AND NOT EXISTS "
            "(SELECT 1 FROM sealed_unit m WHERE m.tenant_id = u.tenant_id AND m.event_id = "
            "u.event_id AND m.unit_id = u.unit_id)");
        while (row.step()) {
            subjects.push_back(row.id<record::SubjectId>(0));
        }
    }
    carryClashes(at);
    carried.records = carryUnits();
    carryWhatIsLeft(version);
    carried.destroyed = unitsOf(version);
    carried.suppressions = static_cast<std::uint64_t>(
        Query(*connection_,
              "INSERT INTO suppression SELECT tenant_id, mark, event_id, consent_id, ?2 FROM "
              "replaced.suppression WHERE tenant_id = ?1 ON CONFLICT DO NOTHING",
              scope_.tenant, version)
            .change());
    carried.quarantined = carryQuarantine();
    carryHeld();
    for (const record::SubjectId& subject : subjects) {
        heedLastWords(subject, version);
        // What kiosks were told is no longer all, and cannot be told anew.
        retract(subject, Retract::Everything);
    }
    for (const record::SubjectId& subject : aftermath_.erased) {
        eraseRoster(subject);
    }
    carryRosterErasures();
    {
        Query row = query(
            "SELECT m.number, r.discarded_at, r.discarded_by, r.discarded_why FROM "
            "replaced.quarantine r JOIN quarantine m ON m.tenant_id = r.tenant_id AND m.event_id = "
            "r.event_id AND m.digest = r.digest AND m.reason = r.reason AND m.topic = r.topic "
            "WHERE r.tenant_id = ?1 AND r.event_id = ?2 AND r.discarded_at IS NOT NULL AND "
            "m.discarded_at IS NULL");
        while (row.step()) {
            discards.emplace_back(row.integer(0), Discard{row.time(1), row.text(2), row.text(3)});
        }
    }
    for (const auto& [number, discard] : discards) {
        destroyQuarantined(number, discard);
        aftermath_.hasErased = true;
    }
    query(
        "INSERT INTO export_log SELECT * FROM replaced.export_log WHERE tenant_id = ?1 AND "
        "event_id = ?2 ON CONFLICT DO NOTHING")
        .run();
    transaction.commit();
    catchUp();
    takeEffect(version);
    return carried;
}

std::uint64_t SqlStore::carryUnits() {
    const int units =
        query(
            "INSERT INTO sealed_unit (tenant_id, event_id, unit_id, kiosk, epoch, seq, digest, "
            "sealed, received_at, standing) SELECT tenant_id, event_id, unit_id, kiosk, epoch, "
            "seq, digest, sealed, received_at, CASE WHEN length(sealed) = 0 THEN standing WHEN "
            "EXISTS (SELECT 1 FROM replaced.quarantine q WHERE q.tenant_id = s.tenant_id AND "
            "q.event_id = s.event_id AND q.unit_id = s.unit_id AND q.reason = ?3 AND "
            "q.discarded_at IS NULL) THEN 2 ELSE 0 END FROM replaced.sealed_unit s WHERE "
            "tenant_id = ?1 AND event_id = ?2 ON CONFLICT DO NOTHING",
            Reason::Recovered)
            .change();
    // Its own forks, and where each of the two has another record.
    query(
        "INSERT INTO fork SELECT * FROM replaced.fork f WHERE tenant_id = ?1 AND event_id = ?2 "
        "AND EXISTS (SELECT 1 FROM sealed_unit m WHERE m.tenant_id = f.tenant_id AND m.event_id = "
        "f.event_id AND m.unit_id = f.unit_id) ON CONFLICT DO NOTHING")
        .run();
    query(
        "INSERT INTO fork SELECT s.tenant_id, s.event_id, s.unit_id, s.received_at FROM "
        "replaced.sealed_unit s JOIN sealed_unit m ON m.tenant_id = s.tenant_id AND m.event_id = "
        "s.event_id AND m.kiosk = s.kiosk AND m.epoch = s.epoch AND m.seq = s.seq AND m.unit_id "
        "<> s.unit_id WHERE s.tenant_id = ?1 AND s.event_id = ?2 AND NOT EXISTS (SELECT 1 FROM "
        "replaced.sealed_unit o WHERE o.tenant_id = m.tenant_id AND o.event_id = m.event_id AND "
        "o.unit_id = m.unit_id) ON CONFLICT DO NOTHING")
        .run();
    return static_cast<std::uint64_t>(units);
}

/// Of units that are not sealed anywhere any more. A filed one has its rows here already, unless it
/// has just come.
void SqlStore::carryWhatIsLeft(std::uint64_t version) {
    query(
        "INSERT INTO unit (tenant_id, event_id, unit_id, kind, subject_id, occurred_at, "
        "clock_quality, boot_id, monotonic_ms, kiosk, epoch, seq, received_at, receipt_id, proof, "
        "state_version, proof_state) SELECT u.tenant_id, u.event_id, u.unit_id, u.kind, "
        "u.subject_id, u.occurred_at, u.clock_quality, u.boot_id, u.monotonic_ms, u.kiosk, "
        "u.epoch, u.seq, u.received_at, u.receipt_id, u.proof, ?3, u.proof_state FROM "
        "replaced.unit u JOIN sealed_unit m ON m.tenant_id = u.tenant_id AND m.event_id = "
        "u.event_id AND m.unit_id = u.unit_id WHERE u.tenant_id = ?1 AND u.event_id = ?2 AND "
        "m.standing = 1 AND length(m.sealed) = 0 ON CONFLICT DO NOTHING",
        version)
        .run();
    query(
        "INSERT INTO consent_event SELECT c.* FROM replaced.consent_event c JOIN unit m ON "
        "m.tenant_id = c.tenant_id AND m.event_id = c.event_id AND m.unit_id = c.unit_id WHERE "
        "c.tenant_id = ?1 AND c.event_id = ?2 AND m.state_version = ?3 ON CONFLICT DO NOTHING",
        version)
        .run();
}

/// Under an id that is another record's here.
void SqlStore::carryClashes(record::WallTime at) {
    Query row = query(
        "SELECT s.unit_id, s.kiosk, s.epoch, s.seq, s.sealed, s.digest FROM replaced.sealed_unit s "
        "JOIN sealed_unit m ON m.tenant_id = s.tenant_id AND m.event_id = s.event_id AND m.unit_id "
        "= s.unit_id WHERE s.tenant_id = ?1 AND s.event_id = ?2 AND m.digest <> s.digest AND "
        "length(s.sealed) > 0");
    while (row.step()) {
        const Bytes sealed = toBytes(row.bytes(4));
        Arrival arrival;
        arrival.id = row.id<record::RecordId>(0);
        arrival.position = {{row.text(1)}, row.id<record::Epoch>(2), row.count(3)};
        arrival.digest = row.id<seal::Digest>(5);
        arrival.sealed = sealed;
        quarantineConflict(arrival, at);
    }
}

/// What a unit is in quarantine for is found again when it is opened; but not that it was read from
/// a disk, nor what is no unit, nor what somebody gave up.
std::uint64_t SqlStore::carryQuarantine() {
    const int entries =
        query(
            "INSERT INTO quarantine (tenant_id, event_id, digest, reason, topic, payload, detail, "
            "first_at, last_at, times, unit_id, subject_id, discarded_at, discarded_by, "
            "discarded_why) SELECT tenant_id, event_id, digest, reason, topic, payload, detail, "
            "first_at, last_at, times, unit_id, subject_id, discarded_at, discarded_by, "
            "discarded_why FROM replaced.quarantine q WHERE tenant_id = ?1 AND event_id = ?2 AND "
            "(unit_id IS NULL OR discarded_at IS NOT NULL OR (reason = ?3 AND EXISTS (SELECT 1 "
            "FROM sealed_unit m WHERE m.tenant_id = q.tenant_id AND m.event_id = q.event_id AND "
            "m.unit_id = q.unit_id AND m.standing = 2 AND length(m.sealed) > 0))) ORDER BY number "
            "ON CONFLICT DO NOTHING",
            Reason::Recovered)
            .change();
    query(
        "INSERT INTO quarantined_link SELECT l.tenant_id, l.event_id, l.kiosk, l.epoch, l.seq, "
        "m.number, l.chain_before, l.chain_after FROM replaced.quarantined_link l JOIN "
        "replaced.quarantine r ON r.number = l.number JOIN quarantine m ON m.tenant_id = "
        "r.tenant_id AND m.event_id = r.event_id AND m.digest = r.digest AND m.reason = r.reason "
        "AND m.topic = r.topic WHERE l.tenant_id = ?1 AND l.event_id = ?2 ON CONFLICT DO NOTHING")
        .run();
    return static_cast<std::uint64_t>(entries);
}

void SqlStore::carryHeld() {
    query(
        "INSERT INTO kiosk_epoch SELECT * FROM replaced.kiosk_epoch WHERE tenant_id = ?1 AND "
        "event_id = ?2 ON CONFLICT (tenant_id, event_id, kiosk, epoch) DO UPDATE SET "
        "announced_last = max(kiosk_epoch.announced_last, excluded.announced_last), heard_at = "
        "max(kiosk_epoch.heard_at, excluded.heard_at), fork_epoch = coalesce(excluded.fork_epoch, "
        "kiosk_epoch.fork_epoch), fork_seq = coalesce(excluded.fork_seq, kiosk_epoch.fork_seq), "
        "clock_ahead_ms = coalesce(excluded.clock_ahead_ms, kiosk_epoch.clock_ahead_ms)")
        .run();
    std::map<Sequence, std::vector<HeldSpan>> theirs;
    {
        Query row = query(
            "SELECT kiosk, epoch, is_quarantined, first_seq, last_seq, chain_before, chain_after "
            "FROM replaced.held_span WHERE tenant_id = ?1 AND event_id = ?2 ORDER BY "
            "is_quarantined");
        while (row.step()) {
            theirs[{{row.text(0)}, row.id<record::Epoch>(1)}].push_back(
                {row.enumeration<Hold>(2),
                 {row.count(3), row.count(4)},
                 row.id<record::ChainHash>(5),
                 row.id<record::ChainHash>(6)});
        }
    }
    for (const auto& [sequence, spans] : theirs) {
        const Held before = readHeld(sequence);
        Held now = before;
        for (const HeldSpan& span : spans) {
            now.fill(span);
        }
        keepHeld(sequence, before, now);
    }
}

/// What an erasure took out of the organiser's roster stays out.
void SqlStore::carryRosterErasures() {
    std::vector<DownPut> puts;
    {
        Query row = query(
            "SELECT item_key, subject_id FROM replaced.down_item r WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND kind = ?3 AND kiosk = '' AND payload IS NULL AND subject_id IS NOT "
            "NULL AND NOT EXISTS (SELECT 1 FROM down_item m WHERE m.tenant_id = r.tenant_id AND "
            "m.event_id = r.event_id AND m.kind = r.kind AND m.kiosk = '' AND m.item_key = "
            "r.item_key AND m.payload IS NULL AND m.subject_id IS NOT NULL)",
            wire::ItemKind::Roster);
        while (row.step()) {
            puts.push_back({{wire::ItemKind::Roster, toBytes(row.bytes(0)), std::nullopt},
                            {},
                            {},
                            row.id<record::SubjectId>(1)});
        }
    }
    tell(puts);
}

}  // namespace tapport::hub
