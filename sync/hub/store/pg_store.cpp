// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/store/pg_store.h"

#include "sync/hub/store/pg_array.h"
#include "sync/hub/store/pg_connection.h"
#include "sync/hub/store/pg_schema.h"
#include "sync/hub/store/sql_store.h"

#include <set>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

/// Arrivals as the columns of unnest().
struct Columns {
    explicit Columns(std::span<const Arrival> arrivals) {
        for (const Arrival& arrival : arrivals) {
            ids.add(arrival.id.view());
            kiosks.add(arrival.position.kiosk.value);
            epochs.add(arrival.position.epoch.view());
            seqs.add(arrival.position.seq);
            digests.add(arrival.digest.view());
            sealed.add(arrival.sealed);
            shards.add(std::uint64_t{wire::shardOf(arrival.position.kiosk)});
        }
    }
    PgArray ids{PgArray::Of::Blobs};
    PgArray kiosks{PgArray::Of::Texts};
    PgArray epochs{PgArray::Of::Blobs};
    PgArray seqs{PgArray::Of::Integers};
    PgArray digests{PgArray::Of::Blobs};
    PgArray sealed{PgArray::Of::Blobs};
    PgArray shards{PgArray::Of::Integers};
};

using Places = std::set<std::uint64_t>;

Places placesOf(Query row) {
    Places places;
    while (row.step()) {
        places.insert(row.count(0));
    }
    return places;
}

// The shards of a worker, which is ?3 and ?4: until somebody takes them, also those that ran out.
constexpr std::string_view kOwnShards =
    " AND shard IN (SELECT shard FROM shard_lease WHERE tenant_id = ?1 AND event_id = ?2 AND "
    "worker = ?3 AND instance = ?4 AND held_until > '-infinity')";

/// The server sends all rows of an answer: `limit`, a parameter, has it count bytes, for which it
/// reads no payload.
std::string oldestParcels(std::string_view which, std::string_view limit) {
    constexpr int kMost = 64;
    return fmt::format(
        "SELECT number, kiosk, payload, received_at FROM inbox WHERE number IN (SELECT number FROM "
        "(SELECT number, sum(octet_length(payload)) OVER (ORDER BY number) - octet_length(payload) "
        "AS below FROM (SELECT number, payload FROM inbox WHERE tenant_id = ?1 AND event_id = ?2{} "
        "ORDER BY number LIMIT {}) AS oldest) AS counted WHERE below < {}) ORDER BY number",
        which, kMost, limit);
}

class PgStore final : public SqlStore {
  public:
    PgStore(std::unique_ptr<SqlConnection> connection, Scope scope,
            const ledger::SuppressionKey& key, std::optional<Worker> worker)
        : SqlStore(std::move(connection), std::move(scope), key), worker_(std::move(worker)) {}

    Result<std::vector<Waiting>> waiting(Whose whose, std::size_t most) override;
    Result<> copyTo(const std::filesystem::path& /*file*/) override {
        return fail(Code::InvalidConfig, "PostgreSQL is copied with pg_dump");
    }
    Result<CarriedOver> carryOver(const std::filesystem::path& /*replaced*/,
                                  record::WallTime /*at*/) override {
        return fail(Code::InvalidConfig, "PostgreSQL's own tools replace its database");
    }

  private:
    Query parcelRows(Whose whose, std::size_t mostBytes) override;
    Query parcelRowsOf(const record::KioskId& kiosk, std::size_t mostBytes) override;
    void fence(const Intake& intake) override;
    void seeOneMoment() override {
        connection().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    }
    /// Nobody else takes anything of these shards' kiosks until the commit.
    void shutOut(const Shards& shards);
    std::vector<Verdict> takeArrivals(std::span<const Arrival> arrivals,
                                      record::WallTime receivedAt, bool mayBeOccupied) override;
    std::set<record::RecordId> insert(const Columns& arrivals, record::WallTime receivedAt);
    /// By their place in `arrivals`, from 1: at whose position another record stands already.
    Places findOccupied(const Columns& arrivals);
    /// Likewise: which are here, byte by byte.
    Places findSame(const Columns& arrivals);
    void grew(Grown which, std::size_t records) override;
    /// The server's vacuum does it, soon (pg_schema.cpp).
    void destroyDeleted() override {}

