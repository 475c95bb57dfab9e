// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/reader/backoff.h"

#include <gtest/gtest.h>

namespace tapport::reader {
namespace {

using std::chrono::milliseconds;

TEST(Backoff, DoublesUpToTheMostAndStartsAgain) {
    Backoff backoff(milliseconds(200), milliseconds(1000));

    EXPECT_EQ(backoff.next(), milliseconds(200));
    EXPECT_EQ(backoff.next(), milliseconds(400));
    EXPECT_EQ(backoff.next(), milliseconds(800));
    EXPECT_EQ(backoff.next(), milliseconds(1000));
    EXPECT_EQ(backoff.next(), milliseconds(1000));
    backoff.reset();
    EXPECT_EQ(backoff.next(), milliseconds(200));
}

}  // namespace
}  // namespace tapport::reader
