// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/record/time.h"

#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

namespace tapport::record {
namespace {

using namespace std::chrono_literals;

const WallTime kNoon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + 12h;

TrustedNow synced(WallTime reading, WallTime floor) {
    return TrustedNow({reading, ClockQuality::Synced, {}, {}}, floor);
}

TEST(TrustedNow, NeverReadsLessThanWhatHasPassed) {
    EXPECT_EQ(synced(kNoon, kNoon - 1h).latest(), kNoon);
    EXPECT_EQ(synced(WallTime{}, kNoon).latest(), kNoon);
    EXPECT_EQ(synced(WallTime{}, WallTime{}).latest(), releasedAt());
}

TEST(TrustedNow, IsCertainOnlyOfASyncedClockThatFitsWhatIsKnown) {
    EXPECT_TRUE(synced(kNoon, kNoon).isCertain());
    EXPECT_TRUE(synced(kNoon + 24h, kNoon).isCertain());
    EXPECT_FALSE(synced(kNoon - 1ms, kNoon).isCertain());
    EXPECT_FALSE(synced(kNoon + 87600h, kNoon).isCertain());
    for (const ClockQuality quality :
         {ClockQuality::Unset, ClockQuality::Holdover, ClockQuality::Stepped}) {
        EXPECT_FALSE(TrustedNow({kNoon, quality, {}, {}}, kNoon).isCertain());
    }
}

// A program that thought itself older than it is would take clocks for right that are wrong.
TEST(ReleasedAt, IsTheDayOfTheNewestEntryInTheChangelog) {
    const std::string changelog = support::readFile(TAPPORT_CHANGELOG);

    const std::size_t newest = changelog.find("\n## ");

    ASSERT_NE(newest, std::string::npos);
    EXPECT_EQ(changelog.substr(newest + 1, changelog.find('\n', newest + 1) - newest - 1),
              "## " TAPPORT_VERSION " (" + isoText(releasedAt()).substr(0, 10) + ")");
}

}  // namespace
}  // namespace tapport::record
