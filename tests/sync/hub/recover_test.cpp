// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk's disk that was found again, in each schema that kiosks ever had.
#include "sync/hub/run/custody.h"
#include "sync/hub/run/hub_desk.h"
#include "sync/hub/run/retention.h"
#include "sync/hub/store/sqlite_store.h"
#include "sync/seal/seal.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/example_answers.h"

#include <cstdlib>
#include <fstream>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;
namespace fs = std::filesystem;

// As firmware-app/store made and makes them, as far as a reader may rely on it.
constexpr const char* kSchema1 =
    "PRAGMA application_id = 0x54505254; PRAGMA user_version = 1;"
    "CREATE TABLE meta (id INTEGER PRIMARY KEY, kiosk TEXT, epoch BLOB, last_seq INTEGER);"
    "CREATE TABLE outbox (seq INTEGER PRIMARY KEY, record_id BLOB, sealed BLOB);";
constexpr const char* kSchema3 =
    "PRAGMA application_id = 0x54505254; PRAGMA user_version = 3;"
    "CREATE TABLE meta (id INTEGER PRIMARY KEY, kiosk TEXT);"
    "CREATE TABLE epoch (ordinal INTEGER PRIMARY KEY, epoch BLOB, base INTEGER, last_seq INTEGER);"
    "CREATE TABLE outbox (number INTEGER PRIMARY KEY, record_id BLOB, sealed BLOB, before BLOB);";

constexpr const char* kSchema6 =
    "PRAGMA application_id = 0x54505254; PRAGMA user_version = 6;"
    "CREATE TABLE meta (id INTEGER PRIMARY KEY, kiosk TEXT, event TEXT NOT NULL, "
    "hub BLOB NOT NULL DEFAULT x'');"
    "CREATE TABLE epoch (ordinal INTEGER PRIMARY KEY, epoch BLOB, base INTEGER, last_seq INTEGER);"
    "CREATE TABLE outbox (number INTEGER PRIMARY KEY, record_id BLOB, sealed BLOB, before BLOB);";

class LeavingOpener final : public UnitOpener {
  public:
    explicit LeavingOpener(const seal::SealingKeys& keys) : local_(keys, kScope.event) {}
    Result<std::vector<Opened>> open(std::span<const Waiting> units) override {
        return isThere ? local_.open(units) : fail(Code::Busy, "the opener is not there");
    }
    bool isThere = true;

  private:
    LocalOpener local_;
};

