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
    downstream.heard(kOne, {3, 0});
    downstream.heard(kTwo, {7, 0});

    EXPECT_THAT(downstream.due({7, 0}, kStart, 9), ElementsAre(Downstream::Due{kOne, {3, 0}}));
    EXPECT_EQ(downstream.due({8, 0}, kStart, 9).size(), 2U);
    EXPECT_EQ(downstream.due({8, 0}, kStart, 1).size(), 1U);
}

TEST(DownstreamTest, OneChunkAtATimeAndTheNextWhenItIsAnswered) {
    Downstream downstream;
    downstream.heard(kOne, {3, 0});
    downstream.told(kOne, kStart);

    EXPECT_THAT(downstream.due({9, 0}, kStart + 2999ms, 9), IsEmpty());
    downstream.heard(kOne, {5, 0});
    EXPECT_THAT(downstream.due({9, 0}, kStart + 1ms, 9),
                ElementsAre(Downstream::Due{kOne, {5, 0}}));
}

TEST(DownstreamTest, RepeatsAChunkLessAndLessOftenAndNeverGivesAKioskUp) {
    Downstream downstream;
    downstream.heard(kOne, {3, 0});
    Downstream::Instant now = kStart;
    for (const auto patience : {3s, 6s, 12s, 24s}) {
        downstream.told(kOne, now);
        EXPECT_THAT(downstream.due({9, 0}, now + patience - 1ms, 9), IsEmpty());
        now += patience;
        EXPECT_EQ(downstream.due({9, 0}, now, 9).size(), 1U);
    }
    downstream.told(kOne, now);

    EXPECT_THAT(downstream.due({9, 0}, now + 5min - 1ms, 9), IsEmpty());
    EXPECT_EQ(downstream.due({9, 0}, now + 5min, 9).size(), 1U) << "its disk may have been full";
    downstream.told(kOne, now + 5min);
    EXPECT_THAT(downstream.due({9, 0}, now + 10min - 1ms, 9), IsEmpty());
    downstream.heard(kOne, {3, 0});
    EXPECT_EQ(downstream.due({9, 0}, now, 9).size(), 1U);
}

TEST(DownstreamTest, ASecondHelloBringsNoSecondChunk) {
    Downstream downstream;
    downstream.heard(kOne, {3, 0});
    downstream.told(kOne, kStart);

    downstream.heard(kOne, {3, 0});

    EXPECT_THAT(downstream.due({9, 0}, kStart + 1s, 9), IsEmpty());
}

TEST(DownstreamTest, WhoAnswersAtOnceKeepsNobodyFromBeingTold) {
    constexpr std::size_t kMost = 32;
    Downstream downstream;
    for (int number = 10; number < 75; ++number) {
        downstream.heard({"kiosk-" + std::to_string(number)}, {});
    }
    std::map<record::KioskId, int> told;

    for (std::uint64_t round = 1; round <= 13; ++round) {
        for (const auto& due : downstream.due({1000, 0}, kStart, kMost)) {
            downstream.told(due.kiosk, kStart);
            ++told[due.kiosk];
            if (due.kiosk != record::KioskId{"kiosk-74"}) {
                downstream.heard(due.kiosk, {round, 0});  // and has something to be told again
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
    downstream.heard(kOne, {9, 0});
    EXPECT_THAT(downstream.due({9, 0}, kStart, 9), IsEmpty());
    downstream.heard(kOne, {9, 0});  // played again: that would put it off for ever
    EXPECT_THAT(downstream.due({9, 0}, kStart + 5min - 1ms, 9), IsEmpty());

    EXPECT_THAT(downstream.due({9, 0}, kStart + 5min, 9),
                ElementsAre(Downstream::Due{kOne, {8, 0}}));
    downstream.told(kOne, kStart + 5min);
    EXPECT_THAT(downstream.due({9, 0}, kStart + 10min - 1ms, 9), IsEmpty());

    downstream.heard(kOne, {3, 0});
    EXPECT_THAT(downstream.due({9, 0}, kStart + 6min, 9),
                ElementsAre(Downstream::Due{kOne, {3, 0}}));
}

TEST(DownstreamTest, AsksWhoHasMoreThanThereEverWas) {
    Downstream downstream;
    downstream.heard(kOne, {50, 0});  // of the hub before it was restored
    EXPECT_THAT(downstream.due({9, 0}, kStart, 9), IsEmpty());

    EXPECT_THAT(downstream.due({9, 0}, kStart + 5min, 9),
                ElementsAre(Downstream::Due{kOne, {8, 0}}));
}

TEST(DownstreamTest, ToHaveBeenAskedDelaysNothing) {
    Downstream downstream;
    downstream.heard(kOne, {9, 0});
    EXPECT_THAT(downstream.due({9, 0}, kStart, 9), IsEmpty());
    EXPECT_EQ(downstream.due({9, 0}, kStart + 5min, 9).size(), 1U);
    downstream.told(kOne, kStart + 5min);

    EXPECT_THAT(downstream.due({10, 0}, kStart + 5min, 9),
                ElementsAre(Downstream::Due{kOne, {9, 0}}));
}

TEST(DownstreamTest, AsksNobodyWhereThereIsNothing) {
    Downstream downstream;
    downstream.heard(kOne, {0, 0});
    EXPECT_THAT(downstream.due({0, 0}, kStart, 9), IsEmpty());

    EXPECT_THAT(downstream.due({0, 0}, kStart + 5min, 9), IsEmpty());
}

TEST(DownstreamTest, TellsWhoHasLessOfEitherOrder) {
    Downstream downstream;
    downstream.heard(kOne, {9, 3});
    downstream.heard(kTwo, {3, 9});

    EXPECT_THAT(downstream.due({9, 9}, kStart, 9),
                ElementsAre(Downstream::Due{kOne, {9, 3}}, Downstream::Due{kTwo, {3, 9}}));
    downstream.told(kOne, kStart);
    downstream.heard(kOne, {9, 4});
    EXPECT_EQ(downstream.due({9, 9}, kStart, 9).size(), 2U) << "what it has more of is an answer";
}

TEST(DownstreamTest, AsksForTheLastOfAnyOrder) {
    Downstream downstream;
    downstream.heard(kOne, {0, 9});
    EXPECT_THAT(downstream.due({0, 9}, kStart, 9), IsEmpty());

    EXPECT_THAT(downstream.due({0, 9}, kStart + 5min, 9),
                ElementsAre(Downstream::Due{kOne, {0, 8}}));
}

TEST(DownstreamTest, OthersKiosksAreForgotten) {
    Downstream downstream;
    downstream.heard(kOne, {3, 0});
    downstream.heard(kTwo, {3, 0});

    downstream.keepOnly([](const record::KioskId& kiosk) { return kiosk == kTwo; });
    downstream.heard(kOne, {4, 0});  // it had been sent before

    EXPECT_THAT(downstream.due({9, 0}, kStart, 9), ElementsAre(Downstream::Due{kTwo, {3, 0}}));
    downstream.keepOnly([](const record::KioskId& kiosk) { return kiosk == kOne; });
    downstream.heard(kOne, {5, 0});
    EXPECT_THAT(downstream.due({9, 0}, kStart, 9), ElementsAre(Downstream::Due{kOne, {5, 0}}));
}

}  // namespace
}  // namespace tapport::hub
