// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/downstream/downstream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const record::KioskId kOne{"kiosk-1"};
const record::KioskId kTwo{"kiosk-2"};
const Downstream::Instant kStart{1h};

TEST(DownstreamTest, TellsWhoHasLessThanThereIs) {
    Downstream downstream;
    downstream.heard(kOne, 3);
    downstream.heard(kTwo, 7);

    EXPECT_THAT(downstream.due(7, kStart, 9), ElementsAre(Downstream::Due{kOne, 3}));
    EXPECT_EQ(downstream.due(8, kStart, 9).size(), 2U);
    EXPECT_EQ(downstream.due(8, kStart, 1).size(), 1U);
}

TEST(DownstreamTest, OneChunkAtATimeAndTheNextWhenItIsAnswered) {
    Downstream downstream;
    downstream.heard(kOne, 3);
    downstream.told(kOne, kStart);

    EXPECT_THAT(downstream.due(9, kStart + 2999ms, 9), IsEmpty());
    downstream.heard(kOne, 5);
    EXPECT_THAT(downstream.due(9, kStart + 1ms, 9), ElementsAre(Downstream::Due{kOne, 5}));
}

TEST(DownstreamTest, RepeatsAChunkLessAndLessOftenAndNeverGivesAKioskUp) {
    Downstream downstream;
    downstream.heard(kOne, 3);
    Downstream::Instant now = kStart;
    for (const auto patience : {3s, 6s, 12s, 24s}) {
        downstream.told(kOne, now);
        EXPECT_THAT(downstream.due(9, now + patience - 1ms, 9), IsEmpty());
        now += patience;
        EXPECT_EQ(downstream.due(9, now, 9).size(), 1U);
    }
    downstream.told(kOne, now);

    EXPECT_THAT(downstream.due(9, now + 5min - 1ms, 9), IsEmpty());
    EXPECT_EQ(downstream.due(9, now + 5min, 9).size(), 1U) << "its disk may have been full";
    downstream.told(kOne, now + 5min);
    EXPECT_THAT(downstream.due(9, now + 10min - 1ms, 9), IsEmpty());
    downstream.heard(kOne, 3);
    EXPECT_EQ(downstream.due(9, now, 9).size(), 1U);
}

TEST(DownstreamTest, ASecondHelloBringsNoSecondChunk) {
    Downstream downstream;
    downstream.heard(kOne, 3);
    downstream.told(kOne, kStart);

    downstream.heard(kOne, 3);

    EXPECT_THAT(downstream.due(9, kStart + 1s, 9), IsEmpty());
}

TEST(DownstreamTest, WhoAnswersAtOnceKeepsNobodyFromBeingTold) {
    constexpr std::size_t kMost = 32;
    Downstream downstream;
    for (int number = 10; number < 75; ++number) {
        downstream.heard({"kiosk-" + std::to_string(number)}, 0);
    }
    std::map<record::KioskId, int> told;

    for (std::uint64_t round = 1; round <= 13; ++round) {
        for (const auto& due : downstream.due(1000, kStart, kMost)) {
            downstream.told(due.kiosk, kStart);
            ++told[due.kiosk];
            if (due.kiosk != record::KioskId{"kiosk-74"}) {
                downstream.heard(due.kiosk, round);  // and has something to be told again
            }
        }
    }

    EXPECT_EQ(told[record::KioskId{"kiosk-74"}], 1);
    for (const auto& [kiosk, times] : told) {
        EXPECT_GE(times, kiosk.value == "kiosk-74" ? 1 : 6) << kiosk.value;
    }
}

TEST(DownstreamTest, WhoIsSaidToHaveEverythingIsAskedNowAndThen) {
    Downstream downstream;
    downstream.heard(kOne, 9);
    EXPECT_THAT(downstream.due(9, kStart, 9), IsEmpty());
    downstream.heard(kOne, 9);  // played again: that would put it off for ever
    EXPECT_THAT(downstream.due(9, kStart + 5min - 1ms, 9), IsEmpty());

    EXPECT_THAT(downstream.due(9, kStart + 5min, 9), ElementsAre(Downstream::Due{kOne, 8}));
    downstream.told(kOne, kStart + 5min);
    EXPECT_THAT(downstream.due(9, kStart + 10min - 1ms, 9), IsEmpty());

    downstream.heard(kOne, 3);
    EXPECT_THAT(downstream.due(9, kStart + 6min, 9), ElementsAre(Downstream::Due{kOne, 3}));
}

TEST(DownstreamTest, AsksWhoHasMoreThanThereEverWas) {
    Downstream downstream;
    downstream.heard(kOne, 50);  // of the hub before it was restored
    EXPECT_THAT(downstream.due(9, kStart, 9), IsEmpty());

    EXPECT_THAT(downstream.due(9, kStart + 5min, 9), ElementsAre(Downstream::Due{kOne, 8}));
}

TEST(DownstreamTest, ToHaveBeenAskedDelaysNothing) {
    Downstream downstream;
    downstream.heard(kOne, 9);
    EXPECT_THAT(downstream.due(9, kStart, 9), IsEmpty());
    EXPECT_EQ(downstream.due(9, kStart + 5min, 9).size(), 1U);
    downstream.told(kOne, kStart + 5min);

    EXPECT_THAT(downstream.due(10, kStart + 5min, 9), ElementsAre(Downstream::Due{kOne, 9}));
}

TEST(DownstreamTest, AsksNobodyWhereThereIsNothing) {
    Downstream downstream;
    downstream.heard(kOne, 0);
    EXPECT_THAT(downstream.due(0, kStart, 9), IsEmpty());

    EXPECT_THAT(downstream.due(0, kStart + 5min, 9), IsEmpty());
}

TEST(DownstreamTest, OthersKiosksAreForgotten) {
    Downstream downstream;
    downstream.heard(kOne, 3);
    downstream.heard(kTwo, 3);

    downstream.keepOnly([](const record::KioskId& kiosk) { return kiosk == kTwo; });

    EXPECT_THAT(downstream.due(9, kStart, 9), ElementsAre(Downstream::Due{kTwo, 3}));
}

}  // namespace
}  // namespace tapport::hub
