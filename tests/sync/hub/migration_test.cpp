// SPDX-License-Identifier: GPL-3.0-or-later
// A hub's file of an earlier version: opened, brought up to date, nothing of it lost.
#include "sync/hub/store/sqlite_store.h"
#include "tests/support/fixture.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/samples.h"

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;

class MigrationTest : public testing::Test {
  protected:
    MigrationTest() { run(support::readFile(support::fixture("hub/schema-1.sql"))); }
    void run(const std::string& sql) const {
        SQLite::Database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
    }

    support::TempDir dir_;
    std::filesystem::path file_ = dir_ / "hub.db";
};

TEST_F(MigrationTest, AFileOfSchema1KeepsAllItHeld) {
    const auto store = openSqliteStore(file_, kScope, kKey);
    ASSERT_TRUE(store) << store.error().context;

    const Dossier dossier = (*store)->dossier(subject(7)).value();

    EXPECT_EQ((*store)->hubEpoch().hex(), "0102030405060708");
    EXPECT_EQ(dossier.contacts.at(0).contact, contact(7));
    ASSERT_EQ(dossier.consents.size(), 2U);
    EXPECT_EQ(dossier.consents[0].event.purpose.value, "newsletter");
    EXPECT_EQ(dossier.consents[0].origin.proof, ProofState::Unchecked);
    EXPECT_EQ(dossier.consents[0].origin.receipt, std::nullopt);
    EXPECT_EQ(dossier.consents[1].event.by, record::ExpressedBy::Subject);
    EXPECT_EQ(dossier.consents[1].event.causes, std::vector{dossier.consents[0].event.id});
    ASSERT_EQ(dossier.conversations.size(), 1U);
    EXPECT_EQ(dossier.conversations[0].promise->what, "send data sheet");
    EXPECT_EQ((*store)->quarantine({}, 10)->at(0).times, 2U);
    EXPECT_TRUE((*store)->kiosks()->at(0).isComplete());
}

TEST_F(MigrationTest, ItTakesAndErasesLikeANewOne) {
    const auto store = openSqliteStore(file_, kScope, kKey).value();
    const record::PositionedUnit unit = erasure(3, 7, {});
    Parcels parcels;
    parcels.add(3);
    ASSERT_TRUE(store->take(parcels.intake(), kNow));
    const std::vector<Opened> opened{{unit.unit.id, Content{unit.unit, unit.proof}}};

    ASSERT_TRUE(store->file(opened, kNow));

    EXPECT_TRUE(store->dossier(subject(7))->contacts.empty());
    EXPECT_EQ(store->dossier(subject(7))->consents.size(), 3U);
}

TEST_F(MigrationTest, WhatWasErasedIsInNoFileAnyMore) {
    const auto store = openSqliteStore(file_, kScope, kKey).value();
    const record::PositionedUnit unit = erasure(3, 7, {});
    Parcels parcels;
    parcels.add(3);
    ASSERT_TRUE(store->take(parcels.intake(), kNow));
    const std::vector<Opened> opened{{unit.unit.id, Content{unit.unit, unit.proof}}};
    ASSERT_NE(support::readFile(file_).find("attendee7@example.com"), std::string::npos);

    ASSERT_TRUE(store->file(opened, kNow));

    for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) {
        EXPECT_EQ(support::readFile(entry.path()).find("attendee7@example.com"), std::string::npos)
            << entry.path();
        EXPECT_EQ(support::readFile(entry.path()).find("Wants a demo"), std::string::npos)
            << entry.path();
    }
}

TEST_F(MigrationTest, AFileOfALaterProgramIsLeftAlone) {
    run("PRAGMA user_version = 99");

    const auto store = openSqliteStore(file_, kScope, kKey);

    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Code::InvalidConfig);
}

}  // namespace
}  // namespace tapport::hub
