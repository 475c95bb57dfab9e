// SPDX-License-Identifier: GPL-3.0-or-later
// A long backlog drains, and hub, kiosk, broker or all of them are killed again and again
// meanwhile, each time while the hub stands in the middle of what it writes. The broker keeps
// nothing.
#include "tests/fault/scale.h"
#include "tests/fault/schedules/fault_site.h"

#include <csignal>

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace tapport::fault {
namespace {

/// Who is killed in this round.
struct Victims {
    bool kiosk = false;
    bool broker = false;
    bool hub = false;
};

constexpr Victims victimsOf(int round) {
    constexpr int kKinds = 4;
    const int kind = round % kKinds;
    return {kind == 0 || kind == 3, kind == 1 || kind == 3, kind == 2 || kind == 3};
}

TEST(LongDrain, WhoeverIsKilledInItNothingIsLostAndNothingTwice) {
    const int backlog = scaled(4'000, 100'000);
    const int rounds = scaled(4, 16);
    const int stepsARound = scaled(100, 1'000);
    FaultSite site(1);
    FaultSite::Kiosk& kiosk = site.kiosk(0);
    kiosk.arguments = {"--backlog", std::to_string(backlog), "--fill"};
    site.startKiosk(kiosk);
    ASSERT_EQ(kiosk.process->wait(std::chrono::minutes(10)), 0);
    kiosk.arguments = {"--deliver"};

    bool isRunning = false;
    for (int round = 0; round < rounds; ++round) {
        const pid_t hub = site.hub().hubPid();
        // The kiosk stands still until the hub is watched, or all might be over by then.
        const bool isStopped = stopAtStep(hub, stepsARound, "pwrite64,fdatasync", [&] {
            isRunning ? (void)::kill(kiosk.process->pid(), SIGCONT) : site.startKiosk(kiosk);
        });
        ASSERT_TRUE(isStopped) << round << ": " << site.receivedBy(kiosk) << " received";
        EXPECT_LT(site.receivedBy(kiosk), static_cast<std::size_t>(backlog)) << "in mid-drain";
        const Victims victims = victimsOf(round);
        isRunning = !victims.kiosk;
        isRunning ? (void)::kill(kiosk.process->pid(), SIGSTOP) : kiosk.process->kill();
        if (victims.hub) {
            ::kill(hub, SIGKILL);
        }
        if (victims.broker) {
            site.restartBroker();
        }
        if (victims.hub) {
            site.restartHub();
        }
        if (!victims.hub) {
            ::kill(hub, SIGCONT);
        }
    }

    site.expectAllAtTheHubOnce();
    fmt::print("{} confirmed\n", site.diary().confirmed.size());
}

}  // namespace
}  // namespace tapport::fault