    std::optional<Worker> worker_;
    struct Growth {
        const char* count;            ///< the statement that counts its tables
        std::size_t records = 0;      ///< that came to them since this was made
        std::size_t countedAt = 500;  ///< how many of them before they are counted again
    };
    Growth arrived_{"ANALYZE (SKIP_LOCKED) sealed_unit, held_span, inbox"};
    Growth filed_{"ANALYZE (SKIP_LOCKED) unit, contact, consent_event, conversation, promise"};
};

/// As the parameter of ANY().
PgArray arrayOf(const Shards& shards) {
    PgArray array(PgArray::Of::Integers);
    for (std::size_t shard = 0; shard < shards.size(); ++shard) {
        if (shards.test(shard)) {
            array.add(std::uint64_t{shard});
        }
    }
    return array;
}

Shards shardsOf(const Intake& intake) {
    Shards shards;
    const auto need = [&](const record::KioskId& kiosk) { shards.set(wire::shardOf(kiosk)); };
    for (const Parcel& parcel : intake.parcels) {
        need(parcel.kiosk);
    }
    for (const Arrival& arrival : intake.arrivals) {
        need(arrival.position.kiosk);
    }
    for (const Announcement& announcement : intake.announcements) {
        need(announcement.sequence.kiosk);
    }
    for (const Suspect& suspect : intake.suspects) {
        if (suspect.sequence) {
            need(suspect.sequence->kiosk);
        }
    }
    return shards;
}

void PgStore::fence(const Intake& intake) {
    const Shards needed = shardsOf(intake);
    if (intake.whose == Whose::Anybodys) {
        return shutOut(needed);
    }
    if (!worker_) {
        return;
    }
    const PgArray shards = arrayOf(needed);
    // Locked until the commit: nobody takes them over before it. One that ran out while the
    // database was away is ours as long as nobody has.
    Query row = query(
        "SELECT shard FROM shard_lease WHERE tenant_id = ?1 AND event_id = ?2 AND worker = ?3 AND "
        "instance = ?4 AND held_until > '-infinity' AND shard = ANY(?5) ORDER BY shard FOR SHARE",
        worker_->name, worker_->instance, shards);
    std::size_t held = 0;
    while (row.step()) {
        ++held;
    }
    if (held < needed.count()) {
        throw SqlError(Code::Busy, SqlError::Kind::Other, "another worker serves this kiosk");
    }
}

void PgStore::shutOut(const Shards& shards) {
    const PgArray all = arrayOf(shards);
    Query row = query(
        "SELECT shard FROM shard_lease WHERE tenant_id = ?1 AND event_id = ?2 AND shard = ANY(?3) "
        "ORDER BY shard FOR UPDATE",
        all);
    while (row.step()) {
    }
}

Query PgStore::parcelRows(Whose whose, std::size_t mostBytes) {
    // Statements are known by where they are.
    static const std::string own = oldestParcels(kOwnShards, "?5");
    static const std::string anybodys = oldestParcels("", "?3");
    const std::uint64_t most = mostBytes;
    return !worker_ || whose == Whose::Anybodys
               ? query(anybodys.c_str(), most)
               : query(own.c_str(), worker_->name, worker_->instance, most);
}

Query PgStore::parcelRowsOf(const record::KioskId& kiosk, std::size_t mostBytes) {
    static const std::string kiosks = oldestParcels(" AND kiosk = ?3", "?4");
    return query(kiosks.c_str(), kiosk, std::uint64_t{mostBytes});
}

Result<std::vector<Waiting>> PgStore::waiting(Whose whose, std::size_t most) {
    if (!worker_ || whose == Whose::Anybodys) {
        return SqlStore::waiting(whose, most);
    }
    return guarded("read waiting units", [&]() -> Result<std::vector<Waiting>> {
        static const std::string own = fmt::format(
            "SELECT unit_id, kiosk, epoch, seq, sealed FROM sealed_unit WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND standing = 0{} ORDER BY unit_id LIMIT ?5",
            kOwnShards);
        return readWaiting(
            query(own.c_str(), worker_->name, worker_->instance, static_cast<std::uint64_t>(most)));
    });
}

