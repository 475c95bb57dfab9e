// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the hub takes 10,000 sealed units, in SQLite and in PostgreSQL beside each other: from
// the payload to the commit in this process, and from publish to acknowledgement through a real
// broker and a real hub. Median of five.
#include "sync/hub/ingest/ingest.h"
#include "sync/hub/opener/filing.h"
#include "sync/hub/store/pg_store.h"
#include "sync/hub/store/sqlite_store.h"
#include "sync/program/program.h"
#include "sync/seal/chain.h"
#include "sync/wire/topics.h"
#include "tests/journey/hub_site.h"
#include "tests/support/postgres.h"
#include "tests/support/sample_event.h"
#include "tests/sync/hub/samples.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace {

using namespace tapport;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kUnits = 10'000;
constexpr int kRounds = 5;
// As a kiosk does it: what is unacknowledged never exceeds this.
constexpr std::size_t kWindowBytes = 256 * 1024;

std::vector<wire::BatchUnit> makeUnits(const record::EventId& event, ByteView publicKey) {
    std::vector<wire::BatchUnit> units;
    for (std::uint64_t seq = 1; seq <= kUnits; ++seq) {
        record::PositionedUnit visit =
            hub::samples::visit(seq, static_cast<std::uint8_t>(seq % 251));
        visit.unit.event = event;
        program::fillRandom(visit.signature.bytes.data(), visit.signature.bytes.size());
        units.push_back({visit.unit.id, seal::sealUnit(visit, publicKey)});
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
    receipt::SigningKeys kiosk = receipt::makeSigningKeys();
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

    std::unique_ptr<hub::Store> open(Dialect dialect) {
        return dialect == Dialect::Sqlite
                   ? hub::openSqliteStore(dir_ / fmt::format("hub{}.db", ++made_),
                                          hub::samples::kScope, hub::samples::kKey)
                         .value()
                   : hub::openPgStore(url(), hub::samples::kScope, hub::samples::kKey, {}).value();
    }
    std::string url() { return server_.url(fmt::format("hub{}", ++made_)); }

  private:
    support::TempDir dir_;
    support::Postgres server_;
    int made_ = 0;
};

/// Payload to commit, one transaction a batch.
double takeInProcess(const std::vector<wire::Batch>& batches, hub::Store& store) {
    const Signing signing;
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
double sortInProcess(const std::vector<wire::Batch>& batches, hub::Store& store) {
    const Signing signing;
    hub::Ingest ingest(store, batches.front().event, signing.signatures());
    keepAll(batches, ingest, signing);
    const auto start = Clock::now();
    (void)ingest.sorting().all(hub::Whose::Own);
    return perSecond(start);
}

/// Decrypt, parse, file.
double openInProcess(const std::vector<wire::Batch>& batches, const seal::SealingKeys& keys,
                     hub::Store& store) {
    const support::TempDir dir;
    const Signing signing;
    hub::Ingest ingest(store, batches.front().event, signing.signatures());
    keepAll(batches, ingest, signing);
    (void)ingest.sorting().all(hub::Whose::Own);
    hub::LocalOpener opener(keys, batches.front().event);
    const event::Event event = support::sampleEvent();
    hub::ProofKeys keysOfNobody(dir / "keys.json", dir / "kiosks.register", event, {});
    hub::Filing filing(store, opener, keysOfNobody);
    const auto start = Clock::now();
    (void)filing.finish(hub::samples::kNow);
    return perSecond(start);
}

/// Publish to acknowledgement, in a window, while the hub opens behind.
double drainThroughBroker(const std::vector<wire::Batch>& batches,
                          const std::optional<std::string>& database) {
    journey::HubSite site;
    std::unique_ptr<support::ChildProcess> worker;
    if (database) {
        worker = site.startWorker("worker", *database);
    } else {
        site.startHub();
    }
    std::vector<Bytes> payloads;
    for (wire::Batch batch : batches) {
        batch.event = site.event().id;
        payloads.push_back(wire::encode(batch, [&](ByteView covered) {
            return receipt::signMessage(covered, site.kioskKeys());
        }));
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
    return perSecond(start);
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
    const seal::SealingKeys keys = seal::makeSealingKeys();
    const auto units = makeUnits(hub::samples::kScope.event, keys.publicKey);
    fmt::print("{} sealed units of {} bytes\n", kUnits, units.front().sealed.size());
    Databases databases;
    constexpr std::array<std::pair<Databases::Dialect, const char*>, 2> kDialects{
        {{Databases::Dialect::Sqlite, "SQLite"}, {Databases::Dialect::Postgres, "PostgreSQL"}}};
    for (const std::size_t size : {std::size_t{50}, std::size_t{200}}) {
        const auto batches = pack(units, hub::samples::kScope.event, hub::samples::epoch(), size);
        for (const auto& [kind, name] : kDialects) {
            const Databases::Dialect dialect = kind;
            report(name, "payload to commit, in process", size,
                   [&] { return takeInProcess(batches, *databases.open(dialect)); });
            report(name, "sort, in process", size,
                   [&] { return sortInProcess(batches, *databases.open(dialect)); });
            report(name, "open and file, in process", size,
                   [&] { return openInProcess(batches, keys, *databases.open(dialect)); });
            report(name, "publish to acknowledged, real hub", size, [&] {
                return drainThroughBroker(batches, dialect == Databases::Dialect::Postgres
                                                       ? std::optional(databases.url())
                                                       : std::nullopt);
            });
        }
    }
    return 0;
}
