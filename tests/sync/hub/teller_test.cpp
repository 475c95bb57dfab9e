// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/downstream/teller.h"

#include "sync/hub/store/sqlite_store.h"
#include "sync/wire/topics.h"
#include "tests/support/fake_sink.h"
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
                [](ByteView) { return record::Signature{}; }, [this] { return revoked_; }};
    }
    void put(std::uint8_t key, std::size_t bytes) {
        ASSERT_TRUE(store_->putDown({{{{wire::ItemKind::Command, Bytes{key}, Bytes(bytes)}}}}));
    }
    static wire::DownChunk chunkIn(const Message& message) {
        return wire::decodeDown(message.payload).value().message;
    }

    support::TempDir dir_;
    std::unique_ptr<Store> store_;
    std::vector<record::KioskId> revoked_;
};

TEST_F(TellerTest, GoesOnFromWhatAKioskHas) {
    put(1, 40'000);
    put(2, 40'000);
    Teller teller = this->teller();
    teller.heard({{{kKiosk, {store_->hubEpoch(), {}}}}});

    const auto first = teller.next(kStart).value();
    teller.heard({{{kKiosk, {store_->hubEpoch(), chunkIn(first.at(0)).through}}}});
    const auto second = teller.next(kStart).value();
    teller.heard({{{kKiosk, {store_->hubEpoch(), chunkIn(second.at(0)).through}}}});

    EXPECT_EQ(first.at(0).topic, wire::downTopic(kKiosk));
    EXPECT_EQ(chunkIn(first.at(0)).from, wire::DownVersion{});
    EXPECT_EQ(chunkIn(first.at(0)).kiosk, kKiosk);
    EXPECT_EQ(chunkIn(second.at(0)).from, (wire::DownVersion{1, 0}));
    EXPECT_EQ(chunkIn(second.at(0)).through, (wire::DownVersion{2, 0}));
    EXPECT_TRUE(teller.next(kStart)->empty());
}

TEST_F(TellerTest, AVersionOfAnotherHubEpochIsNone) {
    put(1, 10);
    Teller teller = this->teller();

    teller.heard({{{kKiosk, {wire::HubEpoch{}, {1, 0}}}}});

    EXPECT_EQ(chunkIn(teller.next(kStart)->at(0)).from, wire::DownVersion{});
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
    const wire::DownVersion yesterday = store_->downVersion().value();
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

TEST_F(TellerTest, WhoIsRevokedIsToldThatAndNothingAfterIt) {
    const auto say = [&](const record::KioskId& to, std::string_view name) {
        ASSERT_TRUE(store_->putDown(
            {{{{wire::ItemKind::Command, toBytes(viewOf(name)), Bytes(32, 1)}, to}}}));
    };
    const auto toldTo = [&](Teller& teller, wire::DownVersion has) {
        teller.heard({{{kKiosk, {store_->hubEpoch(), has}}}});
        return teller.next(kStart).value();
    };
    put(1, 10);
    ASSERT_TRUE(store_->putDown({{{{wire::ItemKind::Roster, Bytes(16, 2), Bytes(300, 2)}}}}));
    revoked_ = {{"kiosk-0"}, kKiosk};
    Teller teller = this->teller();

    const auto ofRootsOnly = toldTo(teller, {});
    say(kKiosk, wire::kRevoked);
    ASSERT_TRUE(store_->putDown({{{{wire::ItemKind::Vault, Bytes(16, 3), Bytes(600, 3)}}}}));
    say(kKiosk, wire::kEndOfEvent);
    const auto told = toldTo(teller, {});
    const auto more = toldTo(teller, {2, 0});
    revoked_ = {{"kiosk-0"}};
    const auto enrolledAnew = toldTo(teller, {2, 0});

    EXPECT_TRUE(ofRootsOnly.empty());
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(chunkIn(told[0]).items.size(), 2U);
    EXPECT_EQ(chunkIn(told[0]).items.back().key, toBytes(viewOf(wire::kRevoked)));
    EXPECT_EQ(chunkIn(told[0]).through, (wire::DownVersion{2, 0}));
    EXPECT_EQ(chunkIn(told[0]).rest, wire::Rest::Some);
    EXPECT_TRUE(more.empty());
    ASSERT_EQ(enrolledAnew.size(), 1U);
    EXPECT_EQ(chunkIn(enrolledAnew[0]).items.size(), 3U) << "what it was not told";
    EXPECT_EQ(chunkIn(enrolledAnew[0]).rest, wire::Rest::None);
}

/// A kiosk with a large roster on its way to it.
class TellerBesideARoster : public TellerTest {
  protected:
    static constexpr std::size_t kEntries = 3000;

    TellerBesideARoster() {
        std::vector<DownPut> roster;
        for (std::size_t i = 0; i < kEntries; ++i) {
            roster.push_back({{wire::ItemKind::Roster, keyOf(i), Bytes(200, 1)}});
        }
        EXPECT_TRUE(store_->putDown(roster));
        say(teller_, sink_);
        exchange(teller_, sink_);
        exchange(teller_, sink_);
    }
    static Bytes keyOf(std::size_t i) {
        Bytes key(16, static_cast<std::uint8_t>(i));
        key[1] = static_cast<std::uint8_t>(i >> 8U);
        return key;
    }
    void putWithdrawal() { ASSERT_TRUE(store_->putDown({{kWithdrawal}})); }
    /// As in a hello, or the answer to a chunk.
    static void say(Teller& teller, support::FakeSink& sink) {
        teller.heard({{{kKiosk, sink.downState().value()}}});
    }
    /// The next chunk, and its answer. False: there is none.
    static bool exchange(Teller& teller, support::FakeSink& sink) {
        const auto chunks = teller.next(kStart).value();
        if (!chunks.empty()) {
            EXPECT_TRUE(sink.apply(chunkIn(chunks.at(0))));
            say(teller, sink);
        }
        return !chunks.empty();
    }
    static std::size_t exchangeAll(Teller& teller, support::FakeSink& sink) {
        std::size_t chunks = 0;
        while (exchange(teller, sink)) {
            ++chunks;
        }
        return chunks;
    }
    static bool hasWithdrawal(const support::FakeSink& sink) {
        const auto items = sink.items();
        const auto found = items.find({kWithdrawal.item.kind, kWithdrawal.item.key});
        return found != items.end() && found->second == kWithdrawal.item.payload;
    }
    /// What a kiosk has that had nothing.
    support::FakeSink::Items all() {
        Teller teller = this->teller();
        support::FakeSink sink;
        say(teller, sink);
        exchangeAll(teller, sink);
        return sink.items();
    }

    static inline const DownPut kWithdrawal{{wire::ItemKind::Vault, Bytes(16, 0xEE), Bytes{2}}};
    Teller teller_ = teller();
    support::FakeSink sink_;
};

TEST_F(TellerBesideARoster, AWithdrawalReachesTheKioskWithTheNextChunk) {
    const std::size_t before = sink_.items().size();
    ASSERT_GT(before, 0U);

    putWithdrawal();
    ASSERT_TRUE(exchange(teller_, sink_));

    EXPECT_TRUE(hasWithdrawal(sink_));
    EXPECT_TRUE(teller_.isTold(kKiosk, 1));
    EXPECT_LT(sink_.items().size(), kEntries / 2);
    EXPECT_GT(sink_.items().size(), before + 1) << "and the roster does not stand still";
    EXPECT_GT(exchangeAll(teller_, sink_), 5U);
    EXPECT_EQ(sink_.items().size(), kEntries + 1);
    EXPECT_EQ(sink_.items(), all());
}

TEST_F(TellerBesideARoster, AWithdrawalGoesInPlaceOfAChunkThatNobodyAnswered) {
    const auto lost = teller_.next(kStart).value();
    ASSERT_EQ(lost.size(), 1U);
    putWithdrawal();
    EXPECT_TRUE(teller_.next(kStart)->empty()) << "one at a time";

    const auto next = teller_.next(kStart + Downstream::kFirstPatience).value();
    ASSERT_EQ(next.size(), 1U);
    ASSERT_TRUE(sink_.apply(chunkIn(next[0])));
    EXPECT_TRUE(hasWithdrawal(sink_));

    const auto has = sink_.downState();
    EXPECT_EQ(sink_.apply(chunkIn(lost[0])), has) << "it was late: nothing of it is taken";
    say(teller_, sink_);
    exchangeAll(teller_, sink_);
    EXPECT_EQ(sink_.items(), all());
}

TEST_F(TellerBesideARoster, AKioskThatRestartsGoesOnInBothOrders) {
    const support::FakeSink::Kept earlier = sink_.kept();
    putWithdrawal();
    ASSERT_TRUE(exchange(teller_, sink_));
    support::FakeSink restarted;
    restarted.insert(sink_.kept());
    support::FakeSink withoutTheLastChunk;
    withoutTheLastChunk.insert(earlier);

    for (support::FakeSink* sink : {&restarted, &withoutTheLastChunk}) {
        Teller teller = this->teller();
        say(teller, *sink);
        ASSERT_TRUE(exchange(teller, *sink));
        EXPECT_TRUE(hasWithdrawal(*sink));
        EXPECT_LT(exchangeAll(teller, *sink), kEntries / 200) << "not all of it again";
        EXPECT_EQ(sink->items(), all());
    }
}

TEST_F(TellerBesideARoster, ARestoredHubTellsWhatIsUrgentFirstAndAllInTheEnd) {
    putWithdrawal();
    ASSERT_TRUE(exchange(teller_, sink_));
    // What it does not know any more, and what it learns of then.
    ASSERT_TRUE(store_->putDown({{{{wire::ItemKind::Roster, Bytes(16, 0xDD), Bytes{1}}}}}));
    exchangeAll(teller_, sink_);
    ASSERT_TRUE(store_->putDown({{{{wire::ItemKind::Roster, Bytes(16, 0xDD), std::nullopt}}}}));
    ASSERT_TRUE(store_->beginHubEpoch(*wire::HubEpoch::from(Bytes(wire::HubEpoch::kSize, 9))));
    const DownPut later{{wire::ItemKind::Vault, Bytes(16, 0xEF), Bytes{3}}};
    ASSERT_TRUE(store_->putDown({{later}}));

    Teller restored = teller();
    say(restored, sink_);
    ASSERT_TRUE(exchange(restored, sink_));

    EXPECT_EQ(sink_.items().count({later.item.kind, later.item.key}), 1U);
    EXPECT_EQ(sink_.items().size(), kEntries + 3) << "what it was not told of yet stays so long";
    exchangeAll(restored, sink_);
    EXPECT_EQ(sink_.items().size(), kEntries + 2);
    EXPECT_EQ(sink_.items(), all());
}

TEST_F(TellerBesideARoster, AnErasedEntryGoesAtOnceAndDoesNotComeBack) {
    DownPut erased{{wire::ItemKind::Roster, keyOf(0), std::nullopt}};
    erased.subject = subject(7);
    ASSERT_EQ(sink_.items().count({wire::ItemKind::Roster, keyOf(0)}), 1U);
    DownPut waiting = erased;
    waiting.item.key = keyOf(kEntries - 1);

    ASSERT_TRUE(store_->putDown({{erased, waiting}}));
    ASSERT_TRUE(exchange(teller_, sink_));

    EXPECT_EQ(sink_.items().count({wire::ItemKind::Roster, keyOf(0)}), 0U);
    exchangeAll(teller_, sink_);
    EXPECT_EQ(sink_.items().size(), kEntries - 2);
    EXPECT_EQ(sink_.items(), all());
}

}  // namespace
}  // namespace tapport::hub
