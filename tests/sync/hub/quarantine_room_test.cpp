// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/ingest/quarantine_room.h"

#include "sync/hub/ingest/ingest.h"
#include "sync/hub/store/sqlite_store.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/batches.h"
#include "tests/sync/hub/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace batches;
using namespace samples;
using testing::ElementsAre;

class QuarantineRoomTest : public testing::Test {
  protected:
    support::TempDir dir_;
    std::unique_ptr<Store> store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
};

TEST_F(QuarantineRoomTest, KeepsSoMuchOfAKioskThatIsNotBelievedAndTheGoodOfEverybody) {
    constexpr std::uint64_t kMost = 4096;
    Ingest ingest(*store_, kScope.event, signatures(), kMost);
    const auto takes = [&](const Message& message, record::WallTime now = kNow) {
        return ingest.take({{message}}, now).value();
    };
    std::size_t alarms = 0;
    std::uint64_t kept = 0;
    for (std::uint64_t seq = 1; seq <= 20; ++seq) {
        const Taken taken = takes(message(batchOf({seq}), kHubSign));
        alarms += taken.alarms.size();
        EXPECT_TRUE(taken.answers.empty());
    }
    for (const QuarantineEntry& entry : store_->quarantine({}, 100).value()) {
        kept += entry.bytes + kQuarantineEntry;
    }
    const std::size_t entries = store_->counts()->quarantined;

    EXPECT_GT(entries, 2U);
    EXPECT_LE(kept, kMost);
    EXPECT_EQ(alarms, entries + 1) << "that there is no more room is said once";
    EXPECT_THAT(ingest.room().full(kNow).value(), ElementsAre(kKiosk));

    wire::Batch elsewhere = batchOf({1});
    elsewhere.event = {"other-2026"};
    EXPECT_TRUE(takes(message(elsewhere)).answers.empty()) << "the kiosk keeps it";
    EXPECT_EQ(takes(message(batchOf({1}))).records, 1U);
    EXPECT_EQ(takes(message(hello(1))).answers.size(), 1U);
    EXPECT_EQ(takes({"tapport/1/up/00/kiosk-2", {1, 2, 3}}).alarms.size(), 1U);
    EXPECT_EQ(store_->counts()->quarantined, entries + 1) << "of another kiosk there is room";

    const auto newest = store_->quarantine({}, 10).value();
    ASSERT_TRUE(store_->discardQuarantined(newest.back().number, {kNow, "test", "no use"}));
    const auto later = kNow + QuarantineRoom::kBetweenLooks;
    EXPECT_TRUE(ingest.room().full(later)->empty());
    EXPECT_EQ(takes(message(elsewhere), later).answers.size(), 1U);
}

TEST_F(QuarantineRoomTest, ARepeatedPayloadTakesNoMoreRoom) {
    Ingest ingest(*store_, kScope.event, signatures(), 4096);
    auto now = kNow;
    for (int i = 0; i < 100; ++i) {
        now += QuarantineRoom::kBetweenLooks;
        ASSERT_TRUE(ingest.take({{message(batchOf({1}), kHubSign)}}, now));
    }

    EXPECT_TRUE(ingest.room().full(now)->empty());
    EXPECT_EQ(store_->quarantine({}, 10)->at(0).times, 100U);
}

TEST_F(QuarantineRoomTest, WhatIsTriedAgainNeedsNoRoom) {
    Ingest ingest(*store_, kScope.event, signatures(), 1);

    ASSERT_TRUE(ingest.takeAgain(message(batchOf({1}), kHubSign), kNow));

    EXPECT_EQ(store_->counts()->quarantined, 1U);
}

}  // namespace
}  // namespace tapport::hub
