// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/store/pg_leases.h"

#include "sync/hub/store/pg_array.h"
#include "sync/hub/store/sql_store.h"

namespace tapport::hub {
namespace {

constexpr auto kLeaseMillis = static_cast<std::int64_t>(Leases::kLease.count());

Shards shardsOf(Query& row) {
    Shards shards;
    while (row.step()) {
        shards.set(static_cast<std::size_t>(row.count(0)));
    }
    return shards;
}

/// In the order in which all lock them: an update's own is any, and two that wait for each other
/// cost a second.
void lock(Query row) {
    while (row.step()) {
    }
}

}  // namespace

Result<std::vector<std::string>> liveWorkers(const std::string& url) {
    return guarded("read who is at work", [&]() -> Result<std::vector<std::string>> {
        PgConnection connection(url);
        Query row(connection,
                  "SELECT worker FROM hub_worker WHERE alive_until > clock_timestamp() UNION "
                  "SELECT worker FROM shard_lease WHERE held_until > clock_timestamp() ORDER BY 1");
        std::vector<std::string> names;
        while (row.step()) {
            names.push_back(row.text(0));
        }
        return names;
    });
}

Result<Shards> PgLeases::renew() {
    return guarded("renew leases", [&]() -> Result<Shards> {
        if (!hasBegun_) {
            begin();
        }
        SqlTransaction transaction(connection_);
        const std::size_t workers = countWorkers();
        const std::size_t share = (wire::kShards + workers - 1) / workers;
        Shards held = renewHeld();
        giveUp(held, share);
        take(held, share);
        transaction.commit();
        return held;
    });
}

/// The last run of this name is over, or shut out from here on.
void PgLeases::begin() {
    SqlTransaction transaction(connection_);
    query(
        "INSERT INTO shard_lease SELECT ?1, ?2, shard, ?3, ?4, '-infinity' FROM "
        "generate_series(0, 63) AS shard ORDER BY shard ON CONFLICT DO NOTHING")
        .run();
    lock(
        query("SELECT shard FROM shard_lease WHERE tenant_id = ?1 AND event_id = ?2 AND worker = "
              "?3 ORDER BY shard FOR UPDATE"));
    query(
        "UPDATE shard_lease SET instance = ?4 WHERE tenant_id = ?1 AND event_id = ?2 AND "
        "worker = ?3")
        .run();
    transaction.commit();
    hasBegun_ = true;
}

std::size_t PgLeases::countWorkers() {
    Query(connection_,
          "INSERT INTO hub_worker VALUES (?1, ?2, ?3, clock_timestamp() + ?4 * interval '1 ms') ON "
          "CONFLICT (tenant_id, event_id, worker) DO UPDATE SET alive_until = excluded.alive_until",
          scope_.tenant, scope_.event, worker_.name, kLeaseMillis)
        .run();
    Query row(connection_,
              "SELECT count(*) FROM hub_worker WHERE tenant_id = ?1 AND event_id = ?2 AND "
              "alive_until > clock_timestamp()",
              scope_.tenant, scope_.event);
    row.step();
    return std::max<std::size_t>(row.count(0), 1);
}

void PgLeases::lockOwn() {
    lock(
        query("SELECT shard FROM shard_lease WHERE tenant_id = ?1 AND event_id = ?2 AND worker = "
              "?3 AND instance = ?4 ORDER BY shard FOR UPDATE"));
}

Shards PgLeases::renewHeld() {
    lockOwn();
    // An expired one that nobody took is still ours.
    Query row = query(
        "UPDATE shard_lease SET held_until = clock_timestamp() + ?5 * interval '1 ms' WHERE "
        "tenant_id = ?1 AND event_id = ?2 AND worker = ?3 AND instance = ?4 AND "
        "held_until > '-infinity' RETURNING shard",
        kLeaseMillis);
    return shardsOf(row);
}

void PgLeases::giveUp(Shards& held, std::size_t share) {
    PgArray surplus(PgArray::Of::Integers);
    for (std::size_t shard = wire::kShards; shard-- > 0 && held.count() > share;) {
        if (held.test(shard)) {
            held.reset(shard);
            surplus.add(std::uint64_t{shard});
        }
    }
    query(
        "UPDATE shard_lease SET held_until = '-infinity' WHERE tenant_id = ?1 AND event_id = ?2 "
        "AND worker = ?3 AND instance = ?4 AND shard = ANY(?5)",
        surplus)
        .run();
}

void PgLeases::take(Shards& held, std::size_t share) {
    if (held.count() >= share) {
        return;
    }
    // Rows that are locked belong to a transaction that still takes records: the next time.
    Query row = query(
        "UPDATE shard_lease SET worker = ?3, instance = ?4, held_until = clock_timestamp() + ?5 * "
        "interval '1 ms' WHERE tenant_id = ?1 AND event_id = ?2 AND shard IN (SELECT shard FROM "
        "shard_lease WHERE tenant_id = ?1 AND event_id = ?2 AND held_until <= clock_timestamp() "
        "ORDER BY shard LIMIT ?6 FOR UPDATE SKIP LOCKED) RETURNING shard",
        kLeaseMillis, static_cast<std::uint64_t>(share - held.count()));
    held |= shardsOf(row);
}

void PgLeases::release() {
    (void)guarded("release leases", [&]() -> Result<> {
        SqlTransaction transaction(connection_);
        lockOwn();
        query(
            "UPDATE shard_lease SET held_until = '-infinity' WHERE tenant_id = ?1 AND event_id = "
            "?2 AND worker = ?3 AND instance = ?4")
            .run();
        Query(connection_,
              "DELETE FROM hub_worker WHERE tenant_id = ?1 AND event_id = ?2 AND worker = ?3",
              scope_.tenant, scope_.event, worker_.name)
            .run();
        transaction.commit();
        return {};
    });
}

}  // namespace tapport::hub
