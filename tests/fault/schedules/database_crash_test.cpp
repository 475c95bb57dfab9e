// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL crashes in mid-drain, while the hub stands at its n-th message to it or to the broker,
// and starts again: what was confirmed is there once.
#include "tests/fault/scale.h"
#include "tests/fault/schedules/fault_site.h"

#include <csignal>

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace tapport::fault {
namespace {

TEST(DatabaseCrash, InMidDrainLosesNothingThatWasConfirmedAndTakesNothingTwice) {
    FaultSite site(1, Store::Postgres);
    FaultSite::Kiosk& kiosk = site.kiosk(0);
    kiosk.arguments = {"--pause", "5"};
    site.startKiosk(kiosk);
    const pid_t hub = site.hub().hubPid();
    const int rounds = scaled(3, 40);
    for (int n = 1; n <= rounds; ++n) {
        ASSERT_TRUE(site.isServed(kiosk)) << "round " << n;

        ASSERT_TRUE(stopAtStep(hub, n, kSends));
        site.postgres().crash();
        site.postgres().start();
        ::kill(hub, SIGCONT);
    }

    ASSERT_TRUE(site.isServed(kiosk));
    EXPECT_EQ(site.hub().hubPid(), hub) << "it waited for its database";
    site.expectMuchAtStake();
    site.expectAllAtTheHubOnce();
    fmt::print("{} confirmed\n", site.diary().confirmed.size());
}

}  // namespace
}  // namespace tapport::fault
