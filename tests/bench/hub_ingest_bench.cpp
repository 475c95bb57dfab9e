// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the hub takes 10,000 sealed units, in SQLite and in PostgreSQL beside each other: from
// the payload to the commit in this process, and from publish to acknowledgement through a real
// broker and a real hub. Median of five.
#include "sync/hub/ingest/ingest.h"
#include "sync/hub/opener/filing.h"
#include "sync/hub/store/pg_store.h"
#include "sync/hub/store/sqlite_store.h"
#include "sync/program/program.h"
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"
#include "sync/wire/topics.h"
#include "tests/journey/hub_site.h"
#include "tests/support/postgres.h"
#include "tests/sync/hub/samples.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace {

using namespace tapport;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kUnits = 10'000;
constexpr int kRounds = 5;
constexpr std::array<std::size_t, 2> kBatchSizes{50, 200};
// As a kiosk does it: what is unacknowledged never exceeds this.
constexpr std::size_t kWindowBytes = 256 * 1024;

/// A figure of records that went elsewhere is none.
void require(bool holds, std::string_view what) {
    if (!holds) {
        throw std::runtime_error(fmt::format("not measured: {}", what));
    }
}

/// As the site's kiosk makes them: each proven, signed and sealed, none like another.
std::vector<wire::BatchUnit> makeUnits(const journey::HubSite& site) {
    std::vector<wire::BatchUnit> units;
    for (std::uint64_t seq = 1; seq <= kUnits; ++seq) {
        record::PositionedUnit visit = site.visit(seq);
        program::fillRandom(visit.unit.receipt->bytes.data(), visit.unit.receipt->bytes.size());
        visit.proof = receipt::prove(visit, site.event(), site.kioskKeys());
        visit.signature = receipt::signUnit(visit, site.kioskKeys());
        units.push_back({visit.unit.id, seal::sealUnit(visit, site.publicKey())});
    }
    return units;
}

std::vector<wire::Batch> pack(const std::vector<wire::BatchUnit>& units,
                              const record::EventId& event, const record::Epoch& epoch,
                              std::size_t size) {
    std::vector<wire::Batch> batches;
    record::ChainHash chain = seal::kChainStart;
    for (std::size_t at = 0; at < units.size(); at += size) {
        wire::Batch batch;
        batch.event = event;
        batch.kiosk = hub::samples::kKiosk;
        batch.epoch = epoch;
        batch.base = hub::samples::kNow;
        const auto from = units.begin() + static_cast<std::ptrdiff_t>(at);
        const auto end = from + static_cast<std::ptrdiff_t>(std::min(size, units.size() - at));
        batch.runs.push_back({at + 1, chain, {from, end}});
        for (std::uint64_t seq = at + 1; const wire::BatchUnit& unit : batch.runs[0].units) {
            chain = seal::chainAfter(chain, epoch, seq++, unit.id, seal::digestOf(unit.sealed));
        }
        batches.push_back(std::move(batch));
    }
    return batches;
}

double perSecond(Clock::time_point start) {
    return static_cast<double>(kUnits) /
           std::chrono::duration<double>(Clock::now() - start).count();
}

/// What a hub checks and signs.
struct Signing {
    receipt::SigningKeys kiosk;
    receipt::SigningKeys hub = receipt::makeSigningKeys();

    [[nodiscard]] hub::Message message(const wire::Batch& batch) const {
        return {wire::upTopic(batch.kiosk), wire::encode(batch, [&](ByteView covered) {
                    return receipt::signMessage(covered, kiosk);
                })};
    }
    [[nodiscard]] hub::Signatures signatures() const {
        return {
            [this](ByteView covered) { return receipt::signMessage(covered, hub); },
            [this](const record::KioskId&, const record::Signature& signature, ByteView covered) {
                return receipt::fits(signature, covered, kiosk.publicKey);
            }};
    }
};

