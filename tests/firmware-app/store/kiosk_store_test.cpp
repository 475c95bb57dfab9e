// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/kiosk_store.h"

#include "sync/seal/chain.h"
#include "tests/firmware-app/store/kiosk_store_fixture.h"

#include <gmock/gmock.h>

namespace tapport::store {
namespace {

using record::UnitKind;
using ::testing::ElementsAre;
using ::testing::SizeIs;

TEST_F(KioskStoreTest, GivesDensePositionsAndSealsEachUnitWithItsOwn) {
    const auto store = open();
    const std::vector units{unitNumber(1), unitNumber(2, UnitKind::Withdrawal)};

    ASSERT_TRUE(store->commit(units, {}));

    const auto rows = store->waiting({}).value();
    const auto span = store->epochs()->back();
    ASSERT_THAT(rows, SizeIs(2));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto opened = seal::openUnit(rows[i].sealed, keys);
        ASSERT_TRUE(opened);
        EXPECT_EQ(rows[i].id, units[i].id);
        EXPECT_EQ(opened->unit, units[i]);
        EXPECT_EQ(opened->position, (record::Position{{"kiosk-1"}, span.epoch, i + 1}));
    }
    EXPECT_FALSE(rows[0].isUrgent);
    EXPECT_TRUE(rows[1].isUrgent);
}

TEST_F(KioskStoreTest, ARetryWithTheSameIdsIsANoOp) {
    const auto store = open();
    const std::vector units{unitNumber(1), unitNumber(2)};
    ASSERT_TRUE(store->commit(units, entryOf(1, "first@example.com")));
    const auto before = store->waiting({}).value();

    ASSERT_TRUE(store->commit(units, entryOf(1, "first@example.com")));

    EXPECT_EQ(store->waiting({}).value().size(), before.size());
    EXPECT_EQ(store->waiting({}).value()[0].sealed, before[0].sealed);
    EXPECT_EQ(store->epochs()->back().last, 2U);
}

TEST_F(KioskStoreTest, ARetryAddsWhatIsMissing) {
    const auto store = open();
    commit(*store, 1);

    ASSERT_TRUE(store->commit(std::vector{unitNumber(1), unitNumber(2)}, {}));

    EXPECT_THAT(seqs(*store), ElementsAre(1, 2));
}

TEST_F(KioskStoreTest, AnEntryIsFoundAndOpenedWithItsBadgeOnly) {
    const auto store = open();
    const EntryToKeep keep = entryOf(1, "ada@example.com");
    ASSERT_TRUE(store->commit(std::vector{unitNumber(1)}, keep));

    EXPECT_EQ(store->lookUp(keep.access).value(), keep.entry);
    EXPECT_EQ(store->lookUp(entryOf(2, "").access).value(), std::nullopt);
    record::VaultAccess forged = entryOf(2, "").access;
    forged.lookup = keep.access.lookup;
    EXPECT_EQ(store->lookUp(forged).error().code, Code::Crypto);
}

TEST_F(KioskStoreTest, ANewEntryReplacesTheOld) {
    const auto store = open();
    ASSERT_TRUE(store->commit(std::vector{unitNumber(1)}, entryOf(1, "old@example.com")));

    ASSERT_TRUE(store->commit(std::vector{unitNumber(2)}, entryOf(1, "new@example.com")));

    const auto found = store->lookUp(entryOf(1, "").access).value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->contact->email, "new@example.com");
}

TEST_F(KioskStoreTest, NothingReadableReachesTheDisk) {
    {
        const auto store = open();
        ASSERT_TRUE(store->commit(std::vector{unitNumber(1)}, entryOf(1, "ada@example.com")));
    }

    for (const auto& file : std::filesystem::directory_iterator(directory.path())) {
        const std::string bytes = support::readFile(file.path());
        for (const char* const secret : {"Ada", "Example Works", "ada@example.com"}) {
            EXPECT_EQ(bytes.find(secret), std::string::npos) << file.path() << " " << secret;
        }
    }
}

TEST_F(KioskStoreTest, RecordsEpochAndEntriesOutliveTheProgram) {
    record::Epoch epoch;
    {
        const auto store = open();
        ASSERT_TRUE(store->commit(std::vector{unitNumber(1)}, entryOf(1, "ada@example.com")));
        epoch = store->epochs()->back().epoch;
    }

    const auto store = open();

    EXPECT_EQ(store->epochs()->back().epoch, epoch);
    EXPECT_THAT(seqs(*store), ElementsAre(1));
    EXPECT_TRUE(store->lookUp(entryOf(1, "").access).value());
    commit(*store, 2);
    EXPECT_THAT(seqs(*store), ElementsAre(1, 2));
}

