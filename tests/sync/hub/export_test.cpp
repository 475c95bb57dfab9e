// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/export/atomic_file.h"
#include "sync/hub/export/csv.h"
#include "sync/hub/export/lead_export.h"
#include "sync/hub/store/sqlite_store.h"
#include "tests/support/fixture.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/example_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;
using record::Channel;
using record::ConsentState;
using testing::HasSubstr;
using testing::Not;

const record::TrustedNow kTrusted{clockAt(kNow)};

std::string rowOf(const std::vector<std::string>& cells) {
    std::string out;
    appendCsvRow(out, cells);
    return out;
}

TEST(Csv, FollowsRfc4180) {
    EXPECT_EQ(rowOf({"plain", "", "with, comma", "with \"quotes\""}),
              "plain,,\"with, comma\",\"with \"\"quotes\"\"\"\r\n");
    EXPECT_EQ(rowOf({"two\nlines", "two\r\nlines", "two\rlines"}),
              "\"two\nlines\",\"two\nlines\",\"two\nlines\"\r\n");
}

TEST(Csv, NothingRunsInASpreadsheet) {
    for (const char* formula : {"=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "\r=1", "+49 30 x"}) {
        const std::string row = rowOf({formula});
        EXPECT_EQ(row.substr(0, 2), "\"'") << row;
    }
}

TEST(Csv, LeavesAnE164NumberAsACrmNeedsIt) {
    EXPECT_EQ(rowOf({"+4930123456"}), "+4930123456\r\n");
}

TEST(Csv, LeavesOutOtherControlCharacters) {
    EXPECT_EQ(rowOf({std::string("a\0b\x1B[31m\x7F", 8)}), "ab[31m\r\n");
}

TEST(Csv, BringsPhoneNumbersIntoE164WhereItCan) {
    EXPECT_EQ(asE164("+49 (0)30 123-456"), "+4930123456");
    EXPECT_EQ(asE164("0049 30/123.456"), "+4930123456");
    EXPECT_EQ(asE164("030 123456"), "030 123456") << "no country: unchanged";
    EXPECT_EQ(asE164("ask at the desk"), "ask at the desk");
    EXPECT_EQ(asE164(""), "");
}

TEST(AtomicFile, ReplacesTheWholeFileAndLeavesNothingBeside) {
    const support::TempDir dir;
    support::writeFile(dir / "leads.csv", "old");

    ASSERT_TRUE(writeAtomically(dir / "leads.csv", "new"));

    EXPECT_EQ(support::readFile(dir / "leads.csv"), "new");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 1);
}

TEST(AtomicFile, AFolderThatIsNotThereIsAClearError) {
    const support::TempDir dir;

    const auto written = writeAtomically(dir / "nowhere" / "leads.csv", "new");

    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Code::Storage);
}

class Release : public testing::Test {
  protected:
    void file(const record::PositionedUnit& positioned) {
        Parcels parcels;
        parcels.add(positioned.unit.id, positioned.position, {1, 2, 3});
        ASSERT_TRUE(store_->take(parcels.intake(), kNow));
        const std::vector<Opened> opened{
            {positioned.unit.id, Content{positioned.unit, positioned.proof, ProofState::Proven}}};
        ASSERT_TRUE(store_->file(opened, kNow));
    }
    LeadPage leads(const std::optional<record::SubjectId>& after = {}, std::size_t most = 100) {
        return releaseLeads(*store_, event_, after, most, kTrusted).value();
    }
    void build(LeadExport& leadExport) const {
        while (leadExport.readSome().value()) {
        }
    }
    ExportFile exported() {
        LeadExport leadExport(*store_, event_, kTrusted);
        build(leadExport);
        return leadExport.publish(order()).value();
    }
    /// A fresh id each time.
    ExportOrder order() {
        return {recordId(++exports_), "local user test", clockAt(kNow), {kKiosk}};
    }
    std::string csv() { return exported().csv; }
    record::PositionedUnit withdrawalOf(std::uint64_t seq, std::uint8_t who,
                                        std::uint64_t yes) const {
        record::PositionedUnit unit =
            visitFor(event_, seq, who, {{"newsletter", Channel::Email, ConsentState::Withdrawn}});
        unit.unit.kind = record::UnitKind::Withdrawal;
        unit.unit.contact.reset();
        unit.unit.consents[0].causes = {recordId(yes)};
        return unit;
    }

