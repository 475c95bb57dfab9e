// SPDX-License-Identifier: GPL-3.0-or-later
// A hub's file of an earlier version: opened, brought up to date, nothing of it lost.
#include "sync/hub/store/sqlite_store.h"
#include "tests/support/fixture.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/schema_1.h"
#include "tests/sync/hub/schema_6.h"

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;

class MigrationTest : public testing::Test {
  protected:
    explicit MigrationTest(const std::string& schema = "hub/schema-1.sql") {
        run(support::readFile(support::fixture(schema)));
    }
    void run(const std::string& sql) const {
        SQLite::Database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
    }

    support::TempDir dir_;
    std::filesystem::path file_ = dir_ / "hub.db";
};

TEST_F(MigrationTest, AFileOfSchema1KeepsAllItHeld) {
    const auto store = openSqliteStore(file_, kScope, kKey);
    ASSERT_TRUE(store) << store.error().context;
    expectAllOfSchema1(**store);
}

TEST_F(MigrationTest, ItTakesAndErasesLikeANewOne) {
    const auto store = openSqliteStore(file_, kScope, kKey).value();

    eraseOfSchema1(*store);
}

TEST_F(MigrationTest, WhatWasErasedIsInNoFileAnyMore) {
    const auto store = openSqliteStore(file_, kScope, kKey).value();
    ASSERT_NE(support::readFile(file_).find("attendee7@example.com"), std::string::npos);

    eraseOfSchema1(*store);

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

class MigrationOfSchema6 : public MigrationTest {
  protected:
    MigrationOfSchema6() : MigrationTest("hub/schema-6.sql") {}
};

TEST_F(MigrationOfSchema6, KeepsAllThatWasToldToKiosks) {
    const auto store = openSqliteStore(file_, kScope, kKey);
    ASSERT_TRUE(store) << store.error().context;
    expectAllOfSchema1(**store);
    expectAllToldOfSchema6(**store);
}

TEST_F(MigrationOfSchema6, TellsAndErasesOnLikeANewOne) {
    const auto store = openSqliteStore(file_, kScope, kKey).value();

    tellOnFromSchema6(*store);
}

}  // namespace
}  // namespace tapport::hub
