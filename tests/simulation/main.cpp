// SPDX-License-Identifier: GPL-3.0-or-later
// tapport-simulation: worlds under seeds, on all processors; names the first seed that fails. With
// --mutants each rule of the protocol is broken once, and must be found out.
#include "sync/program/log.h"
#include "tests/simulation/world.h"
#include "tests/support/sample_event.h"

#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace tapport::simulation {
namespace {

constexpr std::uint64_t kSeeds = 2000;
constexpr std::uint64_t kAllSeeds = 20'000;
constexpr std::uint64_t kSeedsAMutant = 100;

struct Options {
    std::uint64_t seeds = kSeeds;
    std::uint64_t first = 1;
    std::optional<std::uint64_t> seed;
    std::string mutant;
    bool runsMutants = false;
};

struct Outcome {
    std::uint64_t worlds = 0;
    std::uint64_t confirmed = 0;
    std::uint64_t takenBack = 0;
    std::uint64_t exported = 0;
    std::uint64_t forks = 0;
    std::uint64_t refused = 0;
    std::uint64_t dropped = 0;
    std::uint64_t told = 0;
    /// The lowest seed that failed, and how.
    std::optional<std::pair<std::uint64_t, std::string>> failure;
};

/// Until all seeds are done or one of them failed.
Outcome runWorlds(const event::Event& event, std::uint64_t first, std::uint64_t seeds,
                  Mutant mutant) {
    Outcome outcome;
    std::mutex mutex;
    std::atomic<std::uint64_t> next = first;
    std::atomic<bool> isOver = false;
    const auto work = [&] {
        for (std::uint64_t seed = next++; seed < first + seeds && !isOver; seed = next++) {
            try {
                const Report report = World(event, seed, mutant).run();
                const std::lock_guard lock(mutex);
                ++outcome.worlds;
                outcome.confirmed += report.confirmed;
                outcome.takenBack += report.takenBack;
                outcome.exported += report.exported;
                outcome.refused += report.refused;
                outcome.dropped += report.dropped;
                outcome.told += report.told;
                outcome.forks += static_cast<std::uint64_t>(report.forks);
            } catch (const Violation& violation) {
                const std::lock_guard lock(mutex);
                if (!outcome.failure || outcome.failure->first > seed) {
                    outcome.failure = {seed, violation.what()};
                }
                isOver = true;
            }
        }
    };
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
        threads.emplace_back(work);
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    return outcome;
}

int runSeeds(const event::Event& event, const Options& options, Mutant mutant) {
    const std::uint64_t first = options.seed.value_or(options.first);
    const std::uint64_t seeds = options.seed ? 1 : options.seeds;
    const Outcome outcome = runWorlds(event, first, seeds, mutant);
    if (outcome.failure) {
        const auto& [seed, what] = *outcome.failure;
        fmt::print("FAILED with seed {} ({}): {}\nagain: tapport-simulation --seed {}{}\n", seed,
                   nameOf(troubleOf(seed)), what, seed,
                   options.mutant.empty() ? "" : " --mutant " + options.mutant);
        return 1;
    }
    fmt::print(
        "{} worlds: {} records confirmed, each at the hub once; {} times taken back by phone; {} "
        "rows exported, {} exports refused; {} records dropped behind backups; kiosks told {} "
        "times; {} copies of cards found\n",
        outcome.worlds, outcome.confirmed, outcome.takenBack, outcome.exported, outcome.refused,
        outcome.dropped, outcome.told, outcome.forks);
    return 0;
}

int runMutants(const event::Event& event) {
    int survivors = 0;
    for (const NamedMutant& one : kMutants) {
        const Outcome outcome = runWorlds(event, 1, kSeedsAMutant, one.mutant);
        survivors += outcome.failure ? 0 : 1;
        fmt::print("{:<24}{}\n", one.name,
                   outcome.failure ? fmt::format("seed {:>3}: {}", outcome.failure->first,
                                                 outcome.failure->second)
                                   : "NOT FOUND");
        std::fflush(stdout);
    }
    return survivors == 0 ? 0 : 1;
}

}  // namespace
}  // namespace tapport::simulation

int main(int argc, char** argv) {
    using namespace tapport::simulation;
    Options options;
    CLI::App app("Kiosks, a broker, a hub and the people of a trade show, under seeds");
    app.add_option("--seeds", options.seeds, "how many worlds")->capture_default_str();
    app.add_option("--first", options.first, "the first seed")->capture_default_str();
    app.add_option("--seed", options.seed, "this world only");
    app.add_flag_callback(
        "--all", [&options] { options.seeds = kAllSeeds; }, "20,000 worlds");
    app.add_option("--mutant", options.mutant, "break this rule");
    app.add_flag("--mutants", options.runsMutants, "break each rule once: all must be found");
    CLI11_PARSE(app, argc, argv);

    const auto mutant = options.mutant.empty() ? Mutant::None : mutantNamed(options.mutant);
    if (!mutant) {
        fmt::print(stderr, "no such mutant: {}\n", options.mutant);
        return 2;
    }
    // What fails here is meant to.
    tapport::program::startLogging("tapport-simulation", "error");
    const tapport::event::Event event = tapport::support::sampleEvent();
    return options.runsMutants ? runMutants(event) : runSeeds(event, options, *mutant);
}
