// SPDX-License-Identifier: GPL-3.0-or-later
// What kiosks are told: the log, and what filing puts into it.
#include "sync/hub/store/badge_memory.h"
#include "sync/hub/store/sql_store.h"
#include "sync/vault/withdrawn.h"

#include <algorithm>
#include <array>

namespace tapport::hub {

DownLane laneOf(const DownPut& put) {
    const bool isErased = put.subject && !put.item.payload;
    return put.item.kind == wire::ItemKind::Roster && !isErased ? DownLane::Bulk : DownLane::Urgent;
}

Result<wire::DownVersion> SqlStore::downVersion() {
    return guarded("read the downstream version",
                   [&]() -> Result<wire::DownVersion> { return readDownVersion(); });
}

Result<std::vector<std::size_t>> SqlStore::putDown(std::span<const DownPut> puts) {
    return guarded("tell kiosks", [&]() -> Result<std::vector<std::size_t>> {
        SqlTransaction transaction(*connection_);
        tell(puts);
        std::vector<std::size_t> passedOver = notTold(puts);
        transaction.commit();
        return passedOver;
    });
}

std::vector<std::size_t> SqlStore::notTold(std::span<const DownPut> puts) {
    std::array<std::vector<std::size_t>, 2> ofLane;
    for (std::size_t i = 0; i < puts.size(); ++i) {
        ofLane.at(static_cast<std::size_t>(laneOf(puts[i]))).push_back(i);
    }
    const wire::DownVersion through = readDownVersion();
    std::vector<std::size_t> missing;
    for (const DownLane lane : {DownLane::Urgent, DownLane::Bulk}) {
        const std::vector<std::size_t>& indexes = ofLane.at(static_cast<std::size_t>(lane));
        if (indexes.empty()) {
            continue;
        }
        // Versions in the order of the puts, and nobody else's: the counter's row is locked.
        const std::uint64_t before =
            (lane == DownLane::Bulk ? through.bulk : through.urgent) - indexes.size();
        std::vector<bool> isTold(indexes.size());
        Query row = query(
            "SELECT version FROM down_item WHERE tenant_id = ?1 AND event_id = ?2 AND lane = ?3 "
            "AND version > ?4",
            lane, before);
        while (row.step()) {
            isTold.at(row.count(0) - before - 1) = true;
        }
        for (std::size_t i = 0; i < indexes.size(); ++i) {
            if (!isTold[i]) {
                missing.push_back(indexes[i]);
            }
        }
    }
    std::sort(missing.begin(), missing.end());
    return missing;
}

Result<DownPage> SqlStore::downPage(const record::KioskId& kiosk, const wire::DownVersion& after) {
    return guarded("read what to tell", [&]() -> Result<DownPage> {
        // First: what another worker puts meanwhile has a higher version.
        const wire::DownVersion newest = readDownVersion();
        return readDownPage(kiosk, after, newest);
    });
}

Result<DownPage> SqlStore::downPageOfRevoked(const record::KioskId& kiosk,
                                             const wire::DownVersion& after) {
    return guarded("read what to tell", [&]() -> Result<DownPage> {
        const std::uint64_t last = revocationOf(kiosk);
        if (last <= after.urgent) {
            return DownPage{{}, after};
        }
        DownPage page = readDownPage(kiosk, after, {last, after.bulk});
        page.rest = wire::Rest::Some;  // of which it is not told
        return page;
    });
}

/// The version of the command that says so; 0 without.
std::uint64_t SqlStore::revocationOf(const record::KioskId& kiosk) {
    Query row = query(
        "SELECT version FROM down_item WHERE tenant_id = ?1 AND event_id = ?2 AND kind = ?3 AND "
        "kiosk = ?4 AND item_key = ?5 AND payload IS NOT NULL",
        wire::ItemKind::Command, kiosk, viewOf(wire::kRevoked));
    return row.step() ? row.count(0) : 0;
}

DownPage SqlStore::readDownPage(const record::KioskId& kiosk, const wire::DownVersion& after,
                                const wire::DownVersion& newest) {
    constexpr std::uint64_t kMostItems = 256;
    static_assert(kMostItems <= wire::kMostChunkItems);
    const std::uint64_t hasSome = after == wire::DownVersion{} ? 0 : 1;
    DownPage page{{}, after};
    std::size_t bytes = wire::kChunkOverhead;
    /// False: there is more of this order, for which this page has no room.
    const auto add = [&](DownLane lane, std::uint64_t from, std::uint64_t to,
                         std::uint64_t& through) {
        const std::uint64_t most = kMostItems - page.items.size();
        Query row = query(
            "SELECT version, kind, item_key, payload FROM down_item WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND lane = ?3 AND version > ?4 AND version <= ?5 AND (kiosk = '' "
            "OR kiosk = ?6) AND (?7 > 0 OR payload IS NOT NULL) ORDER BY version LIMIT ?8",
            lane, from, to, kiosk, hasSome, most);
        std::uint64_t rows = 0;
        for (; row.step(); ++rows) {
            wire::DownItem item{row.enumeration<wire::ItemKind>(1), toBytes(row.bytes(2)), {}};
            if (!row.isNull(3)) {
                item.payload = toBytes(row.bytes(3));
            }
            bytes += item.key.size() + item.payload.value_or(Bytes{}).size() + wire::kItemOverhead;
            if (bytes > wire::kMostChunkBytes) {
                return false;
            }
            through = row.count(0);
            page.items.push_back(std::move(item));
        }
        if (rows < most) {
            through = std::max(from, to);
        }
        return rows < most;
    };
    if (add(DownLane::Urgent, after.urgent, newest.urgent, page.through.urgent)) {
        add(DownLane::Bulk, after.bulk, newest.bulk, page.through.bulk);
    }
    page.rest = page.through.reaches(newest) ? wire::Rest::None : wire::Rest::Some;
    return page;
}

Result<std::optional<DownPut>> SqlStore::findDown(wire::ItemKind kind, const record::KioskId& kiosk,
                                                  ByteView key) {
    return guarded("read what was told", [&]() -> Result<std::optional<DownPut>> {
        Query row = query(
            "SELECT payload, fingerprint, subject_id FROM down_item WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND kind = ?3 AND kiosk = ?4 AND item_key = ?5 AND payload IS NOT NULL",
            kind, kiosk, key);
        if (!row.step()) {
            return std::optional<DownPut>();
        }
        DownPut found{{kind, toBytes(key), toBytes(row.bytes(0))}, kiosk, {}, {}};
        found.fingerprint = toBytes(row.bytes(1));
        found.subject = row.optionalId<record::SubjectId>(2);
        return std::optional(std::move(found));
    });
}

Result<bool> SqlStore::isErased(wire::ItemKind kind, ByteView key) {
    return guarded("read what was erased", [&]() -> Result<bool> {
        return query(
                   "SELECT 1 FROM down_item WHERE tenant_id = ?1 AND event_id = ?2 AND kind = ?3 "
                   "AND kiosk = '' AND item_key = ?4 AND payload IS NULL AND subject_id IS NOT "
                   "NULL",
                   kind, key)
            .step();
    });
}

Result<std::uint64_t> SqlStore::takeBack(wire::ItemKind kind, std::uint64_t most) {
    return guarded("take back what was told", [&]() -> Result<std::uint64_t> {
        SqlTransaction transaction(*connection_);
        std::vector<DownPut> puts;
        {
            Query row = query(
                "SELECT item_key FROM down_item WHERE tenant_id = ?1 AND event_id = ?2 AND kind = "
                "?3 AND kiosk = '' AND payload IS NOT NULL LIMIT ?4",
                kind, most);
            while (row.step()) {
                puts.push_back(DownPut{{kind, toBytes(row.bytes(0)), std::nullopt}});
            }
        }
        tell(puts);
        transaction.commit();
        return puts.size();
    });
}

wire::DownVersion SqlStore::readDownVersion() {
    Query row(*connection_, "SELECT down_version, bulk_version FROM hub");
    row.step();
    return {row.count(0), row.count(1)};
}

void SqlStore::tell(std::span<const DownPut> puts) {
    if (puts.empty()) {
        return;
    }
    const auto bulk =
        static_cast<std::uint64_t>(std::count_if(puts.begin(), puts.end(), [](const DownPut& put) {
            return laneOf(put) == DownLane::Bulk;
        }));
    wire::DownVersion version;
    {
        // The row stays locked until the commit: versions become visible in their order.
        Query row(*connection_,
                  "UPDATE hub SET down_version = down_version + ?1, bulk_version = bulk_version + "
                  "?2 RETURNING down_version, bulk_version",
                  std::uint64_t{puts.size()} - bulk, bulk);
        row.step();
        version = {row.count(0) - (puts.size() - bulk), row.count(1) - bulk};
    }
    for (const DownPut& put : puts) {
        const auto payload = put.item.payload.has_value()
                                 ? std::optional(ByteView(*put.item.payload))
                                 : std::nullopt;
        const DownLane lane = laneOf(put);
        // The condition: who puts has read what stands, and another worker may have put since.
        query(
            "INSERT INTO down_item VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON "
            "CONFLICT (tenant_id, event_id, kind, kiosk, item_key) DO UPDATE SET version = "
            "excluded.version, payload = excluded.payload, fingerprint = excluded.fingerprint, "
            "subject_id = excluded.subject_id, bare = excluded.bare, lane = excluded.lane WHERE "
            "NOT "
            "((down_item.payload IS NULL AND down_item.subject_id IS NOT NULL AND "
            "excluded.subject_id IS NULL) OR (down_item.kind IN (?12, ?13) AND "
            "excluded.fingerprint < down_item.fingerprint))",
            put.item.kind, put.kiosk, ByteView(put.item.key),
            ++(lane == DownLane::Bulk ? version.bulk : version.urgent), payload,
            ByteView(put.fingerprint), put.subject, ByteView(put.bare), lane,
            wire::ItemKind::Command, wire::ItemKind::EventPart)
            .run();
    }
}

void SqlStore::tellOf(const Badges& badges) {
    std::vector<DownPut> puts;
    for (const auto& [subject, access] : badges) {
        const ByteView lookup = access.lookup.view();
        ClosedMemory closed = closedMemory(readDossier(subject), access);
        puts.push_back({{wire::ItemKind::Vault, toBytes(lookup), std::move(closed.whole)},
                        {},
                        {},
                        subject,
                        std::move(closed.bare)});
        // Part of the entry from now on; left beside it, it would stand against what comes later.
        const Bytes beside = vault::withdrawnKey(access.lookup);
        if (query("SELECT 1 FROM down_item WHERE tenant_id = ?1 AND event_id = ?2 AND kind = ?3 "
                  "AND kiosk = '' AND item_key = ?4 AND payload IS NOT NULL",
                  wire::ItemKind::Vault, ByteView(beside))
                .step()) {
            puts.push_back(DownPut{{wire::ItemKind::Vault, beside, std::nullopt}});
        }
    }
    tell(puts);
}

void SqlStore::tellOfWithdrawn(const record::SubjectId& subject) {
    const Bytes payload = withdrawnMemory(readDossier(subject));
    std::vector<DownPut> puts;
    {
        Query row = query(
            "SELECT item_key FROM down_item WHERE tenant_id = ?1 AND event_id = ?2 AND subject_id "
            "= ?3 AND kind = ?4",
            subject, wire::ItemKind::Vault);
        while (row.step()) {
            if (const auto lookup = record::VaultLookup::from(row.bytes(0))) {
                puts.push_back(
                    DownPut{{wire::ItemKind::Vault, vault::withdrawnKey(*lookup), payload}});
            }
        }
    }
    tell(puts);
}

void SqlStore::retract(const record::SubjectId& subject, Retract what) {
    std::vector<DownPut> puts;
    {
        Query row = query(
            "SELECT item_key, bare FROM down_item WHERE tenant_id = ?1 AND event_id = ?2 AND "
            "subject_id = ?3 AND kind = ?4 AND payload IS NOT NULL AND (?5 = 0 OR payload <> bare)",
            subject, wire::ItemKind::Vault, what);
        while (row.step()) {
            DownPut put{
                {wire::ItemKind::Vault, toBytes(row.bytes(0)), std::nullopt}, {}, {}, subject};
            if (what == Retract::Personal) {
                put.item.payload = toBytes(row.bytes(1));
                put.bare = *put.item.payload;
            }
            puts.push_back(std::move(put));
        }
    }
    tell(puts);
}

void SqlStore::eraseRoster(const record::SubjectId& subject) {
    std::vector<DownPut> puts;
    {
        // The subject of a row without a payload says that it is to stay like that.
        Query row = query(
            "SELECT item_key FROM down_item WHERE tenant_id = ?1 AND event_id = ?2 AND kind = ?3 "
            "AND kiosk = '' AND subject_id = ?4 AND item_key NOT IN (SELECT item_key FROM "
            "down_item WHERE tenant_id = ?1 AND event_id = ?2 AND kind = ?5 AND kiosk = '' AND "
            "subject_id = ?4)",
            wire::ItemKind::Vault, subject, wire::ItemKind::Roster);
        while (row.step()) {
            puts.push_back(
                {{wire::ItemKind::Roster, toBytes(row.bytes(0)), std::nullopt}, {}, {}, subject});
        }
    }
    tell(puts);
}

}  // namespace tapport::hub
