// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/agent/hub_time.h"

#include <gtest/gtest.h>

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;
using record::ClockQuality;

const record::WallTime kNoon{1'795'608'000'000ms};

record::ClockReading reading(record::WallTime wall, record::Millis monotonic,
                             ClockQuality quality = ClockQuality::Unset) {
    return {wall, quality, {}, monotonic};
}

TEST(HubTime, TheAcknowledgementThatTookLeastTimeTellsMost) {
    std::optional<HubTime> best;
    keepBest(best, {kNoon, 10s + 700ms});
    keepBest(best, {kNoon + 5s, 15s + 20ms});
    keepBest(best, {kNoon + 6s, 20s});

    EXPECT_EQ(best, (HubTime{kNoon + 5s, 15s + 20ms}));
}

TEST(HubTime, OneThatIsPlayedAgainLaterTellsNothing) {
    std::optional<HubTime> best{HubTime{kNoon + 1h, 3'600s}};

    keepBest(best, {kNoon, 3'601s});

    EXPECT_EQ(best->wall, kNoon + 1h);
}

TEST(HubTime, TellsHowFarTheClockIsAheadLongAfterItWasHeard) {
    const HubTime hub{kNoon, 100s};

    EXPECT_EQ(aheadOf(hub, reading(kNoon, 100s)), 0s);
    EXPECT_EQ(aheadOf(hub, reading(kNoon + 1h - 12min, 3'700s)), -12min);
    EXPECT_EQ(aheadOf(hub, reading(kNoon + 2h, 100s)), 2h) << "somebody set the clock";
}

TEST(HubTime, AClockThatNobodySetsIsAsGoodAsItAgreesWithTheHubs) {
    const std::optional<HubTime> hub{HubTime{kNoon, 100s}};

    EXPECT_EQ(judged(reading(kNoon + 59s, 100s), hub).quality, ClockQuality::Holdover);
    EXPECT_EQ(judged(reading(kNoon - 61s, 100s), hub).quality, ClockQuality::Unset);
    EXPECT_EQ(judged(reading(kNoon + 1h, 100s, ClockQuality::Holdover), hub).quality,
              ClockQuality::Unset);
    EXPECT_EQ(judged(reading(kNoon, 100s), std::nullopt).quality, ClockQuality::Unset);
}

TEST(HubTime, NeverTouchesTheTimeNorAClockThatIsSynced) {
    const std::optional<HubTime> hub{HubTime{kNoon, 100s}};
    const auto synced = reading(kNoon + 1h, 100s, ClockQuality::Synced);

    EXPECT_EQ(judged(synced, hub), synced) << "it may be the hub's that is wrong";
    EXPECT_EQ(judged(reading(kNoon + 1h, 100s), hub).wall, kNoon + 1h);
}

TEST(ClockWatch, AClockThatJumpsIsSteppedUntilATimeServerOrTheHubConfirmsIt) {
    const auto holdover = [](record::WallTime wall, record::Millis monotonic) {
        return reading(wall, monotonic, ClockQuality::Holdover);
    };
    ClockWatch watch;
    const auto qualityOf = [&](const record::ClockReading& now,
                               const std::optional<HubTime>& hub = std::nullopt) {
        return watch.judge(now, hub).quality;
    };

    EXPECT_EQ(qualityOf(holdover(kNoon, 100s)), ClockQuality::Holdover);
    EXPECT_EQ(qualityOf(holdover(kNoon + 8h, 100s + 8h - 59s)), ClockQuality::Holdover) << "drift";
    EXPECT_EQ(qualityOf(holdover(kNoon + 6h, 101s + 8h)), ClockQuality::Stepped) << "back";
    EXPECT_EQ(qualityOf(holdover(kNoon + 7h, 101s + 9h)), ClockQuality::Stepped) << "and on";
    EXPECT_EQ(qualityOf(reading(kNoon + 9h, 102s + 9h, ClockQuality::Synced)), ClockQuality::Synced)
        << "a time server set it right";
    EXPECT_EQ(qualityOf(holdover(kNoon + 10h, 102s + 10h)), ClockQuality::Holdover);
    EXPECT_EQ(qualityOf(holdover(kNoon + 12h, 103s + 10h)), ClockQuality::Stepped) << "ahead";
    EXPECT_EQ(qualityOf(holdover(kNoon + 12h, 104s + 10h), HubTime{kNoon + 12h, 104s + 10h}),
              ClockQuality::Holdover)
        << "the hub says so too";
    EXPECT_EQ(qualityOf(holdover(kNoon + 12h, 105s + 10h)), ClockQuality::Holdover);
}

TEST(ClockWatch, KeepsTheTimeAndKnowsNothingAcrossABoot) {
    ClockWatch watch;
    record::ClockReading before = reading(kNoon, 900s, ClockQuality::Holdover);
    record::ClockReading after = reading(kNoon + 1h, 2s, ClockQuality::Holdover);
    after.boot = *record::BootId::from(Bytes(record::BootId::kSize, 9));

    EXPECT_EQ(watch.judge(before, std::nullopt), before);
    EXPECT_EQ(watch.judge(after, std::nullopt), after);
    EXPECT_EQ(watch.judge(reading(kNoon + 9h, 3s), std::nullopt).quality, ClockQuality::Unset);
}

}  // namespace
}  // namespace tapport::agent