    support::TempDir dir_;
    std::unique_ptr<Store> store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
    event::Event event_ = exampleEvent();
    std::uint64_t exports_ = 900'000;
};

TEST_F(Release, GivesWhoSaidYesAndNobodyElse) {
    file(visitFor(event_, 1, 1, {{"newsletter", Channel::Email, ConsentState::Given}}));
    file(visitFor(event_, 2, 2, {{"newsletter", Channel::Email, ConsentState::Refused}}));

    const LeadPage page = leads();

    ASSERT_EQ(page.leads.size(), 1U);
    EXPECT_EQ(page.leads[0].lead.subject(), subject(1));
    EXPECT_FALSE(page.next);
}

TEST_F(Release, AWithdrawalThatKnewTheYesTakesTheLeadAway) {
    file(visitFor(event_, 1, 1, {{"newsletter", Channel::Email, ConsentState::Given}}));
    record::PositionedUnit withdrawal =
        visitFor(event_, 2, 1, {{"newsletter", Channel::Email, ConsentState::Withdrawn}});
    withdrawal.unit.consents[0].causes = {recordId(1001)};
    file(withdrawal);

    EXPECT_TRUE(leads().leads.empty());
    EXPECT_THAT(csv(), Not(HasSubstr("@example.com")));
}

TEST_F(Release, GivesPagesThatTogetherAreAll) {
    for (std::uint8_t n = 1; n <= 5; ++n) {
        file(visitFor(event_, n, n, {{"newsletter", Channel::Email, ConsentState::Given}}));
    }

    const LeadPage first = leads({}, 2);
    const LeadPage second = leads(first.next, 2);
    const LeadPage third = leads(second.next, 2);

    EXPECT_EQ(first.leads.size(), 2U);
    EXPECT_EQ(second.leads.size(), 2U);
    EXPECT_EQ(third.leads.size(), 1U);
    EXPECT_FALSE(third.next);
    EXPECT_EQ(third.leads[0].lead.subject(), subject(5));
}

TEST_F(Release, AYesByPhoneDoesNotReleaseTheEmailAddress) {
    record::PositionedUnit unit =
        visitFor(event_, 1, 1, {{"sales-follow-up", Channel::Phone, ConsentState::Given}});
    unit.unit.contact->phone = "0049 30 123456";
    file(unit);

    EXPECT_THAT(csv(), HasSubstr("+4930123456"));
    EXPECT_THAT(csv(), Not(HasSubstr("@example.com")));
}

