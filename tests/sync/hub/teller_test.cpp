// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/downstream/teller.h"

#include "sync/hub/store/sqlite_store.h"
#include "sync/wire/topics.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/samples.h"

#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;

const Downstream::Instant kStart{std::chrono::hours(1)};

class TellerTest : public testing::Test {
  protected:
    TellerTest() : store_(openSqliteStore(dir_ / "hub.db", kScope, kKey).value()) {}
    Teller teller() {
        return {*store_, kScope.event, store_->hubEpoch(),
                [](ByteView) { return record::Signature{}; }};
    }
    void put(std::uint8_t key, std::size_t bytes) {
        ASSERT_TRUE(store_->putDown({{{{wire::ItemKind::Command, Bytes{key}, Bytes(bytes)}}}}));
    }
    static wire::DownChunk chunkIn(const Message& message) {
        return wire::decodeDown(message.payload).value().message;
    }

    support::TempDir dir_;
    std::unique_ptr<Store> store_;
};

TEST_F(TellerTest, GoesOnFromWhatAKioskHas) {
    put(1, 40'000);
    put(2, 40'000);
    Teller teller = this->teller();
    teller.heard({{{kKiosk, {store_->hubEpoch(), 0}}}});

    const auto first = teller.next(kStart).value();
    teller.heard({{{kKiosk, {store_->hubEpoch(), chunkIn(first.at(0)).through}}}});
    const auto second = teller.next(kStart).value();
    teller.heard({{{kKiosk, {store_->hubEpoch(), chunkIn(second.at(0)).through}}}});

    EXPECT_EQ(first.at(0).topic, wire::downTopic(kKiosk));
    EXPECT_EQ(chunkIn(first.at(0)).from, 0U);
    EXPECT_EQ(chunkIn(first.at(0)).kiosk, kKiosk);
    EXPECT_EQ(chunkIn(second.at(0)).from, 1U);
    EXPECT_EQ(chunkIn(second.at(0)).through, 2U);
    EXPECT_TRUE(teller.next(kStart)->empty());
}

TEST_F(TellerTest, AVersionOfAnotherHubEpochIsNone) {
    put(1, 10);
    Teller teller = this->teller();

    teller.heard({{{kKiosk, {wire::HubEpoch{}, 1}}}});

    EXPECT_EQ(chunkIn(teller.next(kStart)->at(0)).from, 0U);
}

TEST_F(TellerTest, TellsNobodyWhoSaidNothing) {
    put(1, 10);

    EXPECT_TRUE(teller().next(kStart)->empty());
}

TEST_F(TellerTest, AKioskThatWasOffForADayIsToldThatDayOnly) {
    std::vector<DownPut> roster;
    for (std::uint8_t i = 0; i < 200; ++i) {
        roster.push_back({{wire::ItemKind::Roster, Bytes(16, i), Bytes(300, i)}});
    }
    ASSERT_TRUE(store_->putDown(roster));
    const std::uint64_t yesterday = store_->downVersion().value();
    for (std::uint8_t i = 0; i < 5; ++i) {
        ASSERT_TRUE(store_->putDown({{{{wire::ItemKind::Vault, Bytes(16, i), Bytes(600, i)}}}}));
    }
    Teller teller = this->teller();
    teller.heard({{{kKiosk, {store_->hubEpoch(), yesterday}}}});

    const auto told = teller.next(kStart).value();

    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(chunkIn(told[0]).items.size(), 5U);
    EXPECT_LE(told[0].payload.size(), 5U * (16 + 600 + wire::kItemOverhead) + wire::kChunkOverhead);
}

}  // namespace
}  // namespace tapport::hub
