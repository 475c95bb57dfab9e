// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/downstream/roster_import.h"

#include "sync/hub/store/sqlite_store.h"
#include "sync/vault/roster.h"
#include "tests/support/child_process.h"
#include "tests/support/sample_event.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/down_logs.h"
#include "tests/sync/hub/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kAda = "sample-badge-0001-ada";
constexpr const char* kBob = "sample-badge-0002-bob";

class RosterImportTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(seal::initialise()); }

    Result<RosterReport> import(const std::string& csv, RosterMode mode = RosterMode::Import) {
        return importTo(*store_, csv, mode);
    }
    Result<RosterReport> importTo(DownLog& log, const std::string& csv,
                                  RosterMode mode = RosterMode::Import) {
        support::writeFile(dir_ / "roster.csv", csv);
        auto import = RosterImport::open(dir_ / "roster.csv", event_, log, mode);
        if (!import) {
            return tl::unexpected(import.error());
        }
        for (;;) {
            const auto hasMore = import->step();
            if (!hasMore) {
                return tl::unexpected(hasMore.error());
            }
            if (!*hasMore) {
                return import->report();
            }
        }
    }
    std::optional<record::Contact> contactOf(const std::string& token) {
        const auto access = seal::deriveBadge(viewOf(token), event_.badgeSalt).vault;
        const auto found =
            store_->findDown(wire::ItemKind::Roster, {}, access.lookup.view()).value();
        return found ? std::optional(
                           vault::openRoster({access.lookup, *found->item.payload}, access.key)
                               .value())
                     : std::nullopt;
    }

    support::TempDir dir_;
    event::Event event_ = support::sampleEvent();
    std::unique_ptr<Store> store_ =
        openSqliteStore(dir_ / "hub.db", {"default", event_.id}, samples::kKey).value();
};

TEST_F(RosterImportTest, MakesAnEntryThatTheBadgeOpens) {
    const auto report =
        import("Token,First name,Last name,Company,E-Mail,Phone,Ticket\n" + std::string(kAda) +
               ",Ada,Example,\"Example, Works\",ada@example.com,+49 30 123456,VIP\n");

    ASSERT_TRUE(report) << report.error().context;
    EXPECT_EQ(report->created, 1U);
    EXPECT_THAT(report->columnsIgnored, ElementsAre("Ticket"));
    EXPECT_THAT(report->problems, IsEmpty());
    EXPECT_EQ(contactOf(kAda), (record::Contact{"Ada Example", "Example, Works", "ada@example.com",
                                                "+49 30 123456", ""}));
    EXPECT_FALSE(contactOf(kBob));
}

TEST_F(RosterImportTest, TakesTheTokenFromTheBadgesAddress) {
    const auto report =
        import("badge;name\nhttps://" + event_.badgeHosts.at(0) + "/b/" + kAda + ";Ada Example\n");

    EXPECT_EQ(report->created, 1U);
    EXPECT_EQ(contactOf(kAda)->name, "Ada Example");
}

TEST_F(RosterImportTest, ADryRunSaysTheSameAndChangesNothing) {
    const std::string csv = "token,name\n" + std::string(kAda) + ",Ada Example\nshort,Bob\n";

    const auto preview = import(csv, RosterMode::Preview);

    EXPECT_EQ(preview->created, 1U);
    EXPECT_EQ(preview->rejected, 1U);
    EXPECT_EQ(store_->downVersion(), wire::DownVersion{});
    EXPECT_EQ(import(csv)->created, 1U);
}

TEST_F(RosterImportTest, TellsKiosksOnlyWhatChanged) {
    const std::string csv =
        "token,name\n" + std::string(kAda) + ",Ada Example\n" + kBob + ",Bob Example\n";
    ASSERT_TRUE(import(csv));
    const auto before = store_->downVersion()->bulk;

    const auto same = import(csv);
    const auto changed =
        import("token,name\n" + std::string(kAda) + ",Ada Lovely\n" + kBob + ",Bob Example\n");

    EXPECT_EQ(same->unchanged, 2U);
    EXPECT_EQ(changed->updated, 1U);
    EXPECT_EQ(changed->unchanged, 1U);
    EXPECT_EQ(store_->downVersion(), (wire::DownVersion{0, before + 1}));
    EXPECT_EQ(contactOf(kAda)->name, "Ada Lovely");
}

