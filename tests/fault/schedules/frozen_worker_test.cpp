// SPDX-License-Identifier: GPL-3.0-or-later
// One of two hub workers freezes at its n-th message to the database or the broker, in the middle
// of a transaction or between two, for longer than its lease: its kiosks are served by the other.
// Then it is killed, or it goes on and is shut out.
#include "sync/wire/topics.h"
#include "tests/fault/scale.h"
#include "tests/fault/schedules/fault_site.h"
#include "tests/fault/schedules/up_watcher.h"
#include "tests/support/wait_until.h"

#include <csignal>

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace tapport::fault {
namespace {

class FrozenWorker : public testing::Test {
  protected:
    FrozenWorker() {
        for (std::size_t i = 0; i < site_.kiosks(); ++i) {
            site_.kiosk(i).arguments = {"--pause", "100"};
            site_.startKiosk(site_.kiosk(i));
        }
    }
    [[nodiscard]] bool holds(const std::string& worker, int shards) const {
        return support::waitUntil([&] {
            return site_.query(
                       "SELECT count(*) FROM shard_lease WHERE held_until > now() AND "
                       "worker = '" +
                       worker + "'") == std::to_string(shards) + "\n";
        });
    }
    /// How many of these kiosks are a worker's.
    [[nodiscard]] int kiosksOf(const std::string& worker) {
        std::string shards;
        for (std::size_t i = 0; i < site_.kiosks(); ++i) {
            shards += fmt::format("{}{}", i == 0 ? "" : ",", wire::shardOf(site_.kiosk(i).name));
        }
        return std::stoi(
            site_.query(fmt::format("SELECT count(*) FROM shard_lease WHERE held_until > now() AND "
                                    "worker = '{}' AND shard IN ({})",
                                    worker, shards)));
    }
    /// Records that came behind a later one of their kiosk's, not counting those that were sent
    /// more than once.
    [[nodiscard]] std::string late() const {
        std::string again = "''";
        for (const auto& [id, times] : watcher_.heard().times) {
            again += times > 1 ? fmt::format(",'\\x{}'", id) : "";
        }
        return site_.query(
            "SELECT count(*) FROM (SELECT seq < lag(seq) OVER (PARTITION BY kiosk, epoch ORDER BY "
            "received_at, seq) AS is_late FROM sealed_unit WHERE unit_id NOT IN (" +
            again + ")) AS pairs WHERE is_late");
    }
    [[nodiscard]] bool isShared() const { return holds("main", 32) && holds("two", 32); }
    [[nodiscard]] bool areAllServed(std::chrono::milliseconds patience) {
        bool are = true;
        for (std::size_t i = 0; i < site_.kiosks(); ++i) {
            are = site_.isServed(site_.kiosk(i), patience) && are;
        }
        return are;
    }

    FaultSite site_{4, Store::Postgres};
    UpWatcher watcher_{site_.hub().broker().port()};
};

TEST_F(FrozenWorker, TakesNothingTwiceWhenItGoesOnAndLosesNothingWhenItIsKilled) {
    const int rounds = scaled(1, 20);
    std::unique_ptr<support::ChildProcess> two;
    for (int round = 0; round < rounds; ++round) {
        if (!two) {
            two = site_.startWorker("two");
        }
        ASSERT_TRUE(isShared());
        ASSERT_GT(kiosksOf("main"), 0);
        ASSERT_GT(kiosksOf("two"), 0);
        ASSERT_TRUE(areAllServed(support::kPatience));

        ASSERT_TRUE(stopAtStep(two->pid(), 1 + round, kSends));
        ASSERT_TRUE(holds("main", 64)) << "beyond its lease";
        EXPECT_TRUE(areAllServed(support::kPatience)) << "by the other, round " << round;
        if (round % 2 == 0) {
            two->kill();
            two.reset();
        } else {
            two->signal(SIGCONT);
        }
    }

    EXPECT_TRUE(areAllServed(support::kPatience));
    if (two) {
        EXPECT_EQ(two->terminate(), 0);
    }
    site_.expectAllAtTheHubOnce();
    EXPECT_EQ(site_.query("SELECT count(*) FROM fork"), "0\n");
    EXPECT_EQ(late(), "0\n") << "each kiosk's records came in their order";
    fmt::print("{} confirmed\n", site_.diary().confirmed.size());
}

}  // namespace
}  // namespace tapport::fault
