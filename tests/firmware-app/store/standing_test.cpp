// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/standing.h"

#include <gtest/gtest.h>

namespace tapport::store {
namespace {

record::SeqRanges ranges(std::initializer_list<record::SeqRange> list) {
    record::SeqRanges all;
    for (const record::SeqRange& range : list) {
        all.add(range);
    }
    return all;
}

TEST(Standing, WhatNobodyNamedWaits) {
    const Standing standing;

    EXPECT_EQ(standing.waiting({3, 9}), ranges({{3, 9}}));
    EXPECT_EQ(standing.waitingOf(9), 9U);
}

TEST(Standing, AReceivedRowIsNeverTakenForQuarantined) {
    Standing standing;
    standing.receive(ranges({{1, 4}}));

    standing.quarantine(ranges({{4, 6}}));

    EXPECT_EQ(standing.of(RowState::Received), ranges({{1, 4}}));
    EXPECT_EQ(standing.of(RowState::Quarantined), ranges({{5, 6}}));
    EXPECT_EQ(standing.waitingOf(10), 4U);
}

TEST(Standing, AQuarantinedRowIsReceivedOnceTheHubHasIt) {
    Standing standing;
    standing.quarantine(ranges({{5, 7}}));

    standing.receive(ranges({{6, 6}}));

    EXPECT_EQ(standing.of(RowState::Quarantined), ranges({{5, 5}, {7, 7}}));
    EXPECT_EQ(standing.of(RowState::Received), ranges({{6, 6}}));
}

TEST(Standing, WhatTheHubHasLostWaitsAgainUnlessItIsNoLongerHere) {
    Standing standing;
    standing.receive(ranges({{1, 8}}));
    standing.quarantine(ranges({{9, 9}}));
    standing.drop(ranges({{1, 3}}));

    standing.wait(ranges({{2, 9}}));

    EXPECT_EQ(standing.of(RowState::Dropped), ranges({{1, 3}}));
    EXPECT_EQ(standing.waiting({1, 10}), ranges({{4, 10}}));
    EXPECT_TRUE(standing.of(RowState::Received).empty());
    EXPECT_TRUE(standing.of(RowState::Quarantined).empty());
}

TEST(Standing, ADroppedRowStaysDroppedWhateverIsSaidOfIt) {
    Standing standing;
    standing.receive(ranges({{1, 3}}));
    standing.drop(ranges({{1, 3}}));

    standing.receive(ranges({{2, 2}}));
    standing.quarantine(ranges({{3, 3}}));

    EXPECT_EQ(standing.of(RowState::Dropped), ranges({{1, 3}}));
    EXPECT_TRUE(standing.of(RowState::Received).empty());
    EXPECT_TRUE(standing.of(RowState::Quarantined).empty());
}

}  // namespace
}  // namespace tapport::store
