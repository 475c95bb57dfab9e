// SPDX-License-Identifier: GPL-3.0-or-later
// drain_vs_bridge [--all] [--sqlite] [--once]: 10,000 (and 100,000) records that waited through an
// outage, from the kiosk's outbox to committed in the hub and acknowledged, beside mosquitto's own
// bridge with a persistent queue of the same sealed bytes. In turns, so that the machine's moods
// meet all alike.
#include "sync/program/log.h"
#include "sync/seal/seal.h"
#include "tests/bench/bridge_rig.h"
#include "tests/bench/figures.h"
#include "tests/bench/kiosk_rig.h"
#include "tests/support/postgres.h"

#include <cstdlib>
#include <exception>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace {

using namespace tapport::bench;

enum class Dialect : std::uint8_t { Sqlite, Postgres };

struct Lane {
    const char* name;
    Dialect dialect;
    std::size_t batch;
    Samples perSecond{};
};

void print(const std::string& name, const Samples& samples, double bridge) {
    fmt::print("{:<34} {:>8.0f} ({:>6.0f} to {:>6.0f})  {:>5.2f} x\n", name, samples.quantile(0.5),
               samples.quantile(0), samples.quantile(1), samples.quantile(0.5) / bridge);
}

void measure(std::uint64_t records, int runs, std::optional<tapport::support::Postgres>& server) {
    KioskRig kiosk(records);
    const std::vector<tapport::Bytes> sealed = kiosk.sealed();
    BridgeRig bridge(sealed);
    Samples bridged;
    std::vector<Lane> lanes{{"SQLite, batch 50", Dialect::Sqlite, 50},
                            {"SQLite, batch 200", Dialect::Sqlite, 200}};
    if (server) {
        lanes.push_back({"PostgreSQL, batch 50", Dialect::Postgres, 50});
        lanes.push_back({"PostgreSQL, batch 200", Dialect::Postgres, 200});
    }
    int databases = 0;
    const NewDatabase newSchema = [&] {
        return server->url(fmt::format("drain{}_{}", records, ++databases));
    };
    for (int run = 0; run < runs; ++run) {
        bridged.add(bridge.drain());
        for (Lane& lane : lanes) {
            lane.perSecond.add(
                kiosk.drain(lane.batch, lane.dialect == Dialect::Postgres ? newSchema : nullptr));
        }
    }
    double load = 0;
    ::getloadavg(&load, 1);
    fmt::print("{} records of {} sealed bytes; records/s, median of {}; load average {:.1f}\n",
               records, sealed.front().size(), runs, load);
    const double beside = bridged.quantile(0.5);
    print("mosquitto bridge, in flight 20", bridged, beside);
    for (const Lane& lane : lanes) {
        print(lane.name, lane.perSecond, beside);
    }
}

}  // namespace

int main(int argc, char** argv) {
    bool isAll = false;
    bool hasPostgres = true;
    int runs = 5;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        isAll = isAll || word == "--all";
        hasPostgres = hasPostgres && word != "--sqlite";
        runs = word == "--once" ? 1 : runs;
    }
    tapport::program::startLogging("bench", "warning");
    if (!tapport::seal::initialise()) {
        return 1;
    }
    try {
        std::optional<tapport::support::Postgres> server;
        if (hasPostgres) {
            server.emplace();
        }
        measure(10'000, runs, server);
        if (isAll) {
            measure(100'000, runs, server);
        }
    } catch (const std::exception& failure) {
        fmt::print(stderr, "drain_vs_bridge: {}\n", failure.what());
        return 1;
    }
    return 0;
}