TEST_F(RosterImportTest, RejectsRowsOneByOneAndSaysWhyWithoutWhatTheyHold) {
    const auto report = import("token,name,email,phone\n" + std::string(kAda) +
                               ",Ada Example,ada@example.com,\n"
                               "secretshort,Secret Person,,\n"
                               "secret token with blanks,Secret Person,,\n" +
                               kAda +
                               ",Secret Person,,\n"
                               "secret-token-0000003,Secret Person,secret at example,\n"
                               "secret-token-0000004,Secret Person,,call me\n"
                               "secret-token-0000005,,,\n");

    ASSERT_TRUE(report);
    EXPECT_EQ(report->created, 1U);
    EXPECT_EQ(report->rejected, 6U);
    EXPECT_THAT(
        report->problems,
        ElementsAre(HasSubstr("line 3: the token has less than 16"),
                    HasSubstr("line 4: the token is none"),
                    HasSubstr("line 5: the badge of line 2 again"), HasSubstr("line 6: the e-mail"),
                    HasSubstr("line 7: the telephone"), HasSubstr("line 8: says nothing")));
    for (const std::string& problem : report->problems) {
        EXPECT_THAT(problem, Not(HasSubstr("ecret")));
    }
}

TEST_F(RosterImportTest, NamesTheColumnOfACellThatCannotBeTaken) {
    const auto report =
        import("token,name,company,e-mail,phone,address\n" + std::string(kAda) + ",Ada," +
               std::string(201, 'x') + ",,,\n" + kBob + ",Bob,,,,\"Street 1\nTown\"\n");

    ASSERT_TRUE(report);
    EXPECT_THAT(report->problems,
                ElementsAre("line 2: the company has more than 200 bytes",
                            "line 3: the address has control characters, such as a line break"));
}

TEST_F(RosterImportTest, RejectsARowThatIsNotInUtf8OrMovedByASeparatorAndTakesTheOthers) {
    const auto report = import("token,name,company\n" + std::string(kAda) +
                               ",Ada Example,Example Works,,\n"
                               "secret-token-0000001,J\xFCrgen Secret,Secret Works\n"
                               "secret-token-0000002,Secret, Anna,Secret Works\n" +
                               kBob + ",Bob Example\n");

    ASSERT_TRUE(report) << report.error().context;
    EXPECT_EQ(report->created, 2U) << "empty cells behind a row, or none, move nothing";
    EXPECT_EQ(report->rejected, 2U);
    EXPECT_THAT(report->problems,
                ElementsAre(HasSubstr("line 3: not in UTF-8: save the list as 'CSV UTF-8'"),
                            HasSubstr("line 4: 4 cells, the first line has 3")));
    EXPECT_EQ(contactOf(kBob)->name, "Bob Example");
}

