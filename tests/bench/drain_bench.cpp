// SPDX-License-Identifier: GPL-3.0-or-later
// Outbox drain: 10,000 sealed units on a kiosk after an outage -> all committed in the hub and
// acknowledged, through the real agent, mosquitto and tapport-hub.
#include "sync/agent/runner.h"
#include "sync/receipt/key_set.h"
#include "tests/bench/figures.h"
#include "tests/bench/kiosk_data.h"
#include "tests/journey/boothday/booth.h"
#include "tests/support/temp_dir.h"

#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <stdexcept>

#include <fmt/format.h>

namespace tapport::bench {
namespace {

constexpr std::uint64_t kUnits = 10'000;
constexpr int kRuns = 5;

/// The kiosk's outbox, with a bell that rings when everything is acknowledged.
class WatchedOutbox final : public agent::Outbox {
  public:
    explicit WatchedOutbox(store::KioskStore& store) : store_(store) {}

    Result<std::vector<agent::OutboxEpoch>> epochs() override { return store_.epochs(); }
    Result<std::optional<record::ChainHash>> chainAt(std::uint64_t seq) override {
        return store_.chainAt(seq);
    }
    Result<> startEpoch(const record::Epoch& left) override { return store_.startEpoch(left); }
    Result<std::vector<agent::OutboxRow>> waiting(const agent::OutboxQuery& query) override {
        return store_.waiting(query);
    }
    Result<> markReceived(std::span<const agent::SeqRange> ranges) override {
        auto marked = store_.markReceived(ranges);
        const std::lock_guard lock(mutex_);
        for (const agent::SeqRange& range : ranges) {
            acknowledged_ += range.last - range.first + 1;
        }
        changed_.notify_all();
        return marked;
    }
    Result<> markQuarantined(std::span<const agent::SeqRange> ranges) override {
        return store_.markQuarantined(ranges);
    }
    Result<> markWaiting(std::span<const agent::SeqRange> ranges) override {
        return store_.markWaiting(ranges);
    }
    Result<agent::OutboxCounts> counts() override { return store_.counts(); }

    void waitUntilEmpty() {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, std::chrono::minutes(2),
                               [this] { return acknowledged_ >= kUnits; })) {
            throw std::runtime_error("the outbox did not drain in two minutes");
        }
    }

  private:
    store::KioskStore& store_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t acknowledged_ = 0;
};

event::Event readEvent(const std::filesystem::path& file) {
    auto event = event::parse(support::readFile(file));
    if (!event) {
        throw std::runtime_error(event.error().context);
    }
    return *event;
}

void fill(store::KioskStore& store, const event::Event& event) {
    constexpr std::uint64_t kAtOnce = 250;
    for (std::uint64_t i = 0; i < kUnits; i += kAtOnce) {
        std::vector<record::Unit> units;
        for (std::uint64_t j = i; j < i + kAtOnce; ++j) {
            units.push_back(sampleVisit(event, static_cast<std::uint32_t>(j)).units.front());
        }
        if (const auto done = store.commit(units, {}); !done) {
            throw std::runtime_error(done.error().context);
        }
    }
}

struct Drained {
    double acknowledgedAfter = 0;  ///< seconds
    double openedAfter = 0;        ///< seconds
};

Drained drainOnce() {
    const support::TempDir dir;
    boothday::Booth booth(dir.path(), boothday::KioskWindow::None);
    const event::Event event = readEvent(booth.eventFile());
    const receipt::SigningKeys keys = receipt::makeSigningKeys();
    booth.publishKey(receipt::jwkText({{"bench-1"}, keys.publicKey}));
    auto store = store::KioskStore::open({dir / "bench.db", {"bench-1"}, event, keys});
    if (!store) {
        throw std::runtime_error(store.error().context);
    }
    fill(**store, event);
    WatchedOutbox outbox(**store);
    agent::AgentOptions options;
    options.broker.port = booth.broker().port();
    options.pump.event = event.id;
    options.pump.kiosk = {"bench-1"};
    options.pump.bootSpread = record::Millis(0);
    options.pump.sign = [&](ByteView covered) { return receipt::signMessage(covered, keys); };
    options.isHubs = [&](const record::Signature& signature, ByteView covered) {
        return receipt::fits(signature, covered, event.hubKey);
    };
    const auto start = Clock::now();
    agent::AgentRunner runner(options, outbox, [](const agent::AgentStatus&) {});
    outbox.waitUntilEmpty();
    Drained drained;
    drained.acknowledgedAfter = millisSince(start) / 1000;
    if (booth.waitForRecords(kUnits).records != kUnits) {
        throw std::runtime_error("the hub does not hold what it acknowledged");
    }
    drained.openedAfter = millisSince(start) / 1000;
    return drained;
}

}  // namespace

void measureDrain() {
    Samples acknowledged;
    Samples opened;
    for (int run = 0; run < kRuns; ++run) {
        const Drained drained = drainOnce();
        acknowledged.add(kUnits / drained.acknowledgedAfter);
        opened.add(kUnits / drained.openedAfter);
    }
    fmt::print("drain of {} units, connect to acknowledged     median of {}: {:>8.0f} records/s\n",
               kUnits, kRuns, acknowledged.quantile(0.5));
    fmt::print("  connect to opened and filed in the hub      median of {}: {:>8.0f} records/s\n",
               kRuns, opened.quantile(0.5));
}

}  // namespace tapport::bench