class RecoverTest : public testing::Test {
  protected:
    void makeDisk(const char* schema) {
        fs::create_directories(disk());
        kiosk_ = std::make_unique<SQLite::Database>(disk() / "kiosk.db",
                                                    SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        kiosk_->exec("PRAGMA journal_mode = WAL");
        kiosk_->exec(schema);
    }
    void put(const std::string& sql, const std::vector<Bytes>& blobs) {
        SQLite::Statement statement(*kiosk_, sql);
        for (std::size_t i = 0; i < blobs.size(); ++i) {
            statement.bind(static_cast<int>(i) + 1, blobs[i].data(),
                           static_cast<int>(blobs[i].size()));
        }
        statement.exec();
    }
    Bytes sealed(const record::PositionedUnit& unit) const {
        return seal::sealUnit(unit, keys_.publicKey);
    }
    void putRow(int number, const record::PositionedUnit& unit) {
        put("INSERT INTO outbox (rowid, record_id, sealed) VALUES (" + std::to_string(number) +
                ", ?, ?)",
            {toBytes(unit.unit.id.view()), sealed(unit)});
    }
    void makeDiskWith(const std::vector<record::PositionedUnit>& units) {
        makeDisk(kSchema6);
        put("INSERT INTO meta (id, kiosk, event) VALUES (1, 'kiosk-1', '" + event_.id.value + "')",
            {});
        put("INSERT INTO epoch VALUES (1, ?, 0, " + std::to_string(units.size()) + ")",
            {toBytes(epoch().view())});
        for (const record::PositionedUnit& unit : units) {
            putRow(static_cast<int>(unit.position.seq), unit);
        }
    }
    fs::path disk() const { return dir_ / "disk"; }
    Custody custody() {
        return {{*store_, filing_, ingest_, dir_ / "suppression.key"},
                [] { return clockAt(kNow); },
                [](const auto& work) { work(); }};
    }
    HubDesk desk() {
        return HubDesk(
            {*store_, ingest_.sorting(), filing_, published_, retention_, event_, {}},
            [] {
                return record::ClockReading{kNow, record::ClockQuality::Synced, {}, {}};
            },
            [](const auto& work) { work(); });
    }

    bool isReady_ = seal::initialise().has_value();
    support::TempDir dir_;
    std::unique_ptr<SQLite::Database> kiosk_;
    std::unique_ptr<Store> store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
    seal::SealingKeys keys_ = seal::makeSealingKeys();
    LeavingOpener opener_{keys_};
    event::Event event_ = exampleEvent();
    ProofKeys published_{dir_ / "keys.json", dir_ / "kiosks.register", event_, {}};
    Filing filing_{*store_, opener_, published_};
    Retention retention_{*store_, event_};
    Ingest ingest_{*store_, kScope.event, {}};
};

TEST_F(RecoverTest, PutsWhatIsNewHereIntoQuarantineAndNothingTwice) {
    makeDiskWith({visit(1, 7), visit(2, 8)});

    const auto first = desk().recover(disk());
    const auto again = desk().recover(disk());

    ASSERT_TRUE(first) << first.error().context;
    EXPECT_EQ(first->kiosk.value, "kiosk-1");
    EXPECT_EQ(first->fresh, 2U);
    EXPECT_EQ(first->known, 0U);
    EXPECT_EQ(again->fresh, 0U);
    EXPECT_EQ(again->known, 2U);
    ASSERT_TRUE(filing_.finish(kNow));
    EXPECT_EQ(store_->counts()->units, 2U);
    EXPECT_EQ(store_->counts()->quarantined, 2U);
    EXPECT_TRUE(store_->dossiers({}, 10)->empty());
    const QuarantineEntry entry = store_->quarantine({}, 1)->at(0);
    EXPECT_EQ(entry.reason, Reason::Recovered);
    EXPECT_EQ(entry.topic, "kiosk-1");
    EXPECT_EQ(entry.unit, visit(2, 8).unit.id);
}

TEST_F(RecoverTest, AnOperatorsWordTakesAKiosksRecordsIn) {
    makeDiskWith({visit(1, 7), visit(2, 8)});
    ASSERT_TRUE(desk().recover(disk()));
    EXPECT_TRUE(store_->openedThrough()->empty()) << "no backup may let the kiosk drop them";

    const auto others = custody().retryAll(record::KioskId{"kiosk-2"});
    const auto own = custody().retryAll(kKiosk);

    EXPECT_EQ(others->tried, 0U);
    EXPECT_EQ(own->tried, 2U);
    EXPECT_EQ(own->again, 0U);
    EXPECT_EQ(store_->dossiers({}, 10)->size(), 2U);
    EXPECT_EQ(store_->openedThrough()->at(0).seq, 2U);
}

TEST_F(RecoverTest, WhatSaysOnlyNoCountsAtOnce) {
    record::PositionedUnit both = withdrawal(3, 8, {});
    both.unit.consents.push_back(visit(3, 8).unit.consents.front());
    both.unit.consents.back().id = recordId(3002);
    makeDiskWith({visit(1, 7), withdrawal(2, 7, {recordId(1001)}), both});

    const auto recovered = desk().recover(disk());

    ASSERT_TRUE(recovered) << recovered.error().context;
    EXPECT_EQ(recovered->fresh, 3U);
    EXPECT_EQ(recovered->taken, 1U);
    ASSERT_TRUE(filing_.finish(kNow));
    EXPECT_EQ(store_->counts()->opened[record::UnitKind::Withdrawal], 1U);
    EXPECT_EQ(store_->counts()->quarantined, 2U);
}

TEST_F(RecoverTest, WithoutAnOpenerEverythingWaitsUntilItIsReadAgain) {
    makeDiskWith({withdrawal(1, 7, {})});
    opener_.isThere = false;
    const auto blind = desk().recover(disk());
    opener_.isThere = true;

    ASSERT_TRUE(blind) << blind.error().context;
    EXPECT_EQ(blind->taken, 0U);
    EXPECT_NE(blind->unopened, "");
    EXPECT_EQ(store_->counts()->quarantined, 1U);
    EXPECT_EQ(desk().recover(disk())->unopened, "");
    EXPECT_EQ(store_->counts()->quarantined, 0U);
    EXPECT_EQ(store_->counts()->waiting, 1U);
}

TEST_F(RecoverTest, AnErasureTakesWhatWasReadOutOfTheQuarantine) {
    makeDiskWith({visit(1, 7)});
    ASSERT_TRUE(desk().recover(disk()));
    const record::PositionedUnit unit = erasure(2, 7, {});
    Parcels parcels;
    parcels.add(unit.unit.id, unit.position, sealed(unit));
    ASSERT_TRUE(store_->take(parcels.intake(), kNow));

    ASSERT_TRUE(filing_.finish(kNow));

    EXPECT_EQ(store_->counts()->quarantined, 0U);
    EXPECT_TRUE(custody().retryAll()->notes.empty());
}

TEST_F(RecoverTest, ReadsEachEpochOfADiskThatHadSeveral) {
    makeDisk(kSchema3);
    put("INSERT INTO meta VALUES (1, 'kiosk-1')", {});
    const Bytes epoch = toBytes(visit(1, 7).position.epoch.view());
    put("INSERT INTO epoch VALUES (1, ?, 0, 1)", {Bytes(record::Epoch::kSize, 0x0E)});
    put("INSERT INTO epoch VALUES (2, ?, 1, 2)", {epoch});
    record::PositionedUnit old = visit(9, 6);
    old.position = {kKiosk, *record::Epoch::from(Bytes(record::Epoch::kSize, 0x0E)), 1};
    putRow(1, old);
    putRow(2, visit(1, 7));
    putRow(3, visit(2, 8));

    const auto recovered = desk().recover(disk());

    ASSERT_TRUE(recovered) << recovered.error().context;
    EXPECT_EQ(recovered->fresh, 3U);
    EXPECT_EQ(custody().retryAll(kKiosk)->again, 0U);
    EXPECT_EQ(store_->counts()->quarantined, 0U);
}

TEST_F(RecoverTest, ReadsADiskThatNamesItsEvent) {
    makeDiskWith({visit(1, 7)});

    EXPECT_EQ(desk().recover(disk())->fresh, 1U);
}

TEST_F(RecoverTest, LeavesTheDiskAsItIs) {
    makeDisk(kSchema1);
    put("INSERT INTO meta VALUES (1, 'kiosk-1', ?, 1)",
        {toBytes(visit(1, 7).position.epoch.view())});
    putRow(1, visit(1, 7));
    const std::string log = support::readFile(disk() / "kiosk.db-wal");
    ASSERT_FALSE(log.empty());

    ASSERT_EQ(desk().recover(disk())->fresh, 1U);

    EXPECT_EQ(support::readFile(disk() / "kiosk.db-wal"), log);
}

TEST_F(RecoverTest, NobodyWasHeardWhoseDiskIsRead) {
    makeDiskWith({visit(1, 7), visit(2, 8)});
    ASSERT_TRUE(desk().recover(disk()));
    EXPECT_FALSE(store_->kiosks()->at(0).wasHeard());
    const record::WallTime before = kNow - std::chrono::hours(1);
    ASSERT_TRUE(store_->take(Parcels().add(9).intake(), before));

    ASSERT_TRUE(desk().recover(disk()));

    EXPECT_EQ(store_->kiosks()->at(0).heardAt, before);
}

TEST_F(RecoverTest, KeepsWhatCanBeReadOfADamagedDisk) {
    makeDisk(kSchema1);
    put("INSERT INTO meta VALUES (1, 'kiosk-1', ?, 2)",
        {toBytes(visit(1, 7).position.epoch.view())});
    for (int seq = 1; seq <= 250; ++seq) {
        putRow(seq, visit(static_cast<std::uint64_t>(seq), 7));
    }
    put("UPDATE outbox SET record_id = ? WHERE seq = 240", {Bytes(3, 1)});

    const auto recovered = desk().recover(disk());

    ASSERT_TRUE(recovered);
    EXPECT_EQ(recovered->fresh, 200U);
    EXPECT_NE(recovered->damage, "");
}

TEST_F(RecoverTest, RefusesADiskOfAnotherEventBeforeAnythingIsTaken) {
    makeDiskWith({visit(1, 7)});
    put("UPDATE meta SET event = 'other-2026'", {});

    const auto recovered = desk().recover(disk());

    ASSERT_FALSE(recovered);
    EXPECT_EQ(recovered.error().code, Code::InvalidInput);
    EXPECT_NE(recovered.error().context.find("other-2026"), std::string::npos);
    EXPECT_EQ(store_->counts()->units, 0U);
}

TEST_F(RecoverTest, ARecordLargerThanAnyKioskMakesIsDamage) {
    makeDiskWith({visit(1, 7)});
    put("INSERT INTO outbox (rowid, record_id, sealed) VALUES (2, ?, ?)",
        {toBytes(visit(2, 7).unit.id.view()), Bytes(wire::kMostSealedBytes + 1, 1)});
    put("UPDATE epoch SET last_seq = 2", {});

    const auto recovered = desk().recover(disk());

    ASSERT_TRUE(recovered) << recovered.error().context;
    EXPECT_EQ(recovered->damage, "a row of the outbox is damaged");
    EXPECT_EQ(store_->counts()->units, 0U);
}

TEST_F(RecoverTest, RunsNothingThatADiskHasInsteadOfATable) {
    makeDiskWith({visit(1, 7)});
    kiosk_->exec("ALTER TABLE outbox RENAME TO kept");
    const auto triesWith = [&](const char* const made) {
        kiosk_->exec(made);
        const auto recovered = desk().recover(disk());
        ASSERT_TRUE(recovered) << recovered.error().context;
        EXPECT_NE(recovered->damage, "") << made;
        EXPECT_EQ(recovered->fresh, 0U) << made;
    };

    triesWith("CREATE VIEW outbox AS SELECT * FROM kept");
    kiosk_->exec("DROP VIEW outbox");
    triesWith("CREATE VIRTUAL TABLE outbox USING fts5(number, record_id, sealed, before)");
}

TEST_F(RecoverTest, AValueThatADiskComputesFillsNoMemory) {
    makeDiskWith({});
    kiosk_->exec(
        "DROP TABLE outbox; CREATE TABLE outbox (number INTEGER PRIMARY KEY, before BLOB, "
        "record_id BLOB AS (zeroblob(16)), sealed BLOB AS (zeroblob(64 * 1024 * 1024)));"
        "INSERT INTO outbox (number) VALUES (1); UPDATE epoch SET last_seq = 1");

    const auto recovered = desk().recover(disk());

    ASSERT_TRUE(recovered) << recovered.error().context;
    EXPECT_NE(recovered->damage.find("too big"), std::string::npos) << recovered->damage;
}

TEST_F(RecoverTest, FollowsNoLinkOfADiskAndEndsOverNone) {
    makeDiskWith({visit(1, 7)});
    kiosk_.reset();
    fs::rename(disk() / "kiosk.db", dir_ / "elsewhere.db");
    fs::create_symlink(dir_ / "elsewhere.db", disk() / "kiosk.db");
    EXPECT_EQ(desk().recover(disk()).error().code, Code::InvalidInput);

    fs::remove(disk() / "kiosk.db");
    fs::rename(dir_ / "elsewhere.db", disk() / "kiosk.db");
    fs::create_symlink("kiosk.db-wal", disk() / "kiosk.db-wal");  // to itself
    const auto withLoop = desk().recover(disk());
    ASSERT_FALSE(withLoop);
    EXPECT_EQ(withLoop.error().code, Code::InvalidInput);

    fs::remove(disk() / "kiosk.db-wal");
    EXPECT_EQ(desk().recover(disk())->fresh, 1U);
}

TEST_F(RecoverTest, WithoutAFolderForItsCopyItSaysSo) {
    makeDiskWith({visit(1, 7)});
    const char* const before = std::getenv("TMPDIR");
    const std::string kept = before == nullptr ? "" : before;
    ::setenv("TMPDIR", (dir_ / "none").c_str(), 1);

    const auto recovered = desk().recover(disk());

    before == nullptr ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", kept.c_str(), 1);
    ASSERT_FALSE(recovered);
    EXPECT_EQ(recovered.error().code, Code::Storage);
}

TEST_F(RecoverTest, SaysThatAKioskHasEndedItsEvent) {
    fs::create_directories(disk());
    support::writeFile(disk() / "event-is-over", "The event is over.\n");

    const auto recovered = desk().recover(disk());

    ASSERT_FALSE(recovered);
    EXPECT_EQ(recovered.error().code, Code::NotFound);
    EXPECT_NE(recovered.error().context.find("the event is over"), std::string::npos)
        << recovered.error().context;
}

TEST_F(RecoverTest, RefusesWhatIsNoKiosksDisk) {
    EXPECT_EQ(desk().recover(disk()).error().code, Code::NotFound);
    fs::create_directories(disk());
    support::writeFile(disk() / "kiosk.db", "no database at all");
    EXPECT_EQ(desk().recover(disk()).error().code, Code::InvalidInput);
    fs::copy_file(dir_ / "hub.db", disk() / "kiosk.db", fs::copy_options::overwrite_existing);
    EXPECT_EQ(desk().recover(disk()).error().code, Code::InvalidInput);
}

}  // namespace
}  // namespace tapport::hub