TEST_F(RosterImportTest, OfAFileThatCannotBeReadToItsEndNothingIsImported) {
    std::string csv = "token,name\n";
    for (std::size_t i = 0; i < 2 * RosterImport::kRowsAStep; ++i) {
        csv += "sample-badge-" + std::to_string(100'000 + i) + ",Attendee\n";
    }

    const auto report = import(csv + kAda + ",\"Ada Example\n");

    ASSERT_FALSE(report);
    EXPECT_THAT(report.error().context, HasSubstr("line 1002: a quote that does not end"));
    EXPECT_THAT(report.error().context, HasSubstr("nothing was imported"));
    EXPECT_EQ(store_->downVersion(), wire::DownVersion{});
}

TEST_F(RosterImportTest, RemovesTheEntriesOfTheBadgesInAFile) {
    ASSERT_TRUE(
        import("token,name\n" + std::string(kAda) + ",Ada Example\n" + kBob + ",Bob Example\n"));

    const auto report = import("token\n" + std::string(kAda) + "\nsample-badge-0003-eve\nshort\n",
                               RosterMode::Remove);

    ASSERT_TRUE(report) << report.error().context;
    EXPECT_EQ(report->removed, 1U);
    EXPECT_EQ(report->unknown, 1U);
    EXPECT_EQ(report->rejected, 1U);
    EXPECT_FALSE(contactOf(kAda));
    EXPECT_TRUE(contactOf(kBob));
    EXPECT_EQ(import("token,name\n" + std::string(kAda) + ",Ada Example\n")->created, 1U)
        << "who removed it may enter it again";
}

/// As filing puts it.
DownPut erasureOf(const std::string& token, const event::Event& event) {
    DownPut erased;
    erased.item = {wire::ItemKind::Roster,
                   toBytes(seal::deriveBadge(viewOf(token), event.badgeSalt).vault.lookup.view()),
                   std::nullopt};
    erased.subject = samples::subject(7);
    return erased;
}

TEST_F(RosterImportTest, LeavesOutWhoAskedForErasure) {
    const DownPut erased = erasureOf(kAda, event_);
    ASSERT_TRUE(store_->putDown({&erased, 1}));

    const auto report = import("token,name\n" + std::string(kAda) + ",Ada Example\n");

    EXPECT_EQ(report->erased, 1U);
    EXPECT_EQ(report->created, 0U);
    EXPECT_FALSE(contactOf(kAda));
}

TEST_F(RosterImportTest, LeavesOutWhoseErasureAnotherWorkerFilesMeanwhile) {
    const DownPut erased = erasureOf(kAda, event_);
    RacedLog log(*store_, [&] { ASSERT_TRUE(store_->putDown({&erased, 1})); });

    const auto report = importTo(
        log, "token,name\n" + std::string(kAda) + ",Ada Example\n" + kBob + ",Bob Example\n");

    ASSERT_TRUE(report);
    EXPECT_FALSE(contactOf(kAda));
    EXPECT_TRUE(store_->isErased(wire::ItemKind::Roster, erased.item.key).value());
    EXPECT_TRUE(contactOf(kBob));
}

TEST_F(RosterImportTest, CountsNobodyWhoIsErasedMeanwhile) {
    const DownPut erased = erasureOf(kAda, event_);
    support::writeFile(dir_ / "roster.csv", "token,name\nsample-badge-100001,Grace\n" +
                                                std::string(kAda) + ",Ada Example\n");
    for (const RosterMode mode : {RosterMode::Import, RosterMode::Remove}) {
        store_.reset();
        std::filesystem::remove(dir_ / "hub.db");
        store_ = openSqliteStore(dir_ / "hub.db", samples::kScope, samples::kKey).value();
        if (mode == RosterMode::Remove) {
            auto before =
                RosterImport::open(dir_ / "roster.csv", event_, *store_, RosterMode::Import)
                    .value();
            ASSERT_TRUE(before.step());
            ASSERT_EQ(before.report().created, 2U);
        }
        RacedLog log(*store_, [&] { ASSERT_TRUE(store_->putDown({&erased, 1})); });
        auto import = RosterImport::open(dir_ / "roster.csv", event_, log, mode).value();

        ASSERT_TRUE(import.step());

        EXPECT_EQ(import.report().created, mode == RosterMode::Import ? 1U : 0U);
        EXPECT_EQ(import.report().erased, mode == RosterMode::Import ? 1U : 0U);
        EXPECT_EQ(import.report().removed, mode == RosterMode::Remove ? 1U : 0U);
        EXPECT_EQ(import.report().unknown, mode == RosterMode::Remove ? 1U : 0U);
    }
}

TEST_F(RosterImportTest, CountsOnlyWhatIsCommitted) {
    std::string csv = "token,name\n";
    for (std::size_t i = 0; i < 2 * RosterImport::kRowsAStep; ++i) {
        csv += "sample-badge-" + std::to_string(100'000 + i) + ",Attendee\n";
    }
    support::writeFile(dir_ / "roster.csv", csv);
    FullLog log(*store_);
    auto import = RosterImport::open(dir_ / "roster.csv", event_, log, RosterMode::Import).value();

    EXPECT_TRUE(import.step());
    EXPECT_EQ(import.step().error().code, Code::StorageFull);

    EXPECT_EQ(import.report().created, RosterImport::kRowsAStep);
}

TEST_F(RosterImportTest, RefusesAFileThatIsNoRoster) {
    EXPECT_EQ(import("name,email\nAda,ada@example.com\n").error().code, Code::InvalidInput);
    EXPECT_EQ(import("token,badge\n").error().code, Code::InvalidInput);
    EXPECT_THAT(import("").error().context, HasSubstr("empty"));
    EXPECT_THAT(import("token,f\xFCrma\n").error().context, HasSubstr("not in UTF-8"));
    EXPECT_EQ(
        RosterImport::open(dir_ / "none.csv", event_, *store_, RosterMode::Import).error().code,
        Code::NotFound);
}

TEST_F(RosterImportTest, NothingOfAPersonStandsInTheDatabaseInTheClear) {
    ASSERT_TRUE(
        import("token,name,email\n" + std::string(kAda) + ",Canary Example,canary@example.com\n"));
    store_.reset();

    const std::string file = support::readFile(dir_ / "hub.db");

    EXPECT_EQ(file.find("anary"), std::string::npos);
    EXPECT_EQ(file.find(kAda), std::string::npos);
}

TEST_F(RosterImportTest, GoesOnInStepsOfBoundedSize) {
    std::string csv = "token,name\n";
    for (int i = 0; i < 1200; ++i) {
        csv +=
            "sample-badge-" + std::to_string(100'000 + i) + ",Attendee " + std::to_string(i) + "\n";
    }
    support::writeFile(dir_ / "roster.csv", csv);
    auto import =
        RosterImport::open(dir_ / "roster.csv", event_, *store_, RosterMode::Import).value();

    EXPECT_EQ(import.step(), true);
    EXPECT_EQ(store_->downVersion()->bulk, RosterImport::kRowsAStep);
    EXPECT_EQ(import.step(), true);
    EXPECT_EQ(import.step(), false);
    EXPECT_EQ(import.report().created, 1200U);
}

}  // namespace
}  // namespace tapport::hub
