// SPDX-License-Identifier: GPL-3.0-or-later
// Batches as they came, until they are sorted.
#include "sync/hub/store/sql_store.h"
#include "sync/wire/topics.h"

namespace tapport::hub {
namespace {

std::vector<KeptParcel> readParcels(Query row, std::size_t mostBytes) {
    std::vector<KeptParcel> parcels;
    std::size_t bytes = 0;
    while (row.step()) {
        const ByteView payload = row.bytes(2);
        bytes += payload.size();
        if (!parcels.empty() && bytes > mostBytes) {
            break;
        }
        parcels.push_back({row.integer(0), {row.text(1)}, toBytes(payload), row.time(3)});
    }
    return parcels;
}

}  // namespace

Result<std::vector<KeptParcel>> SqlStore::parcels(Whose whose, std::size_t mostBytes) {
    return guarded("read the inbox", [&]() -> Result<std::vector<KeptParcel>> {
        return readParcels(parcelRows(whose, mostBytes), mostBytes);
    });
}

Result<std::vector<KeptParcel>> SqlStore::parcelsOf(const record::KioskId& kiosk,
                                                    std::size_t mostBytes) {
    return guarded("read the inbox", [&]() -> Result<std::vector<KeptParcel>> {
        return readParcels(parcelRowsOf(kiosk, mostBytes), mostBytes);
    });
}

Result<std::int64_t> SqlStore::newestParcel() {
    return guarded("read the inbox", [&]() -> Result<std::int64_t> {
        Query row = query(
            "SELECT coalesce(max(number), 0) FROM inbox WHERE tenant_id = ?1 AND event_id = ?2");
        row.step();
        return row.integer(0);
    });
}

Query SqlStore::parcelRows(Whose /*whose*/, std::size_t /*mostBytes*/) {
    return query(
        "SELECT number, kiosk, payload, received_at FROM inbox WHERE tenant_id = ?1 AND "
        "event_id = ?2 ORDER BY number");
}

Query SqlStore::parcelRowsOf(const record::KioskId& kiosk, std::size_t /*mostBytes*/) {
    return query(
        "SELECT number, kiosk, payload, received_at FROM inbox WHERE tenant_id = ?1 AND "
        "event_id = ?2 AND kiosk = ?3 ORDER BY number",
        kiosk);
}

void SqlStore::keepParcels(std::span<const Parcel> parcels, record::WallTime receivedAt) {
    for (const Parcel& parcel : parcels) {
        query(
            "INSERT INTO inbox (tenant_id, event_id, kiosk, shard, payload, received_at) VALUES "
            "(?1, "
            "?2, ?3, ?4, ?5, ?6)",
            parcel.kiosk, std::uint64_t{wire::shardOf(parcel.kiosk)}, parcel.payload, receivedAt)
            .run();
    }
}

void SqlStore::removeParcel(std::int64_t number) {
    const int removed =
        query("DELETE FROM inbox WHERE tenant_id = ?1 AND event_id = ?2 AND number = ?3", number)
            .change();
    if (removed == 0) {
        throw SqlError(Code::Busy, SqlError::Kind::Other, "another worker has sorted this");
    }
}

}  // namespace tapport::hub
