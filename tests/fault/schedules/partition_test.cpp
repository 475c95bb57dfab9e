// SPDX-License-Identifier: GPL-3.0-or-later
// Seeded schedules of partitions in a real network: kiosks, hub and broker in namespaces of their
// own, their cables pulled or deaf in one direction, alone, together, and while something is
// killed.
#include "tests/fault/scale.h"
#include "tests/fault/schedules/fault_site.h"
#include "tests/simulation/random.h"

#include <csignal>

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace tapport::fault {
namespace {

using simulation::Random;
using Cable = support::PrivateNetwork::Cable;

constexpr int kKiosks = 2;
constexpr std::size_t kHubsPlace = 0;

class Partition : public testing::TestWithParam<int> {
  protected:
    void SetUp() override {
        if (const auto why = support::PrivateNetwork::whyNot()) {
            GTEST_SKIP() << *why;
        }
        network_ = std::make_unique<support::PrivateNetwork>(1 + kKiosks);
        site_ = std::make_unique<FaultSite>(kKiosks, *network_);
        for (std::size_t i = 0; i < site_->kiosks(); ++i) {
            site_->startKiosk(site_->kiosk(i));
        }
    }

    void play() {
        constexpr std::size_t kKinds = 8;
        const auto faults = static_cast<std::size_t>(scaled(6, 10));
        const std::uint64_t first = random_.between(0, kKinds - 1);
        for (std::size_t i = 0; i < faults; ++i) {
            pause(random_.between(100, 700));
            const std::string what = strike((first + i) % kKinds);
            story_ += (story_.empty() ? "" : ", ") + what;
        }
    }

    /// One fault, mended again; gives its name.
    std::string strike(std::size_t kind) {
        const std::size_t kiosk = random_.between(1, kKiosks);
        switch (kind) {
            case 0:
                return cut(
                    {kHubsPlace}, Cable::Pulled, [] {}, "the hub's cable pulled");
            case 1:
                return cut(
                    {kiosk}, Cable::Pulled, [] {}, "a kiosk's cable pulled");
            case 2:
                return cut(
                    {0, 1, 2}, Cable::Pulled, [] {}, "all cables pulled");
            case 3:
                return cut(
                    {kHubsPlace}, Cable::DropsSent, [] {}, "the hub hears nothing");
            case 4:
                return cut(
                    {kHubsPlace}, Cable::DropsHeard, [] {}, "the hub is not heard");
            case 5:
                return cut(
                    {kiosk}, Cable::DropsSent, [] {}, "a kiosk hears nothing");
            case 6:
                return cut(
                    {kHubsPlace}, Cable::Pulled, [this] { site_->restartHub(); },
                    "the hub killed while cut off");
            default:
                return cut(
                    {kHubsPlace, kiosk}, Cable::DropsHeard, [this] { site_->restartBroker(); },
                    "the broker killed while hub and a kiosk are not heard");
        }
    }
    /// Up to three times the kiosks' keep-alive: some cables are noticed, some are not.
    std::string cut(const std::vector<std::size_t>& places, Cable how,
                    const std::function<void()>& meanwhile, const std::string& name) {
        const std::uint64_t millis = random_.between(300, 6000);
        for (const std::size_t place : places) {
            network_->set(place, how);
        }
        pause(millis);
        meanwhile();
        for (const std::size_t place : places) {
            network_->set(place, Cable::Whole);
        }
        return fmt::format("{} {} ms", name, millis);
    }
    void pause(std::uint64_t millis) {
        (void)support::waitUntil([] { return false; }, std::chrono::milliseconds(millis));
    }

    // Before everything that runs in it.
    std::unique_ptr<support::PrivateNetwork> network_;
    std::unique_ptr<FaultSite> site_;
    Random random_{static_cast<std::uint64_t>(GetParam())};
    std::string story_;
};

TEST_P(Partition, LosesNothingThatWasConfirmedAndTakesNothingTwice) {
    play();

    SCOPED_TRACE(story_);
    site_->expectMuchAtStake();
    site_->expectAllAtTheHubOnce();
    fmt::print("{:>4} confirmed, {} saves failed: {}\n", site_->diary().confirmed.size(),
               site_->diary().failures, story_);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Partition, testing::Range(1, 1 + scaled(1, 20)));

// Else the schedules above would prove nothing.
TEST(PrivateNetwork, ACableThatIsCutCarriesNothingAndAgainWhenItIsWhole) {
    if (const auto why = support::PrivateNetwork::whyNot()) {
        GTEST_SKIP() << *why;
    }
    const support::PrivateNetwork network(2);
    const support::TempDir dir;
    const support::Mosquitto broker(dir / "broker", network.listenersLines());
    const auto connects = [&](std::size_t place) {
        auto command = network.runAt(place);
        const std::string there =
            fmt::format("/dev/tcp/{}/{}", network.addressOfUsFor(place), broker.port());
        command.insert(command.end(), {"timeout", "1", "bash", "-c", "exec 3<>" + there});
        return support::run(command).status == 0;
    };
    EXPECT_TRUE(connects(0));

    for (const Cable cut : {Cable::Pulled, Cable::DropsSent, Cable::DropsHeard}) {
        network.set(0, cut);
        EXPECT_FALSE(connects(0)) << static_cast<int>(cut);
        EXPECT_TRUE(connects(1)) << "another cable";
        network.set(0, Cable::Whole);
        EXPECT_TRUE(connects(0)) << static_cast<int>(cut);
    }
}

}  // namespace
}  // namespace tapport::fault
