// SPDX-License-Identifier: GPL-3.0-or-later
// The file of a kiosk's store: of which program, kiosk and event it is, of an older program,
// damaged, and who may read it.
#include "sync/seal/chain.h"
#include "tests/firmware-app/store/kiosk_store_fixture.h"
#include "tests/support/fixture.h"

#include <fstream>

#include <gmock/gmock.h>

namespace tapport::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(KioskStoreTest, AFileOfSchema1KeepsItsRecordsAndGetsTheirChain) {
    {
        SQLite::Database old((directory / "kiosk.db").string(),
                             SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        old.exec(support::readFile(support::fixture("kiosk/schema-1.sql")));
    }

    const auto store = open();

    const agent::OutboxEpoch epoch = store->epochs()->back();
    EXPECT_EQ(epoch.epoch.hex(), "0102030405060708");
    EXPECT_EQ(epoch.last, 2U);
    EXPECT_EQ(epoch.firstWaiting, 2U);
    ASSERT_TRUE(store->markWaiting(std::vector<agent::SeqRange>{{1, 2}}));
    const auto rows = store->waiting({}).value();
    record::ChainHash chain = seal::kChainStart;
    for (const agent::OutboxRow& row : rows) {
        EXPECT_EQ(row.before, chain);
        chain =
            seal::chainAfter(chain, epoch.epoch, row.number, row.id, seal::digestOf(row.sealed));
    }
    EXPECT_EQ(epoch.lastChain, chain);
    commit(*store, 7);
    EXPECT_THAT(seqs(*store), ElementsAre(1, 2, 3));
    EXPECT_TRUE(store->keepTries("pin", {}));
}

TEST_F(KioskStoreTest, AFileOfSchema3KeepsHowItsRecordsStandWithTheHub) {
    {
        SQLite::Database old((directory / "kiosk.db").string(),
                             SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        old.exec(support::readFile(support::fixture("kiosk/schema-3.sql")));
    }

    auto store = open();

    EXPECT_THAT(seqs(*store), ElementsAre(4, 7));
    EXPECT_EQ(store->waiting({0, true, 10, 1000}).value().size(), 1U);
    const agent::OutboxCounts counts = store->counts().value();
    EXPECT_EQ(counts.waiting, 2U);
    EXPECT_EQ(counts.received, 4U);
    EXPECT_EQ(counts.dropped, 2U);
    EXPECT_EQ(counts.quarantined, 1U);
    EXPECT_EQ(counts.oldestWaiting, record::WallTime(record::Millis(1795608000004)));
    ASSERT_TRUE(store->markWaiting(std::vector<agent::SeqRange>{{1, 7}}));
    store.reset();
    EXPECT_THAT(seqs(*open()), ElementsAre(3, 4, 5, 6, 7));
}

TEST_F(KioskStoreTest, ASecondOwnerIsToldThatItIsBusy) {
    const auto store = open();

    const auto second = tryOpen();

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::Busy);
}

TEST_F(KioskStoreTest, AnotherKiosksFileIsRefused) {
    open().reset();
    StoreConfig other = config();
    other.kiosk = {"kiosk-2"};

    const auto store = KioskStore::open(other);

    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Code::Conflict);
    EXPECT_THAT(store.error().context, HasSubstr("kiosk-1"));
}

TEST_F(KioskStoreTest, AnotherEventsFileIsRefusedAndSaysWhatWaits) {
    {
        const auto store = open();
        commit(*store, 1);
        commit(*store, 2);
        commit(*store, 3);
        ASSERT_TRUE(store->markReceived(std::vector<agent::SeqRange>{{1, 1}}));
    }
    StoreConfig other = config();
    other.event.id = {"expo-2027"};

    const auto store = KioskStore::open(other);

    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Code::Conflict);
    EXPECT_THAT(store.error().context, HasSubstr("is of event " + config().event.id.value));
    EXPECT_THAT(store.error().context, HasSubstr("2 records wait"));
    EXPECT_THAT(store.error().context, HasSubstr("1 more"));
    EXPECT_EQ(open()->counts()->waiting, 2U) << "left alone";
}

TEST_F(KioskStoreTest, AFileThatNamedNoEventBelongsToThatOfWhoOpensItFirst) {
    {
        SQLite::Database old((directory / "kiosk.db").string(),
                             SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        old.exec(support::readFile(support::fixture("kiosk/schema-1.sql")));
    }
    EXPECT_EQ(open()->counts()->waiting, 1U);
    StoreConfig other = config();
    other.event.id = {"expo-2027"};

    EXPECT_EQ(KioskStore::open(other).error().code, Code::Conflict);
}

TEST_F(KioskStoreTest, AFileThatIsNoDatabaseIsRefused) {
    support::writeFile(directory / "kiosk.db", std::string(8192, 'x'));

    const auto store = tryOpen();

    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Code::Storage);
}

TEST_F(KioskStoreTest, AnotherApplicationsDatabaseIsRefusedAndLeftAlone) {
    {
        SQLite::Database other((directory / "kiosk.db").string(),
                               SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        other.exec("CREATE TABLE theirs (a)");
    }

    const auto store = tryOpen();

    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Code::Conflict);
}

TEST_F(KioskStoreTest, ADatabaseFromTheFutureIsRefused) {
    open().reset();
    {
        SQLite::Database db((directory / "kiosk.db").string(), SQLite::OPEN_READWRITE);
        db.exec("PRAGMA user_version = 99");
    }

    EXPECT_EQ(tryOpen().error().code, Code::Conflict);
}

TEST_F(KioskStoreTest, AMissingDirectoryIsAStorageError) {
    StoreConfig nowhere = config();
    nowhere.file = directory / "missing" / "kiosk.db";

    EXPECT_EQ(KioskStore::open(nowhere).error().code, Code::Storage);
}

TEST_F(KioskStoreTest, DamageIsFoundByACheckAndNeverCrashes) {
    {
        const auto store = open();
        for (std::uint32_t n = 1; n <= 50; ++n) {
            commit(*store, n);
        }
        EXPECT_TRUE(store->check());
    }
    const auto file = directory / "kiosk.db";
    {
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        const auto size = std::filesystem::file_size(file);
        for (std::uintmax_t at = 8192; at + 64 < size; at += 4096) {
            bytes.seekp(static_cast<std::streamoff>(at));
            bytes.write(std::string(64, '\x5A').data(), 64);
        }
    }

    const auto damaged = tryOpen().and_then([](const auto& store) { return store->check(); });

    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code, Code::Storage);
}

TEST_F(KioskStoreTest, TheFileIsForItsOwnerOnly) {
    const auto store = open();
    commit(*store, 1);

    for (const auto& file : std::filesystem::directory_iterator(directory.path())) {
        EXPECT_EQ(file.status().permissions() & std::filesystem::perms(077),
                  std::filesystem::perms::none)
            << file.path();
    }
}

TEST_F(KioskStoreTest, ThereIsNoSharedMemoryFile) {
    const auto store = open();
    commit(*store, 1);

    EXPECT_FALSE(std::filesystem::exists(directory / "kiosk.db-shm"));
}

TEST_F(KioskStoreTest, TheReserveIsMadeOnceAndUsed) {
    const auto size = [&] { return std::filesystem::file_size(directory / "kiosk.db"); };
    open().reset();
    const auto reserved = size();
    {
        const auto store = open();
        for (std::uint32_t n = 1; n <= 20; ++n) {
            commit(*store, n);
        }
    }

    EXPECT_GE(reserved, 64U * 1024);
    EXPECT_EQ(size(), reserved);
}

}  // namespace
}  // namespace tapport::store
