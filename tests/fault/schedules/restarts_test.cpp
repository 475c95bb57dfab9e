// SPDX-License-Identifier: GPL-3.0-or-later
// What must not add up: a broker that is killed every few seconds, and a link that is half open for
// longer than anybody waits.
#include "tests/fault/scale.h"
#include "tests/fault/schedules/fault_site.h"
#include "tests/support/process_size.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace tapport::fault {
namespace {

using namespace std::chrono_literals;

TEST(BrokerRestarts, LeaveKioskAndHubAsLargeAsTheyWereAndEverythingThereOnce) {
    constexpr std::size_t kSomeKibibytes = 16 * 1024;
    const auto every = runsAll() ? 3000ms : 1000ms;
    const int restarts = scaled(5, 50);
    FaultSite site(1);
    FaultSite::Kiosk& kiosk = site.kiosk(0);
    site.startKiosk(kiosk);
    const auto confirmed = [&] { return site.diary().confirmed.size(); };
    const auto isServed = [&] {
        // What is confirmed from now on comes to the hub: both are back.
        const auto next = static_cast<std::int64_t>(confirmed()) + 1;
        return support::waitUntil([&] { return site.hub().figure("records") >= next; });
    };
    support::ProcessSize kioskBefore;
    support::ProcessSize hubBefore;
    support::ProcessSize kioskAfter;
    support::ProcessSize hubAfter;

    for (int i = 0; i < restarts; ++i) {
        site.restartBroker();
        (void)support::waitUntil([] { return false; }, every);
        if (i == restarts / 5 || i + 1 == restarts) {
            // Once they have been through it a few times, and in the end; each of them connected.
            ASSERT_TRUE(isServed());
            (i == restarts / 5 ? kioskBefore : kioskAfter) = support::sizeOf(kiosk.process->pid());
            (i == restarts / 5 ? hubBefore : hubAfter) = support::sizeOf(site.hub().hubPid());
        }
    }

    EXPECT_LE(kioskAfter.threads, kioskBefore.threads);
    EXPECT_LE(hubAfter.threads, hubBefore.threads);
    EXPECT_LE(kioskAfter.kibibytes, kioskBefore.kibibytes + kSomeKibibytes);
    EXPECT_LE(hubAfter.kibibytes, hubBefore.kibibytes + kSomeKibibytes);
    fmt::print("{} restarts: kiosk {} to {} KiB, {} to {} threads; hub {} to {} KiB, {} to {}\n",
               restarts, kioskBefore.kibibytes, kioskAfter.kibibytes, kioskBefore.threads,
               kioskAfter.threads, hubBefore.kibibytes, hubAfter.kibibytes, hubBefore.threads,
               hubAfter.threads);
    site.expectMuchAtStake();
    site.expectAllAtTheHubOnce();
}

// For seconds, in both directions: partition_test, schedule_test.
TEST(HalfOpenLink, IsRecognisedWithinTheKeepAliveAndTriedUntilItCarries) {
    if (const auto why = support::PrivateNetwork::whyNot()) {
        GTEST_SKIP() << *why;
    }
    using Cable = support::PrivateNetwork::Cable;
    const auto keepAlive = runsAll() ? 30s : 2s;
    const support::PrivateNetwork network(2);
    FaultSite site(1, network);
    FaultSite::Kiosk& kiosk = site.kiosk(0);
    if (runsAll()) {
        kiosk.arguments = {"--as-shipped", "--pause", "500"};
    }
    site.startKiosk(kiosk);
    ASSERT_TRUE(support::waitUntil([&] { return site.hub().figure("records") > 0; }));

    network.set(1, Cable::DropsSent);  // the kiosk hears nothing and is heard
    const Instant cut = std::chrono::steady_clock::now();
    const auto isLost = [&] {
        return support::readFile(site.logOf(kiosk)).find("connection lost") != std::string::npos;
    };
    EXPECT_TRUE(support::waitUntil(isLost, keepAlive + support::kSoon));
    const auto noticed = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - cut);
    (void)support::waitUntil([] { return false; }, runsAll() ? 300'000ms - noticed : 1000ms);
    network.set(1, Cable::Whole);

    fmt::print("noticed after {} ms of a keep-alive of {} s\n", noticed.count(), keepAlive.count());
    site.expectAllAtTheHubOnce();
}

}  // namespace
}  // namespace tapport::fault