// tests/fixtures/hub/leads.csv: our own, of this test's units, each cell checked by eye. Multi-line
// note, quotes, formula, right-to-left name, emoji, a number with a bracketed zero.
TEST_F(Release, WritesTheGoldenFile) {
    record::PositionedUnit first =
        visitFor(event_, 1, 1,
                 {{"sales-follow-up", Channel::Email, ConsentState::Given},
                  {"sales-follow-up", Channel::Phone, ConsentState::Given},
                  {"newsletter", Channel::Email, ConsentState::Refused}});
    first.unit.contact =
        record::Contact{"=HYPERLINK(\"http://x\")", "Gr\xC3\xBC\xC3\x9F, \"Beispiel\"",
                        "attendee1@example.com", "+49 (0)30 123 456", "Street 1"};
    file(first);
    record::PositionedUnit talks = visitFor(event_, 2, 1, {});
    talks.unit.kind = record::UnitKind::Conversation;
    talks.unit.contact.reset();
    talks.unit.conversations = {conversation(50, "Wants a demo; soon\nand a \"quote\""),
                                conversation(51, "\xF0\x9F\x91\x8D")};
    talks.unit.conversations[0].need = "new-machine";
    talks.unit.conversations[0].readiness = "now";
    talks.unit.conversations[0].staff = {"kim"};
    talks.unit.conversations[0].promise =
        record::Promise{"send data sheet", std::chrono::year(2026) / 11 / 30, {"alex"}};
    file(talks);
    record::PositionedUnit second =
        visitFor(event_, 3, 2, {{"newsletter", Channel::Email, ConsentState::Given}});
    second.unit.contact = record::Contact{"\xD7\x93\xD7\xA0\xD7\x94 \xD7\x9B\xD7\x94\xD7\x9F", "",
                                          "attendee2@example.com", "", ""};
    file(second);

    EXPECT_EQ(csv(), support::readFile(support::fixture("hub/leads.csv"))) << csv();
}

TEST_F(Release, AConversationWithoutANoteEndsAtItsLastPart) {
    record::PositionedUnit unit =
        visitFor(event_, 1, 1, {{"sales-follow-up", Channel::Email, ConsentState::Given}});
    unit.unit.conversations = {conversation(50, ""), conversation(51, "")};
    unit.unit.conversations[0].need.clear();
    file(unit);

    EXPECT_THAT(csv(), HasSubstr(",\"2026-11-25T12:00:00.000Z | sam |  | This year; "
                                 "2026-11-25T12:00:00.000Z | sam | automation | This year\","));
}

