// SPDX-License-Identifier: GPL-3.0-or-later
// drain_vs_bridge [--all] [--only LANES] [--runs N]: 10,000 (and 100,000) records that waited
// through an outage, from the kiosk's outbox to committed in the hub and acknowledged, beside
// mosquitto's own bridge with a persistent queue of the same sealed bytes. In turns, so that the
// machine's moods meet all alike.
#include "sync/program/log.h"
#include "sync/program/program.h"
#include "sync/seal/seal.h"
#include "tests/bench/bridge_rig.h"
#include "tests/bench/figures.h"
#include "tests/bench/kiosk_rig.h"
#include "tests/bench/used_postgres.h"

#include <cstdlib>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

using namespace tapport::bench;

enum class Dialect : std::uint8_t { Sqlite, Postgres };

struct Lane {
    std::string name;
    Dialect dialect;
    std::size_t batch;
    Samples acknowledged{};
    Samples sorted{};
};

struct Options {
    bool isAll = false;
    std::string only;  ///< lanes in whose name this stands; empty: all
    int runs = 5;
};

std::vector<Lane> lanesOf(const Options& options) {
    std::vector<Lane> lanes{{"SQLite, batch 50", Dialect::Sqlite, 50},
                            {"SQLite, batch 200", Dialect::Sqlite, 200},
                            {"PostgreSQL, batch 50", Dialect::Postgres, 50},
                            {"PostgreSQL, batch 200", Dialect::Postgres, 200}};
    std::erase_if(
        lanes, [&](const Lane& lane) { return lane.name.find(options.only) == std::string::npos; });
    return lanes;
}

void print(const std::string& name, const Samples& samples, double bridge) {
    fmt::print("{:<34} {:>8.0f} ({:>6.0f} to {:>6.0f})  {:>5.2f} x\n", name, samples.quantile(0.5),
               samples.quantile(0), samples.quantile(1), samples.quantile(0.5) / bridge);
}

void measure(std::uint64_t records, const Options& options, UsedPostgres& server) {
    KioskRig kiosk(records);
    const std::vector<tapport::Bytes> sealed = kiosk.sealed();
    BridgeRig bridge(sealed);
    Samples bridged;
    std::vector<Lane> lanes = lanesOf(options);
    const NewDatabase newDatabase = [&] { return server.newDatabase(); };
    for (int run = 0; run < options.runs; ++run) {
        bridged.add(bridge.drain());
        for (Lane& lane : lanes) {
            const Drained drained =
                kiosk.drain(lane.batch, lane.dialect == Dialect::Postgres ? newDatabase : nullptr);
            lane.acknowledged.add(drained.acknowledged);
            lane.sorted.add(drained.sorted);
        }
    }
    double load = 0;
    ::getloadavg(&load, 1);
    fmt::print("{} records of {} sealed bytes; records/s, median of {}; load average {:.1f}\n",
               records, sealed.front().size(), options.runs, load);
    const double beside = bridged.quantile(0.5);
    print("mosquitto bridge, in flight 20", bridged, beside);
    for (const Lane& lane : lanes) {
        print(lane.name, lane.acknowledged, beside);
    }
    for (const Lane& lane : lanes) {
        print(lane.name + ", sorted", lane.sorted, beside);
    }
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("The drain after an outage, beside mosquitto's bridge");
    app.add_flag("--all", options.isAll, "100,000 records too");
    app.add_option("--only", options.only, "lanes in whose name this stands, like PostgreSQL");
    app.add_option("--runs", options.runs, "of each lane")->check(CLI::PositiveNumber);
    CLI11_PARSE(app, argc, argv);
    tapport::program::startLogging("bench", "warning");
    constexpr std::size_t kAsTheKiosk = std::size_t{8} * 1024 * 1024;
    tapport::program::keepFreedMemory(kAsTheKiosk);
    if (!tapport::seal::initialise()) {
        return 1;
    }
    try {
        UsedPostgres server;
        measure(10'000, options, server);
        if (options.isAll) {
            measure(100'000, options, server);
        }
    } catch (const std::exception& failure) {
        fmt::print(stderr, "drain_vs_bridge: {}\n", failure.what());
        return 1;
    }
    return 0;
}