/// A new database at each call.
class Databases {
  public:
    enum class Dialect : std::uint8_t { Sqlite, Postgres };

    explicit Databases(record::EventId event) : scope_{"default", std::move(event)} {}

    std::unique_ptr<hub::Store> open(Dialect dialect) {
        return dialect == Dialect::Sqlite
                   ? hub::openSqliteStore(dir_ / fmt::format("hub{}.db", ++made_), scope_,
                                          hub::samples::kKey)
                         .value()
                   : hub::openPgStore(url(), scope_, hub::samples::kKey, {}).value();
    }
    std::string url() { return server_.url(fmt::format("hub{}", ++made_)); }

  private:
    hub::Scope scope_;
    support::TempDir dir_;
    support::Postgres server_{support::Postgres::Settings{}};
    int made_ = 0;
};

/// Payload to commit, one transaction a batch.
double takeInProcess(const std::vector<wire::Batch>& batches, const Signing& signing,
                     hub::Store& store) {
    hub::Ingest ingest(store, batches.front().event, signing.signatures());
    std::vector<hub::Message> messages;
    for (const wire::Batch& batch : batches) {
        messages.push_back(signing.message(batch));
    }
    const auto start = Clock::now();
    for (const hub::Message& message : messages) {
        (void)ingest.take({message}, hub::samples::kNow).value();
    }
    return perSecond(start);
}

/// Committed, and nothing else.
void keepAll(const std::vector<wire::Batch>& batches, hub::Ingest& ingest, const Signing& signing) {
    for (const wire::Batch& batch : batches) {
        (void)ingest.take({signing.message(batch)}, hub::samples::kNow).value();
    }
}

/// From batches to records with places of their own.
double sortInProcess(const std::vector<wire::Batch>& batches, const Signing& signing,
                     hub::Store& store) {
    hub::Ingest ingest(store, batches.front().event, signing.signatures());
    keepAll(batches, ingest, signing);
    const auto start = Clock::now();
    (void)ingest.sorting().all(hub::Whose::Own);
    const double figure = perSecond(start);
    const hub::Counts counts = store.counts().value();
    require(counts.waiting == kUnits && counts.quarantined == 0, "records were not sorted");
    return figure;
}

/// Decrypt, parse, check the signature and the proof, file: Filing::kUnitsAStep at a time, however
/// they came.
double openInProcess(const std::vector<wire::Batch>& batches, const journey::HubSite& site,
                     const Signing& signing, hub::Store& store) {
    hub::Ingest ingest(store, batches.front().event, signing.signatures());
    keepAll(batches, ingest, signing);
    (void)ingest.sorting().all(hub::Whose::Own);
    hub::LocalOpener opener(site.sealingKeys(), batches.front().event);
    hub::ProofKeys keys(site.path("keys.json"), site.path("kiosks.register"), site.event(), {});
    hub::Filing filing(store, opener, keys);
    const auto start = Clock::now();
    while (filing.step(hub::samples::kNow).value()) {
    }
    const double figure = perSecond(start);
    const hub::Counts counts = store.counts().value();
    require(counts.opened.at(record::UnitKind::Visit) == kUnits && counts.quarantined == 0,
            "records were not filed");
    return figure;
}

/// A hub that has nothing yet: SQLite's, or a worker of the database of this URL.
class EmptyHub {
  public:
    EmptyHub(journey::HubSite& site, const std::optional<std::string>& database)
        : site_(site), name_(database ? "worker" : "hub") {
        std::filesystem::remove_all(site_.path(name_));
        if (database) {
            worker_ = site_.startWorker(name_, *database);
        } else {
            site_.startHub();
        }
    }
    ~EmptyHub() {
        if (!worker_) {
            (void)site_.stopHub();
        }
    }
    EmptyHub(const EmptyHub&) = delete;
    EmptyHub& operator=(const EmptyHub&) = delete;
    [[nodiscard]] std::int64_t figure(const std::string& what) const {
        return site_.figure(what, name_);
    }