TEST_F(Release, SaysWhichConversationsAndPromisesAreUnconfirmed) {
    file(visitFor(event_, 1, 1, {{"sales-follow-up", Channel::Email, ConsentState::Given}}));
    record::PositionedUnit talk = visit(2, 1);
    talk.unit.consents.clear();
    talk.unit.contact.reset();
    talk.unit.conversations = {conversation(50, "Wants a demo")};
    talk.unit.conversations[0].promise =
        record::Promise{"Send it", std::chrono::sys_days(std::chrono::days(20'790)), {"sam"}};
    file(talk);
    const std::vector<ProofMark> marks{{talk.unit.id, ProofState::Unconfirmed}};

    const std::string before = csv();
    ASSERT_TRUE(store_->mark(marks));

    EXPECT_THAT(before, HasSubstr("Wants a demo"));
    EXPECT_THAT(before, Not(HasSubstr("unconfirmed")));
    EXPECT_THAT(csv(), HasSubstr(" | Wants a demo | unconfirmed"));
    EXPECT_THAT(csv(), HasSubstr(" | sam | Send it | unconfirmed"));
}

TEST_F(Release, AWithdrawalBetweenBuildingAndPublishingIsHeeded) {
    file(visitFor(event_, 1, 1, {{"newsletter", Channel::Email, ConsentState::Given}}));
    file(visitFor(event_, 2, 2, {{"newsletter", Channel::Email, ConsentState::Given}}));
    LeadExport leadExport(*store_, event_, kTrusted);
    build(leadExport);

    file(withdrawalOf(3, 1, 1001));
    const ExportFile published = leadExport.publish(order()).value();

    EXPECT_THAT(published.csv, Not(HasSubstr("attendee1@example.com")));
    EXPECT_THAT(published.csv, HasSubstr("attendee2@example.com"));
    EXPECT_EQ(published.rows, 1U);
    EXPECT_EQ(published.stateVersion, store_->stateVersion().value());
}

TEST_F(Release, AnErasureMeanwhileAlsoTakesOutWhoSharesTheAddress) {
    file(visitFor(event_, 1, 1, {{"newsletter", Channel::Email, ConsentState::Given}}));
    record::PositionedUnit twin =
        visitFor(event_, 2, 2, {{"newsletter", Channel::Email, ConsentState::Given}});
    twin.unit.contact->email = " Attendee1@Example.COM";
    file(twin);
    LeadExport leadExport(*store_, event_, kTrusted);
    build(leadExport);

    file(erasure(3, 1, {recordId(1001)}));
    const ExportFile published = leadExport.publish(order()).value();

    EXPECT_EQ(published.rows, 0U);
    EXPECT_EQ(published.unsettled, 1U);
    const UnsettledPage page = findUnsettled(*store_, event_, {}, 10, kTrusted).value();
    ASSERT_EQ(page.unsettled.size(), 1U);
    EXPECT_EQ(page.unsettled[0].subject, subject(2));
    EXPECT_EQ(page.unsettled[0].what.reason, ledger::Reconfirmation::Reason::Suppressed);
}

TEST_F(Release, SuppressionOutlivesTheProcess) {
    file(visitFor(event_, 1, 1, {{"newsletter", Channel::Email, ConsentState::Given}}));
    file(erasure(2, 1, {recordId(1001)}));
    store_.reset();

    store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
    record::PositionedUnit twin =
        visitFor(event_, 3, 2, {{"newsletter", Channel::Email, ConsentState::Given}});
    twin.unit.contact = contact(1);
    file(twin);

    EXPECT_TRUE(leads().leads.empty());
    store_.reset();
    const auto other = openSqliteStore(dir_ / "hub.db", kScope, ledger::SuppressionKey{});
    ASSERT_FALSE(other) << "with another key nobody would be suppressed";
    EXPECT_EQ(other.error().code, Code::InvalidConfig);
}

TEST_F(Release, AYesWhoseProofIsWrongOrCannotBeCheckedIsNotReleasedButListed) {
    const auto unit = visitFor(event_, 1, 1, {{"newsletter", Channel::Email, ConsentState::Given}});
    file(unit);
    for (const ProofState state : {ProofState::NotProven, ProofState::OtherEdition}) {
        const std::vector<ProofMark> marks{{unit.unit.id, state}};

        ASSERT_TRUE(store_->mark(marks));

        const ExportFile published = exported();
        EXPECT_EQ(published.rows, 0U) << nameOf(state);
        EXPECT_EQ(published.unsettled, 1U) << nameOf(state);
        const UnsettledPage page = findUnsettled(*store_, event_, {}, 10, kTrusted).value();
        EXPECT_EQ(page.unsettled.at(0).what.reason, ledger::Reconfirmation::Reason::Unproven);
    }
}

TEST_F(Release, ContactOfAUnitWithoutAYesIsNobodys) {
    file(visitFor(event_, 1, 1, {{"newsletter", Channel::Email, ConsentState::Given}}));
    record::PositionedUnit stranger = visitFor(event_, 2, 1, {});
    stranger.unit.contact = contact(99);
    file(stranger);
    record::PositionedUnit doubted =
        visitFor(event_, 3, 1, {{"sales-follow-up", Channel::Email, ConsentState::Given}});
    doubted.unit.consents[0].causes = {recordId(1001)};
    doubted.unit.contact = contact(98);
    file(doubted);
    const std::vector<ProofMark> marks{{doubted.unit.id, ProofState::OtherEdition}};
    ASSERT_TRUE(store_->mark(marks));

    EXPECT_THAT(csv(), HasSubstr("attendee1@example.com"));
    EXPECT_THAT(csv(), Not(HasSubstr("attendee9")));
}

TEST_F(Release, WhatErasureTookOutOfTheQuarantineLeavesAnExportFinal) {
    Parcels parcels;
    parcels.add(1);
    ASSERT_TRUE(store_->take(parcels.intake(), kNow));
    const std::vector<Opened> refused{
        {recordId(1000), tl::unexpected(NotOpened{Reason::NotProven, "another key", subject(7)})}};
    ASSERT_TRUE(store_->file(refused, kNow));
    ASSERT_THAT(exported().provisional, testing::SizeIs(1));

    file(erasure(2, 7, {}));

    EXPECT_THAT(exported().provisional, testing::IsEmpty());
}

TEST_F(Release, TheManifestSaysWhatWasExportedAndTheHubKeepsIt) {
    file(visitFor(event_, 1, 1, {{"newsletter", Channel::Email, ConsentState::Given}}));

    const ExportFile first = exported();

    EXPECT_THAT(first.manifest, HasSubstr("\"rows\": 1"));
    EXPECT_THAT(first.manifest, HasSubstr("\"proven\": 1"));
    EXPECT_THAT(first.manifest, HasSubstr("\"status\": \"final\""));
    EXPECT_THAT(first.manifest, HasSubstr("\"by\": \"local user test\""));
    EXPECT_THAT(first.manifest,
                HasSubstr("\"sha256\": \"" + seal::sha256Of(viewOf(first.csv)).hex() + "\""));
    EXPECT_THAT(first.manifest, HasSubstr(store_->hubEpoch().hex()));
    const ExportEntry kept = store_->exports(1)->at(0);
    EXPECT_EQ(kept.manifest, first.manifest);
    EXPECT_EQ(kept.by, "local user test");
    EXPECT_TRUE(kept.isFinal);
}

TEST_F(Release, IsProvisionalWhenAKioskCanSayNothingAnyMore) {
    file(visitFor(event_, 1, 1, {{"newsletter", Channel::Email, ConsentState::Given}}));
    Intake intake;
    intake.announcements.push_back({{kKiosk, epoch()}, 1});
    ASSERT_TRUE(store_->take(intake, kNow));
    ExportOrder asked = order();
    asked.revoked.push_back(kKiosk);
    LeadExport leadExport(*store_, event_, kTrusted);
    build(leadExport);

    const ExportFile file = leadExport.publish(asked).value();

    EXPECT_THAT(file.provisional, testing::ElementsAre(HasSubstr("kiosk-1 is revoked")));
}

TEST_F(Release, IsProvisionalWhileSomethingMayBeMissing) {
    file(visitFor(event_, 1, 1, {{"newsletter", Channel::Email, ConsentState::Given}}));
    Intake intake;
    intake.announcements.push_back({{kKiosk, epoch()}, 3});
    const Bytes junk{0xFF};
    intake.suspects.push_back({"topic", junk, Reason::Unreadable, "broken"});
    ASSERT_TRUE(store_->take(intake, kNow));
    ExportOrder asked = order();
    asked.expected.push_back({"kiosk-2"});
    LeadExport leadExport(*store_, event_, kTrusted);
    build(leadExport);

    const ExportFile file = leadExport.publish(asked).value();

    EXPECT_THAT(file.manifest, HasSubstr("\"status\": \"provisional\""));
    EXPECT_THAT(file.provisional, testing::ElementsAre(HasSubstr("2 of 3 records are not here"),
                                                       HasSubstr("kiosk-2 has not reported"),
                                                       HasSubstr("1 payloads are in quarantine")));
}

TEST_F(Release, CountsWhoMustBeAskedAgainAsStatesChange) {
    UnsettledCount count(*store_, event_);
    file(visitFor(event_, 1, 1, {{"newsletter", Channel::Email, ConsentState::Given}}));
    EXPECT_EQ(count.at(kTrusted).value(), 0U);

    record::PositionedUnit unseen = withdrawalOf(2, 1, 1001);
    unseen.unit.consents[0].causes.clear();
    file(unseen);
    EXPECT_EQ(count.at(kTrusted).value(), 1U);

    record::PositionedUnit again =
        visitFor(event_, 3, 1, {{"newsletter", Channel::Email, ConsentState::Given}});
    again.unit.consents[0].causes = {recordId(1001), recordId(2001)};
    file(again);
    EXPECT_EQ(count.at(kTrusted).value(), 0U);
}

}  // namespace
}  // namespace tapport::hub
