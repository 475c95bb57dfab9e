// SPDX-License-Identifier: GPL-3.0-or-later
// The same kiosk and hub on a broker of three nodes, of which one is killed while records drain:
// each node in turn, so that kiosk and hub lose theirs. Every record is in the hub once.
#include "tests/support/cluster.h"

#include "firmware-app/store/store_thread.h"
#include "sync/mqtt/broker_config.h"
#include "tests/journey/site_agent.h"

#include <atomic>
#include <csignal>
#include <cstring>

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

using hub::samples::kKiosk;

constexpr std::uint64_t kVisitsEach = 2000;
constexpr int kNodes = 3;
// A node's death is noticed at once. What was on its way is repeated after the pump's time-out,
// which grows to a minute while a cluster that finds itself again loses repeats as well.
constexpr std::chrono::minutes kDrainPatience{4};

class ClusterJourney : public testing::TestWithParam<const char*> {
  protected:
    ClusterJourney() : cluster_(GetParam(), site_.path("cluster")) {
        std::string hub = support::readFile(site_.path("hub.toml"));
        const std::string broker = fmt::format("port = {}\n", site_.broker().port());
        hub.replace(hub.find(broker), broker.size(), cluster_.configuration());
        support::writeFile(site_.path("hub.toml"), hub);
        support::writeFile(site_.path("kiosk.toml"), "[broker]\n" + cluster_.configuration());
        std::filesystem::create_directories(site_.path("card"));
        store_.emplace(store::KioskStore::open({site_.path("card") / "kiosk.db", kKiosk,
                                                site_.event(), site_.kioskKeys()})
                           .value());
        outbox_.emplace(*store_);
        site_.startHub();
    }
    void record(std::uint64_t visits) {
        constexpr std::uint64_t kAtOnce = 100;
        for (const std::uint64_t last = recorded_ + visits; recorded_ < last;) {
            std::vector<record::Unit> units;
            while (units.size() < kAtOnce && recorded_ < last) {
                record::Unit unit = site_.visit(++recorded_).unit;
                std::memcpy(unit.receipt->bytes.data(), &recorded_, sizeof recorded_);
                units.push_back(std::move(unit));
            }
            ASSERT_TRUE(store_->run(
                [&units](store::KioskStore& store) { return store.commit(units, std::nullopt); }));
        }
    }
    /// The kiosk's agent; `received_` follows it.
    std::unique_ptr<agent::AgentRunner> startAgent() {
        auto config = program::Config::load(site_.path("kiosk.toml")).value();
        agent::AgentOptions options = agentOptions(site_);
        options.broker = mqtt::readBroker(config);
        options.pump.batchRows = 50;
        return std::make_unique<agent::AgentRunner>(
            options, *outbox_,
            [this](const agent::AgentStatus& status) { received_ = status.counts.received; });
    }
    void awaitReceived(std::uint64_t records) {
        ASSERT_TRUE(support::waitUntil([&] { return received_ >= records; }, kDrainPatience))
            << received_ << " of " << records;
    }

    HubSite site_;
    support::Cluster cluster_;
    std::optional<store::StoreThread> store_;
    std::optional<store::ThreadedOutbox> outbox_;
    std::uint64_t recorded_ = 0;
    std::atomic<std::uint64_t> received_{0};
};

INSTANTIATE_TEST_SUITE_P(Engines, ClusterJourney, testing::Values("nats", "rabbitmq"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(ClusterJourney, EveryRecordArrivesOnceWhicheverNodeIsKilledInMidDrain) {
    record(kVisitsEach);
    const auto start = std::chrono::steady_clock::now();
    const auto agent = startAgent();
    awaitReceived(recorded_);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    fmt::print("{}: {:.0f} records/s, connecting included\n", GetParam(),
               kVisitsEach / took.count());

    for (int node = 1; node <= kNodes; ++node) {
        const std::uint64_t before = recorded_;
        record(kVisitsEach / 2);
        agent->recordAdded();
        awaitReceived(before + 1);
        // However fast the rest of the drain is: a hub that is stopped acknowledges nothing.
        ::kill(site_.hubPid(), SIGSTOP);
        record(kVisitsEach / 2);
        agent->recordAdded();

        cluster_.kill(node);

        EXPECT_LT(received_, recorded_);
        ::kill(site_.hubPid(), SIGCONT);
        awaitReceived(recorded_);
        cluster_.start(node);
    }

    const auto records = static_cast<std::int64_t>(recorded_);
    EXPECT_TRUE(support::waitUntil(
        [&] { return site_.figure("visits") == records && site_.figure("unopened") == 0; },
        kDrainPatience))
        << site_.command({"status"}).out;
    EXPECT_EQ(site_.figure("records"), records);
    EXPECT_EQ(site_.figure("quarantined"), 0);
}

}  // namespace
}  // namespace tapport::journey
