// SPDX-License-Identifier: GPL-3.0-or-later
// Tapped again: what is recorded, changing it, withdrawing it.
#include "tests/firmware-app/visit/booth.h"

namespace tapport::visit {
namespace {

using namespace std::chrono_literals;
using record::ConsentState;
using record::UnitKind;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const BadgeSeen kAda = badgeOf(1, kAdasCard);

/// Ada said yes to the newsletter and no to the rest.
class SecondTap : public ::testing::Test {
  protected:
    SecondTap() {
        booth.tap(kAda);
        booth.press(AnswerChoose{});
        booth.press(GiveAnswer{Answer::Yes});
        booth.press(GiveAnswer{Answer::No});
        booth.press(GiveAnswer{Answer::No});
        first = booth.commit(Confirm{});
        booth.press(Done{});
        booth.press(SeeMyAnswers{});
        booth.tap(kAda);
    }
    [[nodiscard]] record::ConsentEvent decision(std::size_t ask) const {
        for (const auto& decision : booth.entryOf(kAda).decisions) {
            if (decision.purpose == booth.event.asks[ask].purpose) {
                return decision;
            }
        }
        ADD_FAILURE();
        return {};
    }
    Booth booth;
    Commit first;
};

TEST_F(SecondTap, ShowsWhatIsRecorded) {
    EXPECT_EQ(booth.screen(), Screen::Recorded);
    EXPECT_THAT(booth.view().recorded, ElementsAre(Answer::Yes, Answer::No, Answer::No));
    EXPECT_EQ(booth.view().contact.email, "ada@example.com");
}

TEST_F(SecondTap, WithdrawingTakesOnePressAndIsUrgent) {
    const Commit commit = booth.commit(WithdrawAll{});

    EXPECT_EQ(booth.screen(), Screen::Withdrawn);
    ASSERT_THAT(commit.units, SizeIs(1));
    EXPECT_EQ(commit.units[0].kind, UnitKind::Withdrawal);
    EXPECT_EQ(commit.units[0].subject, kAda.identity.subject);
    EXPECT_FALSE(commit.units[0].contact);
    ASSERT_THAT(commit.units[0].consents, SizeIs(1));
    const record::ConsentEvent& withdrawal = commit.units[0].consents[0];
    EXPECT_EQ(withdrawal.state, ConsentState::Withdrawn);
    EXPECT_EQ(withdrawal.method, record::Method::ReTap);
    EXPECT_THAT(withdrawal.causes, ElementsAre(unitOf(first, UnitKind::Visit)->consents.at(0).id));
}

TEST_F(SecondTap, WithdrawingEverythingDestroysContactAndKeepsDecisions) {
    booth.commit(WithdrawAll{});

    EXPECT_FALSE(booth.entryOf(kAda).contact);
    EXPECT_THAT(booth.entryOf(kAda).conversations, IsEmpty());
    EXPECT_THAT(booth.entryOf(kAda).decisions, SizeIs(3));
    EXPECT_EQ(booth.view().contact, record::Contact{});
}

TEST_F(SecondTap, WithdrawingWhatWasRefusedDoesNothing) {
    EXPECT_THAT(booth.press(WithdrawOne{1}), IsEmpty());
    EXPECT_EQ(booth.screen(), Screen::Recorded);
}

TEST_F(SecondTap, WithdrawingOneKeepsTheOthersAndTheirContact) {
    booth.changeTo({Answer::Yes, Answer::Yes, Answer::No});
    booth.press(EnterContact{"030 901820"});
    booth.commit(Confirm{});
    booth.press(Done{});
    booth.tap(kAda);

    booth.commit(WithdrawOne{0});

    EXPECT_EQ(decision(0).state, ConsentState::Withdrawn);
    EXPECT_EQ(decision(1).state, ConsentState::Given);
    EXPECT_EQ(booth.entryOf(kAda).contact,
              (record::Contact{"Ada Example", "Example Works", "", "030901820", ""}));
}

TEST_F(SecondTap, ANoInPlaceOfTheOnlyYesIsAWithdrawalOfThatAlone) {
    booth.changeTo({Answer::No, Answer::No, Answer::No});
    ASSERT_EQ(booth.screen(), Screen::Summary);

    const Commit commit = booth.commit(Confirm{});

    EXPECT_EQ(booth.screen(), Screen::Withdrawn);
    ASSERT_THAT(commit.units, SizeIs(1));
    EXPECT_EQ(commit.units[0].kind, UnitKind::Withdrawal);
    EXPECT_THAT(commit.units[0].consents, SizeIs(1));
}

TEST_F(SecondTap, ChangingMineAsksEverythingAgainWithNothingPreset) {
    booth.press(ChangeMine{});

    EXPECT_EQ(booth.screen(), Screen::Question);
    EXPECT_THAT(booth.view().answers, Each(Answer::Unset));
}

TEST_F(SecondTap, AYesGivenAgainIsARenewalThatNamesTheFirst) {
    booth.changeTo({Answer::Yes, Answer::No, Answer::No});

    const Commit commit = booth.commit(Confirm{});

    ASSERT_THAT(commit.units, SizeIs(1));
    EXPECT_EQ(commit.units[0].consents.at(0).state, ConsentState::Renewed);
    EXPECT_THAT(commit.units[0].consents[0].causes,
                ElementsAre(unitOf(first, UnitKind::Visit)->consents.at(0).id));
}

TEST_F(SecondTap, AYesAfterAWithdrawalNamesEveryWithdrawalBefore) {
    std::vector<record::RecordId> withdrawals;
    for (int round = 0; round < 2; ++round) {
        const Commit gone = booth.commit(WithdrawAll{});
        withdrawals.push_back(gone.units.at(0).consents.at(0).id);
        booth.press(Done{});
        booth.tap(kAda);
        booth.changeTo({Answer::Yes, Answer::No, Answer::No});
        booth.commit(Confirm{});
        booth.press(Done{});
        booth.tap(kAda);
    }

    EXPECT_EQ(decision(0).state, ConsentState::Given);
    EXPECT_THAT(decision(0).causes, Contains(withdrawals[0]));
    EXPECT_THAT(decision(0).causes, Contains(withdrawals[1]));
}

TEST_F(SecondTap, AYesAfterARefusalDoesNotNameTheOneOffSubjectsRecord) {
    booth.changeTo({Answer::Yes, Answer::Yes, Answer::No});
    booth.press(EnterContact{"030 901820"});

    const Commit commit = booth.commit(Confirm{});

    ASSERT_THAT(commit.units, SizeIs(1));
    const auto& consents = commit.units[0].consents;
    ASSERT_THAT(consents, SizeIs(2));
    EXPECT_EQ(consents[1].state, ConsentState::Given);
    EXPECT_THAT(consents[1].causes, IsEmpty());
}

TEST_F(SecondTap, ANoThatRepeatsANoIsNotCountedTwice) {
    booth.changeTo({Answer::Yes, Answer::No, Answer::No});

    const Commit commit = booth.commit(Confirm{});

    EXPECT_FALSE(unitOf(commit, UnitKind::Refusal));
}

TEST_F(SecondTap, WalkingAwayLeavesEarlierAnswersAsTheyWere) {
    const vault::Entry before = booth.entryOf(kAda);
    booth.press(ChangeMine{});
    booth.press(GiveAnswer{Answer::No});

    booth.waitTicking(2min);

    EXPECT_EQ(booth.screen(), Screen::Idle);
    EXPECT_EQ(booth.entryOf(kAda), before);
}

TEST_F(SecondTap, BackFromChangingReturnsToWhatIsRecorded) {
    booth.press(ChangeMine{});
    booth.press(Back{});

    EXPECT_EQ(booth.screen(), Screen::Recorded);
    EXPECT_THAT(booth.view().answers, ElementsAre(Answer::Yes, Answer::No, Answer::No));
}

TEST_F(SecondTap, AFailedLookUpSendsToStaffAndChangesNothing) {
    booth.press(Done{});
    booth.press(SeeMyAnswers{});
    booth.press(TapBadge{kAda});

    const auto effects = booth.step(LookUpFailed{});

    EXPECT_EQ(booth.screen(), Screen::BadgeProblem);
    EXPECT_EQ(booth.view().trouble, BadgeTrouble::LookUpFailed);
    EXPECT_FALSE(find<Commit>(effects));
    EXPECT_THAT(booth.press(AnswerNone{}), IsEmpty());

    booth.tap(kAda);

    EXPECT_EQ(booth.screen(), Screen::Recorded);
}

TEST_F(SecondTap, WithdrawingReachesAYesThatIsNoLongerAsked) {
    record::ConsentEvent old = booth.entryOf(kAda).decisions.front();
    old.id = *record::RecordId::from(Bytes(16, 77));
    old.purpose = {"old-purpose"};
    old.state = ConsentState::Given;
    booth.press(Done{});
    booth.entries[kAda.identity.vault.lookup].decisions.push_back(old);
    booth.tap(kAda);

    const Commit commit = booth.commit(WithdrawAll{});

    EXPECT_THAT(commit.units.at(0).consents, SizeIs(2));
}

TEST(SecondTapAfterRefusal, ShowsTheRefusalsAndDoesNotAskAgain) {
    Booth booth;
    booth.tap(kAda);
    booth.commit(AnswerNone{});

    booth.tap(kAda);

    EXPECT_EQ(booth.screen(), Screen::Recorded);
    EXPECT_THAT(booth.view().recorded, Each(Answer::No));
}

TEST(SeeMyAnswers, AsksFromTheStartWhenNothingIsKnown) {
    Booth booth;
    booth.press(SeeMyAnswers{});
    ASSERT_EQ(booth.screen(), Screen::TapToSee);

    booth.tap(kAda);

    EXPECT_EQ(booth.screen(), Screen::Purposes);
}

}  // namespace
}  // namespace tapport::visit
