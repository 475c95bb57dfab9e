// SPDX-License-Identifier: GPL-3.0-or-later
// How SQLite goes about what the store asks when a person leaves: none of it may read through a
// whole event, because a round of retention does it for everybody.
#include "sync/hub/store/sqlite_store.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/samples.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

namespace tapport::hub {
namespace {

using namespace samples;

/// The next connection that is opened, and the statements that run on it.
class Overheard {
  public:
    Overheard() {
        connection_ = nullptr;
        ::sqlite3_auto_extension(reinterpret_cast<void (*)()>(&note));
    }
    ~Overheard() { ::sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&note)); }
    Overheard(const Overheard&) = delete;
    Overheard& operator=(const Overheard&) = delete;

    void listen() {
        ::sqlite3_trace_v2(
            connection_, SQLITE_TRACE_STMT,
            [](unsigned, void* self, void*, void* sql) {
                static_cast<Overheard*>(self)->statements_.insert(static_cast<const char*>(sql));
                return 0;
            },
            this);
    }
    /// Of each statement, the steps that go through all rows, or all of an event.
    std::vector<std::string> wideSteps() {
        ::sqlite3_trace_v2(connection_, 0, nullptr, nullptr);
        std::vector<std::string> wide;
        for (const std::string& sql : statements_) {
            if (sql.starts_with("INSERT")) {
                continue;  // its plan has a look for orphans, which is done only if there are any
            }
            ::sqlite3_stmt* plan = nullptr;
            ::sqlite3_prepare_v2(connection_, ("EXPLAIN QUERY PLAN " + sql).c_str(), -1, &plan,
                                 nullptr);
            while (plan != nullptr && ::sqlite3_step(plan) == SQLITE_ROW) {
                const std::string step =
                    reinterpret_cast<const char*>(::sqlite3_column_text(plan, 3));
                if (isWide(step)) {
                    wide.push_back(step + ": " + sql);
                }
            }
            ::sqlite3_finalize(plan);
        }
        return wide;
    }
    [[nodiscard]] std::size_t count() const { return statements_.size(); }

  private:
    static int note(::sqlite3* connection, const char**, const void*) {
        connection_ = connection;
        return SQLITE_OK;
    }
    static bool isWide(const std::string& step) {
        const bool isAll = step.starts_with("SCAN ") && step != "SCAN hub";
        return isAll || step.ends_with("(tenant_id=? AND event_id=?)");
    }

    static inline ::sqlite3* connection_ = nullptr;
    std::set<std::string> statements_;
};

class QueryPlansTest : public testing::Test {
  protected:
    void takeAndFile(const record::PositionedUnit& unit) {
        Parcels parcels;
        parcels.add(unit.unit.id, unit.position, {1, 2, 3});
        ASSERT_TRUE(store_->take(parcels.intake(), kNow));
        const std::vector<Opened> opened{{unit.unit.id, Content{unit.unit, unit.proof}}};
        ASSERT_TRUE(store_->file(opened, kNow));
    }

    support::TempDir dir_;
    Overheard overheard_;
    std::unique_ptr<Store> store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
};

TEST_F(QueryPlansTest, ForgettingAPersonReadsThroughNoWholeEvent) {
    record::PositionedUnit talk = visit(1, 7);
    talk.unit.conversations = {conversation(50, "Wants a demo")};
    takeAndFile(talk);
    overheard_.listen();

    ASSERT_EQ(store_->forget(std::vector{subject(7)}), 1U);

    EXPECT_THAT(overheard_.wideSteps(), testing::IsEmpty());
    EXPECT_GT(overheard_.count(), 5U);
}

TEST_F(QueryPlansTest, ErasingAPersonReadsThroughNoWholeEvent) {
    takeAndFile(visit(1, 7));
    overheard_.listen();

    takeAndFile(erasure(2, 7, {recordId(1001)}));

    EXPECT_THAT(overheard_.wideSteps(), testing::IsEmpty());
    EXPECT_TRUE(store_->dossier(subject(7))->contacts.empty());
}

TEST_F(QueryPlansTest, WhatOthersChangedIsReadWithoutWhatIsKnown) {
    takeAndFile(visit(1, 7));
    const std::vector<ProofMark> marks{{visit(1, 7).unit.id, ProofState::Proven}};
    ASSERT_TRUE(store_->mark(marks));
    overheard_.listen();

    ASSERT_TRUE(store_->dossier(subject(7)));

    EXPECT_THAT(overheard_.wideSteps(), testing::IsEmpty());
    EXPECT_GT(overheard_.count(), 3U) << "and what changed is";
}

TEST_F(QueryPlansTest, OneKiosksProofsAreReadWithoutTheOthers) {
    takeAndFile(visit(1, 7));
    overheard_.listen();

    ASSERT_TRUE(store_->proofsOf(kKiosk, ProofPlace{epoch(), 1, recordId(1)}, 10));

    EXPECT_THAT(overheard_.wideSteps(), testing::IsEmpty());
}

TEST_F(QueryPlansTest, AKioskIsToldWithoutReadingWhatItHas) {
    ASSERT_TRUE(store_->putDown({{{{wire::ItemKind::Roster, Bytes(16, 1), Bytes(9)}}}}));
    overheard_.listen();

    ASSERT_TRUE(store_->downPage(kKiosk, {0, 0}));

    EXPECT_THAT(overheard_.wideSteps(), testing::IsEmpty());
}

}  // namespace
}  // namespace tapport::hub
