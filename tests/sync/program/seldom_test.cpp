// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/program/seldom.h"

#include <gtest/gtest.h>

namespace tapport::program {
namespace {

using namespace std::chrono_literals;

TEST(Seldom, SaysALineAtOnceAndAgainAfterAWhileWithHowManyWereLeftOut) {
    Seldom seldom;
    const Seldom::Time start{};

    EXPECT_EQ(seldom.next("disk full", start), "disk full");
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(seldom.next("disk full", start + Seldom::kBetweenLines - 1ms), std::nullopt);
    }
    EXPECT_EQ(seldom.next("disk full", start + Seldom::kBetweenLines),
              "disk full (300 such lines were left out)");
    EXPECT_EQ(seldom.next("disk full", start + 3 * Seldom::kBetweenLines), "disk full");
}

TEST(Seldom, SaysAnotherLineAtOnceHoweverTheyAlternate) {
    Seldom seldom;
    const Seldom::Time start{};

    EXPECT_EQ(seldom.next("disk full", start), "disk full");
    EXPECT_EQ(seldom.next("busy", start + 1s), "busy");
    EXPECT_EQ(seldom.next("disk full", start + 2s), std::nullopt);
    EXPECT_EQ(seldom.next("busy", start + 3s), std::nullopt);
}

TEST(Seldom, IsNotTalkedIntoMoreByLinesThatAreNewEachTime) {
    Seldom seldom;
    std::size_t said = 0;

    for (int left = 0; left < 1000; ++left) {
        said += seldom.next(std::to_string(left) + " KiB left", Seldom::Time{}) ? 1 : 0;
    }

    EXPECT_EQ(said, Seldom::kMostLines);
    EXPECT_EQ(seldom.next("0 KiB left", Seldom::Time{} + Seldom::kBetweenLines),
              "0 KiB left (992 such lines were left out)");
}

}  // namespace
}  // namespace tapport::program
