// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/record/seq_ranges.h"

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace tapport::record {
namespace {

SeqRanges ranges(const std::vector<SeqRange>& list) {
    SeqRanges result;
    for (const SeqRange& range : list) {
        result.add(range);
    }
    return result;
}

TEST(SeqRanges, JoinsNeighboursAndOverlaps) {
    EXPECT_EQ(ranges({{1, 2}, {3, 4}}), ranges({{1, 4}}));
    EXPECT_EQ(ranges({{3, 9}, {1, 5}}), ranges({{1, 9}}));
    EXPECT_EQ(ranges({{1, 1}, {5, 5}, {3, 3}, {2, 4}}), ranges({{1, 5}}));
    EXPECT_EQ(ranges({{1, 1}, {3, 3}}).view().size(), 2U);
}

TEST(SeqRanges, NamesTheHoles) {
    const SeqRanges held = ranges({{3, 4}, {7, 9}});

    EXPECT_EQ(held.holes({1, 10}), ranges({{1, 2}, {5, 6}, {10, 10}}));
    EXPECT_EQ(held.holes({4, 7}), ranges({{5, 6}}));
    EXPECT_TRUE(held.holes({7, 9}).empty());
    EXPECT_EQ(SeqRanges{}.holes({1, 10}), ranges({{1, 10}}));
}

TEST(SeqRanges, ReachesTheHighestPosition) {
    const SeqRanges held = ranges({{kMostSeq, kMostSeq}, {1, kMostSeq - 1}});

    EXPECT_EQ(held, ranges({{1, kMostSeq}}));
    EXPECT_EQ(held.count(), kMostSeq);
    EXPECT_TRUE(held.contains(kMostSeq));
}

RC_GTEST_PROP(SeqRanges, BehavesAsASetOfNumbers, ()) {
    constexpr std::uint64_t kMost = 40;
    SeqRanges held;
    std::set<std::uint64_t> model;
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(1, 41), rc::gen::inRange(0, 6)));
    for (const auto& [first, more] : steps) {
        const SeqRange range{static_cast<std::uint64_t>(first),
                             std::min(kMost, static_cast<std::uint64_t>(first + more))};
        held.add(range);
        for (auto seq = range.first; seq <= range.last; ++seq) {
            model.insert(seq);
        }
    }

    const SeqRanges missing = held.holes({1, kMost});
    SeqRanges all = missing;
    all.merge(held);

    RC_ASSERT(held.count() == model.size());
    for (std::uint64_t seq = 1; seq <= kMost; ++seq) {
        RC_ASSERT(held.contains(seq) == (model.count(seq) == 1));
        RC_ASSERT(held.contains(seq) != missing.contains(seq));
    }
    RC_ASSERT(all == ranges({{1, kMost}}));
    RC_ASSERT(all.without(held) == missing);
    RC_ASSERT(held.without(held).empty());
    for (std::size_t i = 1; i < held.view().size(); ++i) {
        RC_ASSERT(held.view()[i].first > held.view()[i - 1].last + 1);
    }
}

}  // namespace
}  // namespace tapport::record