  private:
    journey::HubSite& site_;
    std::string name_;
    std::unique_ptr<support::ChildProcess> worker_;
};

/// Publish to acknowledgement, in a window, while the hub opens behind.
double drainThroughBroker(const std::vector<wire::Batch>& batches, const Signing& signing,
                          journey::HubSite& site, const std::optional<std::string>& database) {
    const EmptyHub hub(site, database);
    std::vector<Bytes> payloads;
    for (const wire::Batch& batch : batches) {
        payloads.push_back(signing.message(batch).payload);
    }
    journey::KioskEnd kiosk(site);
    (void)kiosk.awaitHub(wire::Presence::Online);
    std::map<wire::BatchName, std::size_t> onTheirWay;  // in bytes
    std::size_t sent = 0;
    std::size_t inFlight = 0;
    const auto start = Clock::now();
    while (sent < payloads.size() || !onTheirWay.empty()) {
        while (sent < payloads.size() &&
               (onTheirWay.empty() || inFlight + payloads[sent].size() <= kWindowBytes)) {
            const Bytes& payload = payloads[sent++];
            inFlight += payload.size();
            onTheirWay.emplace(wire::nameOf(payload), payload.size());
            kiosk.send(payload);
        }
        const wire::Ack ack = kiosk.ack().value();
        for (const wire::Answered& answer : ack.batches) {
            if (const auto landed = onTheirWay.extract(answer.name)) {
                inFlight -= landed.mapped();
            }
        }
    }
    const double figure = perSecond(start);
    // All are alike: what it opened of them by now says what becomes of the others.
    const auto files = [&] { return hub.figure("visits") > 0 || hub.figure("quarantined") > 0; };
    require(support::waitUntil(files) && hub.figure("quarantined") == 0,
            "the hub does not file the records");
    return figure;
}

template <typename Measure>
void report(const char* dialect, const char* what, std::size_t batch, Measure measure) {
    std::vector<double> figures;
    for (int i = 0; i < kRounds; ++i) {
        figures.push_back(measure());
    }
    std::sort(figures.begin(), figures.end());
    fmt::print("{:<10} {:<36} batch {:>3}  {:>8.0f} records/s  ({:.0f} to {:.0f})\n", dialect, what,
               batch, figures[kRounds / 2], figures.front(), figures.back());
}

}  // namespace

int main() {
    if (!seal::initialise()) {
        return 1;
    }
    journey::HubSite site;
    const Signing signing{site.kioskKeys()};
    const auto units = makeUnits(site);
    fmt::print("{} sealed units of {} bytes\n", kUnits, units.front().sealed.size());
    Databases databases(site.event().id);
    constexpr std::array<std::pair<Databases::Dialect, const char*>, 2> kDialects{
        {{Databases::Dialect::Sqlite, "SQLite"}, {Databases::Dialect::Postgres, "PostgreSQL"}}};
    for (const std::size_t size : kBatchSizes) {
        const auto batches = pack(units, site.event().id, hub::samples::epoch(), size);
        for (const auto& [kind, name] : kDialects) {
            const Databases::Dialect dialect = kind;
            report(name, "payload to commit, in process", size,
                   [&] { return takeInProcess(batches, signing, *databases.open(dialect)); });
            report(name, "sort, in process", size,
                   [&] { return sortInProcess(batches, signing, *databases.open(dialect)); });
            if (size == kBatchSizes.back()) {
                report(name, "open and file, in process", size, [&] {
                    return openInProcess(batches, site, signing, *databases.open(dialect));
                });
            }
            report(name, "publish to acknowledged, real hub", size, [&] {
                return drainThroughBroker(batches, signing, site,
                                          dialect == Databases::Dialect::Postgres
                                              ? std::optional(databases.url())
                                              : std::nullopt);
            });
        }
    }
    return 0;
}
