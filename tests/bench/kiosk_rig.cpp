// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/kiosk_rig.h"

#include "firmware-app/store/store_thread.h"
#include "sync/agent/runner.h"
#include "tests/bench/figures.h"
#include "tests/bench/kiosk_data.h"

#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include <fmt/format.h>

namespace tapport::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kLongest{5};

/// The kiosk's outbox as the product has it, on the store's thread; tells when the first record
/// sets out (the bridge's clock begins later: when its first one has arrived) and when everything
/// is acknowledged.
class WatchedOutbox final : public agent::Outbox {
  public:
    WatchedOutbox(agent::Outbox& outbox, std::uint64_t rows) : outbox_(outbox), rows_(rows) {}

    Result<std::vector<agent::OutboxEpoch>> epochs() override { return outbox_.epochs(); }
    Result<std::optional<record::ChainHash>> chainAt(std::uint64_t seq) override {
        return outbox_.chainAt(seq);
    }
    Result<> startEpoch(const record::Epoch& left) override { return outbox_.startEpoch(left); }
    Result<> startHub(const wire::HubEpoch& hub) override { return outbox_.startHub(hub); }
    Result<std::vector<agent::OutboxRow>> waiting(const agent::OutboxQuery& query) override {
        const Clock::time_point asked = Clock::now();
        auto rows = outbox_.waiting(query);
        const std::lock_guard lock(mutex_);
        if (!started_ && rows && !rows->empty()) {
            started_ = asked;
        }
        return rows;
    }
    Result<> markReceived(std::span<const agent::SeqRange> numbers) override {
        auto marked = outbox_.markReceived(numbers);
        const std::lock_guard lock(mutex_);
        for (const agent::SeqRange& range : numbers) {
            marked_ += range.last - range.first + 1;
        }
        if (marked_ >= rows_) {
            changed_.notify_all();
        }
        return marked;
    }
    Result<> markQuarantined(std::span<const agent::SeqRange> numbers) override {
        return outbox_.markQuarantined(numbers);
    }
    Result<> markWaiting(std::span<const agent::SeqRange> numbers) override {
        return outbox_.markWaiting(numbers);
    }
    Result<bool> prune(const agent::SeqRange& numbers) override { return outbox_.prune(numbers); }
    Result<agent::OutboxCounts> counts() override { return outbox_.counts(); }

    /// When the first record set out.
    Clock::time_point waitUntilEmpty() {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, kLongest, [this] { return marked_ >= rows_; })) {
            throw std::runtime_error("the outbox did not drain");
        }
        return started_.value();
    }

  private:
    agent::Outbox& outbox_;
    std::uint64_t rows_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Clock::time_point> started_;
    std::uint64_t marked_ = 0;
};

}  // namespace

KioskRig::KioskRig(std::uint64_t units) : units_(units) {
    fill(*open("kiosk.db"));
}

std::unique_ptr<store::KioskStore> KioskRig::open(const std::string& file) const {
    auto store = store::KioskStore::open(
        {site_.path(file), hub::samples::kKiosk, site_.event(), site_.kioskKeys()});
    if (!store) {
        throw std::runtime_error(store.error().context);
    }
    return std::move(*store);
}

void KioskRig::fill(store::KioskStore& store) const {
    constexpr std::uint64_t kAtOnce = 250;
    for (std::uint64_t i = 0; i < units_; i += kAtOnce) {
        std::vector<record::Unit> units;
        for (std::uint64_t j = i; j < std::min(i + kAtOnce, units_); ++j) {
            units.push_back(
                sampleVisit(site_.event(), static_cast<std::uint32_t>(j)).units.front());
        }
        if (const auto done = store.commit(units, {}); !done) {
            throw std::runtime_error(done.error().context);
        }
    }
}

std::vector<Bytes> KioskRig::sealed() {
    const auto store = open("kiosk.db");
    std::vector<Bytes> all;
    for (agent::OutboxQuery query; all.size() < units_;) {
        const auto rows = store->waiting(query).value();
        for (const agent::OutboxRow& row : rows) {
            all.push_back(row.sealed);
            query.after = row.number;
        }
    }
    return all;
}

Drained KioskRig::drain(std::size_t batchRows, const NewDatabase& database) {
    const std::string name = fmt::format("run{}", ++runs_);
    std::unique_ptr<support::ChildProcess> worker;
    if (database) {
        worker = site_.startWorker(name, database());
    } else {
        fs::remove_all(site_.path("hub"));
        site_.startHub();
    }
    fs::copy_file(site_.path("kiosk.db"), site_.path(name + ".db"));

    store::StoreThread thread(open(name + ".db"));
    store::ThreadedOutbox threaded(thread);
    WatchedOutbox outbox(threaded, units_);
    agent::AgentOptions options;
    options.broker.port = site_.broker().port();
    options.pump.event = site_.event().id;
    options.pump.kiosk = hub::samples::kKiosk;
    options.pump.bootSpread = record::Millis(0);
    options.pump.batchRows = batchRows;
    options.pump.sign = [&](ByteView covered) {
        return receipt::signMessage(covered, site_.kioskKeys());
    };
    options.isHubs = [&](const record::Signature& signature, ByteView covered) {
        return receipt::fits(signature, covered, site_.event().hubKey);
    };
    const std::string hub = database ? name : "hub";
    bool hasAll = false;
    double acknowledged = 0;
    double sorted = 0;
    {
        agent::AgentRunner runner(options, outbox, [](const agent::AgentStatus&) {});
        const Clock::time_point start = outbox.waitUntilEmpty();
        acknowledged = millisSince(start) / 1000;
        hasAll = site_.figure("records", hub) == static_cast<std::int64_t>(units_);
        sorted = millisSince(start) / 1000;
    }
    if (!hasAll) {
        throw std::runtime_error("the hub does not hold what it acknowledged");
    }
    if (!database) {
        site_.stopHub();
    }
    const auto units = static_cast<double>(units_);
    return {units / acknowledged, units / sorted};
}

}  // namespace tapport::bench
