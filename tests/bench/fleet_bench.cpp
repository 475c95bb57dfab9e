// SPDX-License-Identifier: GPL-3.0-or-later
// fleet_bench [--eight | --thousand]: how fast 8 kiosks drain into one hub on SQLite and
// PostgreSQL, what a record costs on the wire, and 1,000 that come back at the same moment: how
// long until all is acknowledged, and how much memory the hub needs at most.
#include "sync/program/log.h"
#include "sync/receipt/full_receipt.h"
#include "tests/bench/figures.h"
#include "tests/bench/kiosk_data.h"
#include "tests/bench/plain_json.h"
#include "tests/bench/sim_kiosk.h"
#include "tests/bench/used_postgres.h"
#include "tests/journey/hub_site.h"

#include <cstdlib>
#include <exception>
#include <fstream>
#include <numeric>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

namespace {

using namespace tapport;
using namespace tapport::bench;

constexpr int kRuns = 5;

std::vector<SimCard> makeCards(const journey::HubSite& site, int kiosks, std::uint32_t visits) {
    std::vector<SimCard> cards;
    std::vector<receipt::KioskKey> published;
    for (int i = 1; i <= kiosks; ++i) {
        cards.push_back(makeCard({fmt::format("kiosk-{}", i)}, site.event(), visits));
        published.push_back({cards.back().kiosk, cards.back().keys.publicKey});
    }
    site.publish(std::move(published));
    return cards;
}

Fleet makeFleet(const std::vector<SimCard>& cards, const journey::HubSite& site,
                std::size_t batchRows) {
    Fleet fleet;
    for (const SimCard& card : cards) {
        fleet.push_back(std::make_unique<SimKiosk>(card, site.event(), batchRows));
    }
    return fleet;
}

/// VmHWM: the most that was ever resident.
double peakMegabytes(pid_t process) {
    std::ifstream status(fmt::format("/proc/{}/status", process));
    for (std::string line; std::getline(status, line);) {
        if (line.rfind("VmHWM:", 0) == 0) {
            return std::stod(line.substr(line.find_first_of("0123456789"))) / 1024;
        }
    }
    throw std::runtime_error("the hub is gone");
}

struct Load {
    double one = 0;
    Load() { ::getloadavg(&one, 1); }
};

void measureEight(UsedPostgres& server) {
    constexpr std::uint32_t kVisits = 2'500;
    constexpr std::size_t kBatch = 200;
    journey::HubSite site;
    const std::vector<SimCard> cards = makeCards(site, 8, kVisits);
    const double records = kVisits * static_cast<double>(cards.size());
    enum { kSqlite, kPostgres };
    const std::array<const char*, 2> names{"SQLite", "PostgreSQL"};
    std::array<Samples, 2> perSecond;
    std::uint64_t bytes = 0;
    for (int run = 0; run < kRuns; ++run) {
        for (const int kind : {kSqlite, kPostgres}) {
            std::unique_ptr<support::ChildProcess> worker;
            if (kind == kSqlite) {
                std::filesystem::remove_all(site.path("hub"));
                site.startHub();
            } else {
                worker = site.startWorker(fmt::format("eight{}", run), server.newDatabase());
            }
            const Fleet fleet = makeFleet(cards, site, kBatch);
            perSecond.at(kind).add(records / drainAll(fleet, site.broker().port()));
            bytes = std::accumulate(
                fleet.begin(), fleet.end(), std::uint64_t{0},
                [](std::uint64_t sum, const auto& kiosk) { return sum + kiosk->link().bytes(); });
            if (kind == kSqlite) {
                site.stopHub();
            }
        }
    }
    fmt::print("8 kiosks, {:.0f} records, batch {}; records/s, median of {}; load average {:.1f}\n",
               records, kBatch, kRuns, Load().one);
    for (std::size_t kind = 0; kind < names.size(); ++kind) {
        const Samples& samples = perSecond.at(kind);
        fmt::print("  {:<26} {:>8.0f} ({:>6.0f} to {:>6.0f})\n", names.at(kind),
                   samples.quantile(0.5), samples.quantile(0), samples.quantile(1));
    }

    const record::PositionedUnit plain{
        {cards.front().kiosk, {}, kVisits}, sampleVisit(site.event(), 1).units.front(), {}};
    const std::size_t json = plainJson(plain).size();
    const std::size_t sealed = cards.front().card.rows.begin()->second.row.sealed.size();
    fmt::print("bytes a record, a visit with {} answers and contact\n", plain.unit.consents.size());
    fmt::print("  plain JSON, neither signed nor sealed                  {:>6}\n", json);
    fmt::print("  sealed and padded, with proof and signature inside     {:>6}\n", sealed);
    fmt::print("  on the wire with MQTT and acknowledgements, batch {}  {:>6.0f}\n", kBatch,
               static_cast<double>(bytes) / records);
}

void measureThousand() {
    constexpr int kKiosks = 1'000;
    constexpr std::uint32_t kVisits = 50;
    journey::HubSite site;
    const std::vector<SimCard> cards = makeCards(site, kKiosks, kVisits);
    const pid_t hub = site.startHub();
    const double before = peakMegabytes(hub);
    const double seconds = drainAll(makeFleet(cards, site, 200), site.broker().port());
    fmt::print(
        "{} kiosks at once, {} records each: all acknowledged after {:.1f} s ({:.0f} records/s), "
        "hub at most {:.0f} MiB ({:.0f} before); load average {:.1f}\n",
        kKiosks, kVisits, seconds, kKiosks * kVisits / seconds, peakMegabytes(hub), before,
        Load().one);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view only = argc > 1 ? argv[1] : "";
    tapport::program::startLogging("bench", "warning");
    if (!seal::initialise()) {
        return 1;
    }
    try {
        if (only != "--thousand") {
            UsedPostgres server;
            measureEight(server);
        }
        if (only != "--eight") {
            measureThousand();
        }
    } catch (const std::exception& failure) {
        fmt::print(stderr, "fleet_bench: {}\n", failure.what());
        return 1;
    }
    return 0;
}
