// SPDX-License-Identifier: GPL-3.0-or-later
// The power of the whole booth goes in mid-drain: kiosks, hub and broker are killed at once, while
// one of them stands at its n-th write, sync or send. The broker keeps nothing. What was confirmed
// is at the hub once.
#include "tests/fault/scale.h"
#include "tests/fault/schedules/fault_site.h"

#include <algorithm>
#include <csignal>

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace tapport::fault {
namespace {

class AllAtOnce : public testing::Test {
  protected:
    AllAtOnce() {
        for (std::size_t i = 0; i < site_.kiosks(); ++i) {
            site_.kiosk(i).arguments = {"--pause", "1"};
            site_.startKiosk(site_.kiosk(i));
        }
    }
    [[nodiscard]] std::vector<pid_t> everybody() {
        std::vector<pid_t> all{site_.hub().hubPid(), site_.hub().broker().pid()};
        for (std::size_t i = 0; i < site_.kiosks(); ++i) {
            all.push_back(site_.kiosk(i).process->pid());
        }
        return all;
    }
    /// Confirmed and not known to be at the hub.
    [[nodiscard]] std::size_t waiting() {
        std::size_t received = 0;
        for (std::size_t i = 0; i < site_.kiosks(); ++i) {
            received += site_.receivedBy(site_.kiosk(i));
        }
        // What a kiosk was about to write down when it was killed may be received all the same.
        const std::size_t confirmed = site_.diary().confirmed.size();
        return confirmed - std::min(confirmed, received);
    }
    void killAllAndRestart() {
        for (const pid_t process : everybody()) {
            ::kill(process, SIGKILL);
        }
        for (std::size_t i = 0; i < site_.kiosks(); ++i) {
            site_.kiosk(i).process->kill();
        }
        site_.restartBroker();
        site_.restartHub();
        for (std::size_t i = 0; i < site_.kiosks(); ++i) {
            site_.startKiosk(site_.kiosk(i));
        }
    }

    FaultSite site_{2};
};

TEST_F(AllAtOnce, KilledInMidDrainLosesNothingThatWasConfirmedAndTakesNothingTwice) {
    constexpr std::size_t kBacklog = 300;
    const int rounds = scaled(3, 45);
    for (int round = 0; round < rounds; ++round) {
        ASSERT_TRUE(site_.isServed(site_.kiosk(0))) << "they are all back, round " << round;
        // However fast the drain is: a hub that is stopped acknowledges nothing.
        const pid_t hub = site_.hub().hubPid();
        ::kill(hub, SIGSTOP);
        ASSERT_TRUE(support::waitUntil([&] { return waiting() > kBacklog; }))
            << "round " << round << ", " << site_.diary().confirmed.size() << " confirmed, "
            << waiting() << " wait";

        const pid_t victim = everybody().at(static_cast<std::size_t>(round) % 3);
        ASSERT_TRUE(stopAtStep(victim, 1 + round, kSteps, [&] { ::kill(hub, SIGCONT); }));
        EXPECT_GT(waiting(), 0U) << "in mid-drain";
        killAllAndRestart();
    }

    site_.expectAllAtTheHubOnce();
    fmt::print("{} confirmed\n", site_.diary().confirmed.size());
}

}  // namespace
}  // namespace tapport::fault