/// The server counts its tables once a minute, and keeps its plans until it does. When an event
/// begins they are empty: one index is as good as another, and what finds all of the event's rows
/// is used to find one, thousands of times. What arrives and what is filed grow at times of their
/// own: after an outage all of a backlog is here before the first of it is filed.
void PgStore::grew(Grown which, std::size_t records) {
    constexpr std::size_t kGrowth = 4;
    Growth& growth = which == Grown::Arrived ? arrived_ : filed_;
    growth.records += records;
    if (growth.records < growth.countedAt) {
        return;
    }
    growth.countedAt = kGrowth * growth.records;
    try {
        connection().execute(growth.count);
    } catch (const SqlError&) {  // the transaction is committed, and the server will count
    }
}

std::vector<Verdict> PgStore::takeArrivals(std::span<const Arrival> arrivals,
                                           record::WallTime receivedAt, bool mayBeOccupied) {
    if (arrivals.empty()) {
        return {};
    }
    const Columns columns(arrivals);
    const Places occupied = mayBeOccupied ? findOccupied(columns) : Places{};
    std::set<record::RecordId> fresh = insert(columns, receivedAt);
    const Places same = fresh.size() < arrivals.size() ? findSame(columns) : Places{};
    std::set<record::Position> taken;
    std::vector<Verdict> verdicts;
    for (const Arrival& arrival : arrivals) {
        const std::size_t place = verdicts.size() + 1;
        if (fresh.erase(arrival.id) == 0) {
            if (!same.contains(place)) {
                quarantineConflict(arrival, receivedAt);
            }
            verdicts.push_back(same.contains(place) ? Verdict::Duplicate : Verdict::Conflict);
        } else if (taken.insert(arrival.position).second && !occupied.contains(place)) {
            verdicts.push_back(Verdict::Stored);
        } else {
            noteFork(arrival.id, receivedAt);
            verdicts.push_back(Verdict::Forked);
        }
    }
    return verdicts;
}

std::set<record::RecordId> PgStore::insert(const Columns& arrivals, record::WallTime receivedAt) {
    // Of one id twice in a batch, the first is inserted.
    Query row = query(
        "INSERT INTO sealed_unit (tenant_id, event_id, received_at, unit_id, kiosk, epoch, seq, "
        "digest, sealed, shard) SELECT ?1, ?2, ?3, * FROM unnest(?4, ?5, ?6, ?7, ?8, ?9, ?10) ON "
        "CONFLICT (tenant_id, event_id, unit_id) DO NOTHING RETURNING unit_id",
        receivedAt, arrivals.ids, arrivals.kiosks, arrivals.epochs, arrivals.seqs, arrivals.digests,
        arrivals.sealed, arrivals.shards);
    std::set<record::RecordId> inserted;
    while (row.step()) {
        inserted.insert(row.id<record::RecordId>(0));
    }
    return inserted;
}

Places PgStore::findOccupied(const Columns& arrivals) {
    return placesOf(query(
        "SELECT a.place FROM unnest(?3, ?4, ?5, ?6) WITH ORDINALITY AS a (id, kiosk, epoch, seq, "
        "place) JOIN sealed_unit s ON s.tenant_id = ?1 AND s.event_id = ?2 AND s.kiosk = a.kiosk "
        "AND s.epoch = a.epoch AND s.seq = a.seq AND s.unit_id <> a.id",
        arrivals.ids, arrivals.kiosks, arrivals.epochs, arrivals.seqs));
}

Places PgStore::findSame(const Columns& arrivals) {
    return placesOf(
        query("SELECT a.place FROM unnest(?3, ?4) WITH ORDINALITY AS a (id, digest, place) JOIN "
              "sealed_unit s ON s.tenant_id = ?1 AND s.event_id = ?2 AND s.unit_id = a.id AND "
              "s.digest = a.digest",
              arrivals.ids, arrivals.digests));
}

}  // namespace

Result<std::unique_ptr<Store>> openPgStore(const std::string& url, Scope scope,
                                           const ledger::SuppressionKey& key,
                                           std::optional<Worker> worker) {
    return guarded("open the hub's database", [&]() -> Result<std::unique_ptr<Store>> {
        auto connection = std::make_unique<PgConnection>(url);
        if (auto migrated = migratePg(*connection); !migrated) {
            return tl::unexpected(migrated.error());
        }
        if (auto checked = checkSuppressionKey(*connection, key); !checked) {
            return tl::unexpected(checked.error());
        }
        return std::make_unique<PgStore>(std::move(connection), std::move(scope), key,
                                         std::move(worker));
    });
}

}  // namespace tapport::hub
