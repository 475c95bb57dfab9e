// SPDX-License-Identifier: GPL-3.0-or-later
// What the attendee takes along: under which ids, on which screens, and when it is gone.
#include "tests/firmware-app/visit/booth.h"

namespace tapport::visit {
namespace {

using namespace std::chrono_literals;
using record::UnitKind;
using ::testing::IsEmpty;

const BadgeSeen kAda = badgeOf(1, kAdasCard);
const std::string kLink = "https://hub.example.com/r/1#a.b.c";

/// Ada says yes to the newsletter and no to the rest.
Commit answerMixed(Booth& booth, const std::string& link = {}) {
    booth.tap(kAda);
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});
    return booth.commit(Confirm{}, link);
}

TEST(Receipt, OfAMixedVisitStandsUnderTwoIdsOfWhichTheVaultKeepsTheNamedOne) {
    Booth booth;

    const Commit commit = answerMixed(booth);

    const record::Unit* const named = unitOf(commit, UnitKind::Visit);
    const record::Unit* const refusal = unitOf(commit, UnitKind::Refusal);
    ASSERT_TRUE(named && named->receipt && refusal && refusal->receipt);
    EXPECT_NE(named->receipt, refusal->receipt);
    EXPECT_EQ(booth.entryOf(kAda).receipt, named->receipt);
}

TEST(Receipt, OfARefusalIsNotKeptWithTheBadge) {
    Booth booth;
    booth.tap(kAda);

    const Commit commit = booth.commit(AnswerNone{});

    EXPECT_TRUE(commit.units.at(0).receipt);
    EXPECT_FALSE(booth.entryOf(kAda).receipt);
}

TEST(Receipt, OfAWithdrawalFollowsTheOneOfTheYes) {
    Booth booth;
    const Commit first = answerMixed(booth);
    booth.tap(kAda);

    const Commit withdrawn = booth.commit(WithdrawAll{}, kLink);

    EXPECT_NE(withdrawn.units.at(0).receipt, unitOf(first, UnitKind::Visit)->receipt);
    EXPECT_EQ(booth.entryOf(kAda).receipt, withdrawn.units[0].receipt);
    EXPECT_EQ(booth.view().receiptLink, kLink);
}

TEST(Receipt, OfARefusalOnASecondTapKeepsTheIdOfWhatNamesThePerson) {
    Booth booth;
    answerMixed(booth);
    booth.tap(kAda);
    const Commit withdrawn = booth.commit(WithdrawAll{});
    booth.event.asks.push_back(booth.event.asks[1]);
    booth.event.asks.back().channel = record::Channel::Sms;
    booth.tap(kAda);
    booth.changeTo({Answer::No, Answer::No, Answer::No, Answer::No});

    const Commit second = booth.commit(Confirm{});

    ASSERT_TRUE(unitOf(second, UnitKind::Refusal));
    EXPECT_EQ(booth.entryOf(kAda).receipt, withdrawn.units.at(0).receipt);
}

TEST(Receipt, IsTheSameAfterARetry) {
    Booth booth;
    booth.tap(kAda);
    const auto first = booth.press(AnswerNone{});
    booth.step(CommitFailed{});

    const auto second = booth.press(Retry{});

    EXPECT_EQ(find<Commit>(first)->units.at(0).receipt, find<Commit>(second)->units.at(0).receipt);
}

TEST(Receipt, StaysLongEnoughToFindOnesPhoneAndIsGoneWithTheScreen) {
    Booth booth;
    answerMixed(booth, kLink);
    EXPECT_EQ(booth.view().receiptLink, kLink);

    booth.waitTicking(booth.timing.idle - 1ms);
    EXPECT_EQ(booth.screen(), Screen::Saved);
    booth.waitTicking(1ms);

    EXPECT_EQ(booth.screen(), Screen::Idle);
    EXPECT_THAT(booth.view().receiptLink, IsEmpty());
}

TEST(Receipt, IsNotShownToTheNextAttendee) {
    Booth booth;
    answerMixed(booth, kLink);

    booth.press(TapBadge{badgeOf(2)});

    EXPECT_THAT(booth.view().receiptLink, IsEmpty());
}

TEST(Receipt, IsGoneWhenStaffComeIn) {
    Booth booth;
    answerMixed(booth, kLink);

    booth.press(OpenStaff{});

    EXPECT_THAT(booth.view().receiptLink, IsEmpty());
}

TEST(NewReceipt, IsMadeOfWhatIsRecordedAndRecordsNothing) {
    Booth booth;
    answerMixed(booth);
    booth.tap(kAda);

    const auto effects = booth.press(NewReceipt{});
    booth.step(ReceiptIssued{kLink});

    ASSERT_TRUE(find<IssueReceipt>(effects));
    EXPECT_EQ(find<IssueReceipt>(effects)->entry, booth.entryOf(kAda));
    EXPECT_FALSE(find<Commit>(effects));
    EXPECT_EQ(booth.screen(), Screen::Receipt);
    EXPECT_EQ(booth.view().receiptLink, kLink);
}

TEST(NewReceipt, LeadsBackToWhatIsRecorded) {
    Booth booth;
    answerMixed(booth);
    booth.tap(kAda);
    booth.press(NewReceipt{});
    booth.step(ReceiptIssued{});
    ASSERT_EQ(booth.screen(), Screen::Receipt);

    booth.press(Back{});

    EXPECT_EQ(booth.screen(), Screen::Recorded);
}

TEST(NewReceipt, ThatNobodyWaitsForIsNotShown) {
    Booth booth;
    booth.press(TapBadge{kAda});

    booth.step(ReceiptIssued{kLink});

    EXPECT_EQ(booth.screen(), Screen::Loading);
    EXPECT_THAT(booth.view().receiptLink, IsEmpty());
}

}  // namespace
}  // namespace tapport::visit
