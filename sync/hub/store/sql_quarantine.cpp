// SPDX-License-Identifier: GPL-3.0-or-later
// What could not be taken or filed: listed, tried again, given up. Given up is never gone: the
// entry stays as a tombstone, its bytes do not.
#include "sync/hub/store/sql_store.h"

namespace tapport::hub {
namespace {

/// Of a row: number, first_at, last_at, times, topic, reason, detail, length, unit_id,
/// discarded_at, discarded_by, discarded_why.
QuarantineEntry entryFrom(Query& row) {
    QuarantineEntry entry{row.integer(0), row.time(1),  row.time(2),
                          row.count(3),   row.text(4),  row.enumeration<Reason>(5),
                          row.text(6),    row.count(7), row.optionalId<record::RecordId>(8),
                          std::nullopt};
    if (!row.isNull(9)) {
        entry.discarded = Discard{row.time(9), row.text(10), row.text(11)};
    }
    return entry;
}

}  // namespace

Result<std::vector<QuarantineEntry>> SqlStore::quarantine(const std::optional<std::int64_t>& before,
                                                          std::size_t most) {
    return guarded("read the quarantine", [&]() -> Result<std::vector<QuarantineEntry>> {
        std::vector<QuarantineEntry> entries;
        Query row = query(
            "SELECT number, first_at, last_at, times, topic, reason, detail, length(payload), "
            "unit_id, discarded_at, discarded_by, discarded_why "
            "FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 AND "
            "number < coalesce(?3, 9223372036854775807) ORDER BY number DESC LIMIT ?4",
            before, static_cast<std::uint64_t>(most));
        while (row.step()) {
            entries.push_back(entryFrom(row));
        }
        return entries;
    });
}

Result<std::optional<Quarantined>> SqlStore::findQuarantined(std::int64_t number) {
    return guarded("read the quarantine", [&]() -> Result<std::optional<Quarantined>> {
        Query row = query(
            "SELECT number, first_at, last_at, times, topic, reason, detail, length(payload), "
            "unit_id, discarded_at, discarded_by, discarded_why, payload "
            "FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 AND number = ?3",
            number);
        if (!row.step()) {
            return std::nullopt;
        }
        return Quarantined{entryFrom(row), toBytes(row.bytes(12))};
    });
}

Result<std::map<std::string, std::uint64_t>> SqlStore::quarantinedBytes() {
    return guarded("read the quarantine", [&]() -> Result<std::map<std::string, std::uint64_t>> {
        std::map<std::string, std::uint64_t> bytes;
        Query row = query(
            "SELECT topic, count(*), sum(length(payload)) FROM quarantine WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND discarded_at IS NULL GROUP BY topic");
        while (row.step()) {
            bytes[row.text(0)] = row.count(1) * kQuarantineEntry + row.count(2);
        }
        return bytes;
    });
}

Result<bool> SqlStore::hasQuarantined() {
    return guarded("read the quarantine", [&]() -> Result<bool> {
        return query(
                   "SELECT 1 FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 AND "
                   "discarded_at IS NULL LIMIT 1")
            .step();
    });
}

Result<std::uint64_t> SqlStore::sentThrough(const Sequence& sequence) {
    return guarded("read what a kiosk sent", [&]() -> Result<std::uint64_t> {
        Query row = query(
            "SELECT coalesce(max(seq), 0) FROM sealed_unit WHERE tenant_id = ?1 AND event_id = ?2 "
            "AND kiosk = ?3 AND epoch = ?4 AND unit_id NOT IN (SELECT unit_id FROM quarantine "
            "WHERE tenant_id = ?1 AND event_id = ?2 AND reason = ?5 AND unit_id IS NOT NULL)",
            sequence.kiosk, sequence.epoch, Reason::Recovered);
        row.step();
        return row.count(0);
    });
}

Result<> SqlStore::retryUnit(std::int64_t number) {
    return guarded("try a unit again", [&]() -> Result<> {
        SqlTransaction transaction(*connection_);
        const int waiting =
            query(
                "UPDATE sealed_unit SET standing = 0 WHERE tenant_id = ?1 AND event_id = ?2 AND "
                "standing = 2 AND unit_id IN (SELECT unit_id FROM quarantine WHERE tenant_id = ?1 "
                "AND event_id = ?2 AND number = ?3 AND discarded_at IS NULL)",
                number)
                .change();
        if (waiting == 0) {
            return fail(Code::Conflict, "no unit that could be opened again");
        }
        query("DELETE FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 AND number = ?3",
              number)
            .run();
        transaction.commit();
        return {};
    });
}

Result<> SqlStore::retryNotProven() {
    return guarded("try units again", [&]() -> Result<> {
        SqlTransaction transaction(*connection_);
        query(
            "UPDATE sealed_unit SET standing = 0 WHERE tenant_id = ?1 AND event_id = ?2 AND "
            "standing = 2 AND unit_id IN (SELECT unit_id FROM quarantine "
            "WHERE tenant_id = ?1 AND event_id = ?2 AND reason = ?3 AND discarded_at IS NULL)",
            Reason::NotProven)
            .run();
        query(
            "DELETE FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 AND reason = ?3 AND "
            "discarded_at IS NULL",
            Reason::NotProven)
            .run();
        transaction.commit();
        return {};
    });
}

Result<bool> SqlStore::settleQuarantined(const QuarantineEntry& asItWas) {
    return guarded("take out of the quarantine", [&]() -> Result<bool> {
        SqlTransaction transaction(*connection_);
        const int gone =
            query(
                "DELETE FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 AND number = ?3 AND "
                "times = ?4 AND discarded_at IS NULL",
                asItWas.number, asItWas.times)
                .change();
        if (gone == 1) {
            query(
                "DELETE FROM quarantined_link WHERE tenant_id = ?1 AND event_id = ?2 AND number = "
                "?3",
                asItWas.number)
                .run();
        }
        transaction.commit();
        return gone == 1;
    });
}

Result<> SqlStore::discardQuarantined(std::int64_t number, const Discard& discard) {
    return guarded("discard", [&]() -> Result<> {
        SqlTransaction transaction(*connection_);
        bool isDiscarded = false;
        {
            Query row = query(
                "SELECT discarded_at FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 AND "
                "number = ?3",
                number);
            if (!row.step()) {
                return fail(Code::NotFound, "nothing with this number is in the quarantine");
            }
            isDiscarded = !row.isNull(0);
        }
        if (isDiscarded) {
            return fail(Code::Conflict, "it was discarded already");
        }
        destroyQuarantined(number, discard);
        transaction.commit();
        destroyDeleted();
        return {};
    });
}

void SqlStore::destroyQuarantined(std::int64_t number, const Discard& discard) {
    // Its digest stays: the same bytes remain a duplicate.
    query(
        "UPDATE sealed_unit SET sealed = ?4 WHERE tenant_id = ?1 AND event_id = ?2 AND "
        "standing = 2 AND unit_id IN (SELECT unit_id FROM quarantine WHERE tenant_id = ?1 AND "
        "event_id = ?2 AND number = ?3)",
        number, ByteView{})
        .run();
    query(
        "UPDATE quarantine SET payload = ?4, subject_id = NULL, discarded_at = ?5, "
        "discarded_by = ?6, discarded_why = ?7 WHERE tenant_id = ?1 AND event_id = ?2 AND "
        "number = ?3",
        number, ByteView{}, discard.at, discard.by, discard.why)
        .run();
}

}  // namespace tapport::hub
