// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/shard_keeper.h"

#include "tests/support/wait_until.h"

#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

const Shards kNone;
const Shards kAll = Shards().set();
const Shards kHalf = kAll >> (wire::kShards / 2);

/// One renewal: what comes of it, and how much time passes from the question on.
struct Round {
    Result<Shards> answer;
    std::chrono::milliseconds passes;
};
const auto kAway = tl::unexpected(Error{Code::Storage, "the database is away"});

/// By a clock of its own. Its keeper's thread alone uses it, until that has ended.
class FakeLeases final : public Leases {
  public:
    explicit FakeLeases(std::vector<Round> rounds) : rounds_(std::move(rounds)) {}

    Result<Shards> renew() override {
        if (at_ == rounds_.size()) {
            return kAway;  // once more, before its keeper ends
        }
        const Round& round = rounds_[at_++];
        now += round.passes;
        isDone = at_ == rounds_.size();
        return round.answer;
    }
    void release() override { isReleased = true; }

    ShardKeeper::Time now{1h};
    std::atomic<bool> isDone{false};
    bool isReleased = false;

  private:
    std::vector<Round> rounds_;
    std::size_t at_ = 0;
};

/// What a keeper says that it serves, at each change, from its first renewal to its end.
std::vector<Shards> servedIn(std::vector<Round> rounds) {
    FakeLeases leases(std::move(rounds));
    std::vector<Shards> served;
    {
        const ShardKeeper keeper(
            leases, [&](const Shards& shards) { served.push_back(shards); },
            [&] { return leases.now; });
        EXPECT_TRUE(support::waitUntil([&] { return leases.isDone.load(); }));
    }
    EXPECT_TRUE(leases.isReleased);
    return served;
}

TEST(ShardKeeperTest, SaysWhatItServesWhenThatChanges) {
    EXPECT_THAT(servedIn({{kAll, 1s}, {kAll, 1s}, {kHalf, 1s}}), ElementsAre(kAll, kHalf, kNone));
}

TEST(ShardKeeperTest, WhoSleptThroughItsLeaseDropsAllItHadAndBeginsAnew) {
    // Another may have served them meanwhile and given them back: the same shards, and not the same
    // as before.
    EXPECT_THAT(servedIn({{kAll, Leases::kLease}, {kAll, 1s}}),
                ElementsAre(kAll, kNone, kAll, kNone));
}

TEST(ShardKeeperTest, WhoAsksBeforeItsLeaseIsOverDropsNothing) {
    EXPECT_THAT(servedIn({{kAll, Leases::kLease - 1ms}, {kAll, 1s}}), ElementsAre(kAll, kNone));
}

TEST(ShardKeeperTest, WithoutADatabaseItServesAsLongAsItsLeaseLasts) {
    EXPECT_THAT(servedIn({{kAll, 1s}, {kAway, Leases::kLease - 1s - 1ms}, {kAll, 1s}}),
                ElementsAre(kAll, kNone));
    EXPECT_THAT(servedIn({{kAll, 1s}, {kAway, Leases::kLease - 1s}, {kAll, 1s}}),
                ElementsAre(kAll, kNone, kAll, kNone));
}

}  // namespace
}  // namespace tapport::hub