TEST_F(KioskStoreTest, EveryNewFileHasAnEpochOfItsOwn) {
    const auto first = open()->epochs()->back().epoch;
    std::filesystem::remove(directory / "kiosk.db");
    std::filesystem::remove(directory / "kiosk.db-wal");

    EXPECT_NE(open()->epochs()->back().epoch, first);
}

TEST_F(KioskStoreTest, WaitingRowsComeInOrderWithinTheBounds) {
    const auto store = open();
    for (std::uint32_t n = 1; n <= 6; ++n) {
        commit(*store, n, n % 3 == 0 ? UnitKind::Withdrawal : UnitKind::Visit);
    }
    const std::size_t size = store->waiting({})->front().sealed.size();

    EXPECT_THAT(seqs(*store, {2, false, 3, 1 << 20}), ElementsAre(3, 4, 5));
    EXPECT_THAT(seqs(*store, {0, true, 50, 1 << 20}), ElementsAre(3, 6));
    EXPECT_THAT(seqs(*store, {0, false, 50, 2 * size}), ElementsAre(1, 2));
    EXPECT_THAT(seqs(*store, {4, false, 50, 1}), ElementsAre(5));
}

TEST_F(KioskStoreTest, MarksAreIdempotentAndMayCoverWhatIsNotThere) {
    const auto store = open();
    for (std::uint32_t n = 1; n <= 5; ++n) {
        commit(*store, n);
    }
    const std::vector<agent::SeqRange> received{{1, 2}, {4, 900}};

    ASSERT_TRUE(store->markReceived(received));
    ASSERT_TRUE(store->markReceived(received));

    EXPECT_THAT(seqs(*store), ElementsAre(3));
    EXPECT_EQ(store->epochs()->back().firstWaiting, 3U);
    EXPECT_EQ(store->counts()->received, 4U);
    EXPECT_EQ(store->counts()->waiting, 1U);
}

TEST_F(KioskStoreTest, AQuarantinedRowIsReceivedOrLackedWhenTheHubSaysSo) {
    const auto store = open();
    commit(*store, 1);
    const std::vector<agent::SeqRange> one{{1, 1}};
    ASSERT_TRUE(store->markQuarantined(one));
    ASSERT_EQ(store->counts()->quarantined, 1U);

    ASSERT_TRUE(store->markReceived(one));
    ASSERT_TRUE(store->markQuarantined(one)) << "late news";
    EXPECT_EQ(store->counts()->received, 1U);
    ASSERT_TRUE(store->markWaiting(one));

    EXPECT_THAT(seqs(*store), ElementsAre(1));
}

TEST_F(KioskStoreTest, CountsSayHowOldTheOldestWaitingRecordIs) {
    const auto store = open();
    EXPECT_EQ(store->counts()->oldestWaiting, std::nullopt);
    commit(*store, 1);
    commit(*store, 2);

    ASSERT_TRUE(store->markReceived(std::vector<agent::SeqRange>{{1, 1}}));

    EXPECT_EQ(store->counts()->oldestWaiting, unitNumber(2).at.wall);
}

TEST_F(KioskStoreTest, ARetryAfterANewEpochFindsItsRecordsWhereTheyAre) {
    const auto store = open();
    commit(*store, 1);
    ASSERT_TRUE(store->startEpoch(store->epochs()->back().epoch));

    ASSERT_TRUE(store->commit(std::vector{unitNumber(1), unitNumber(2)}, {}));

    const auto rows = store->waiting({}).value();
    ASSERT_THAT(rows, SizeIs(2));
    EXPECT_EQ(seal::openUnit(rows[0].sealed, keys)->position.seq, 1U);
    EXPECT_EQ(seal::openUnit(rows[1].sealed, keys)->position,
              (record::Position{{"kiosk-1"}, store->epochs()->back().epoch, 1}));
}

TEST_F(KioskStoreTest, KeepsTriesAcrossARestart) {
    const record::Tries wrong{4, *record::BootId::from(Bytes(16, 7)), std::chrono::hours(1)};
    ASSERT_TRUE(open()->keepTries("pin", {1, {}, {}}));
    ASSERT_TRUE(open()->keepTries("pin", wrong));

    const auto store = open();

    EXPECT_EQ(store->tries("pin").value(), wrong);
    EXPECT_EQ(store->tries("code").value(), record::Tries{});
}

}  // namespace
}  // namespace tapport::store
