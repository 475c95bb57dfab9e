// SPDX-License-Identifier: GPL-3.0-or-later
// Erasure, badges that can be guessed, young people, and people who cannot use the screen.
#include "firmware-app/visit/unit_builder.h"
#include "tests/firmware-app/visit/booth.h"

namespace tapport::visit {
namespace {

using namespace std::chrono_literals;
using record::ConsentState;
using record::Method;
using record::UnitKind;
using ::testing::Contains;
using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

const BadgeSeen kAda = badgeOf(1, kAdasCard);

BadgeSeen guessable(std::uint8_t n) {
    BadgeSeen badge = badgeOf(n);
    badge.strength = BadgeStrength::Guessable;
    return badge;
}

/// Newsletter by e-mail: yes; the rest: no.
Commit answerMixed(Booth& booth, const BadgeSeen& badge) {
    booth.tap(badge);
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});
    if (booth.screen() == Screen::Contact) {
        booth.press(EnterContact{"ada@example.com"});
    }
    return booth.commit(Confirm{});
}

TEST(Erasing, IsOneUrgentEventThatNamesAllThatIsKnownOfThePerson) {
    Booth booth;
    const Commit first = answerMixed(booth, kAda);
    booth.tap(kAda);
    ASSERT_TRUE(booth.view().isErasable);

    const Commit commit = booth.commit(Erase{});

    EXPECT_EQ(booth.screen(), Screen::Erased);
    ASSERT_THAT(commit.units, SizeIs(1));
    const record::Unit& unit = commit.units[0];
    EXPECT_EQ(unit.kind, UnitKind::Withdrawal);
    EXPECT_EQ(unit.subject, kAda.identity.subject);
    EXPECT_TRUE(unit.receipt);
    EXPECT_FALSE(unit.contact);
    ASSERT_THAT(unit.consents, SizeIs(1));
    EXPECT_EQ(unit.consents[0].state, ConsentState::Erased);
    EXPECT_EQ(unit.consents[0].purpose.value, record::kEveryPurpose);
    EXPECT_EQ(unit.consents[0].method, Method::ReTap);
    EXPECT_FALSE(unit.consents[0].notice.id.empty());
    EXPECT_THAT(unit.consents[0].causes,
                Contains(unitOf(first, UnitKind::Visit)->consents.at(0).id));
    for (const auto& refused : unitOf(first, UnitKind::Refusal)->consents) {
        EXPECT_THAT(unit.consents[0].causes, Not(Contains(refused.id)));
    }
}

TEST(Erasing, LeavesATombstoneThatIsNotAskedAgain) {
    Booth booth;
    answerMixed(booth, kAda);
    booth.tap(kAda);
    booth.commit(Erase{});

    booth.tap(kAda);

    const vault::Entry& entry = booth.entryOf(kAda);
    EXPECT_THAT(entry.decisions, SizeIs(1));
    EXPECT_FALSE(entry.contact);
    EXPECT_THAT(entry.conversations, IsEmpty());
    EXPECT_EQ(booth.screen(), Screen::Recorded);
    EXPECT_TRUE(booth.view().isErased);
    EXPECT_FALSE(booth.view().isErasable);
    EXPECT_THAT(booth.view().recorded, Each(Answer::Unset));
}

TEST(Erasing, IsNamedByWhatThePersonAgreesToLater) {
    Booth booth;
    answerMixed(booth, kAda);
    booth.tap(kAda);
    const record::RecordId erased = booth.commit(Erase{}).units.at(0).consents.at(0).id;
    booth.tap(kAda);
    booth.changeTo({Answer::Yes, Answer::No, Answer::No});

    const Commit commit = booth.commit(Confirm{});

    ASSERT_TRUE(unitOf(commit, UnitKind::Visit));
    EXPECT_THAT(unitOf(commit, UnitKind::Visit)->consents.at(0).causes, Contains(erased));
    EXPECT_TRUE(tombstoneOf(booth.entryOf(kAda)));
}

TEST(Erasing, HasNothingToDoForSomebodyWhoOnlySaidNo) {
    Booth booth;
    booth.tap(kAda);
    booth.commit(AnswerNone{});
    booth.tap(kAda);
    EXPECT_FALSE(booth.view().isErasable);

    EXPECT_THAT(booth.press(Erase{}), IsEmpty());
}

TEST(GuessableBadge, LeavesDecisionsOnlyInTheVault) {
    Booth booth;

    const Commit commit = answerMixed(booth, guessable(5));

    const record::Unit* const visit = unitOf(commit, UnitKind::Visit);
    ASSERT_TRUE(visit && visit->contact);
    EXPECT_EQ(visit->contact->email, "ada@example.com") << "the hub needs it";
    EXPECT_FALSE(visit->vault);
    EXPECT_THAT(booth.entryOf(guessable(5)).decisions, SizeIs(3));
    EXPECT_FALSE(booth.entryOf(guessable(5)).contact);
}

TEST(GuessableBadge, ShowsNobodyTheConversations) {
    Booth booth;
    answerMixed(booth, guessable(5));
    booth.press(TapStaffBadge{{"kim"}});
    const auto lookUp =
        booth.press(SubmitConversation{{"just-looking", "", "A note.", "", {}, ""}});
    ASSERT_TRUE(find<LookUpVault>(lookUp));
    const auto saving = booth.step(VaultAnswered{booth.entryOf(guessable(5))});
    ASSERT_TRUE(find<Commit>(saving));
    booth.keep(*find<Commit>(saving));
    booth.step(Committed{});

    booth.tap(guessable(5));

    EXPECT_EQ(find<Commit>(saving)->units.at(0).conversations.at(0).note, "A note.");
    EXPECT_TRUE(booth.view().isGuessable);
    EXPECT_THAT(booth.view().conversations, IsEmpty());
    EXPECT_EQ(booth.view().contact, record::Contact{});
}

TEST(GuessableBadge, WithdrawsLikeAnyOther) {
    Booth booth;
    answerMixed(booth, guessable(5));
    booth.tap(guessable(5));

    const Commit commit = booth.commit(WithdrawAll{});

    EXPECT_EQ(commit.units.at(0).kind, UnitKind::Withdrawal);
    EXPECT_EQ(booth.screen(), Screen::Withdrawn);
}

TEST(TypedCode, StandsForABadge) {
    Booth booth;
    booth.press(TypeCode{});
    ASSERT_EQ(booth.screen(), Screen::Code);

    const auto effects = booth.press(EnterCode{"ab 12-cd"});
    ASSERT_TRUE(find<DeriveBadge>(effects));
    EXPECT_EQ(find<DeriveBadge>(effects)->code, "AB12CD");
    booth.tap(guessable(5));

    EXPECT_EQ(booth.screen(), Screen::Purposes);
}

TEST(TypedCode, ThatCannotBeOneIsAskedForAgain) {
    Booth booth;
    booth.press(TypeCode{});

    for (const char* const text : {"", "abc", "ab!cd", "123456789012345678901234567890123"}) {
        EXPECT_THAT(booth.press(EnterCode{text}), IsEmpty()) << text;
        EXPECT_TRUE(booth.view().isCodeInvalid) << text;
    }
    EXPECT_EQ(booth.screen(), Screen::Code);
}

TEST(TypedCode, IsDroppedForATap) {
    Booth booth;
    booth.press(TypeCode{});

    booth.tap(kAda);

    EXPECT_EQ(booth.screen(), Screen::Purposes);
    EXPECT_FALSE(booth.view().isGuessable);
}

TEST(UnderAge, IsDeclinedAndNothingIsStored) {
    Booth booth;
    booth.tap(kAda);

    const auto effects = booth.press(DeclineUnderAge{});

    EXPECT_FALSE(find<Commit>(effects));
    EXPECT_EQ(booth.screen(), Screen::UnderAge);
    EXPECT_EQ(booth.view().contact, record::Contact{});
    booth.press(OpenStaff{});
    EXPECT_FALSE(booth.view().hasVisitToLog);
}

TEST(UnderAge, IsNoWayOutWhereTheEventHasNoLimit) {
    Booth booth;
    booth.event.profile.minimumAge = 0;
    booth.tap(kAda);

    booth.press(DeclineUnderAge{});

    EXPECT_EQ(booth.screen(), Screen::Purposes);
}

TEST(Assisted, AnswersAreMarkedAsSpokenWithWhoPressed) {
    Booth booth;
    booth.tap(kAda);
    booth.press(TapStaffBadge{{"kim"}});
    booth.press(Assist{});
    ASSERT_EQ(booth.screen(), Screen::Purposes);
    EXPECT_EQ(booth.view().assistedBy, record::StaffId{"kim"});

    const Commit commit = booth.commit(AnswerNone{});

    for (const record::ConsentEvent& decision : commit.units.at(0).consents) {
        EXPECT_EQ(decision.method, Method::Oral);
        EXPECT_EQ(decision.by, record::ExpressedBy::Subject);
        EXPECT_EQ(decision.evidence.staff, record::StaffId{"kim"});
    }
}

TEST(Assisted, VisitMayBeginAtTheStaffsDoor) {
    Booth booth;
    booth.press(OpenStaff{});
    booth.press(EnterPin{"1234"});
    booth.step(PinChecked{record::StaffId{"lee"}});
    booth.press(Assist{});
    ASSERT_EQ(booth.screen(), Screen::TapToSee);
    booth.tap(kAda);

    const Commit commit = booth.commit(AnswerNone{});

    EXPECT_EQ(commit.units.at(0).consents.at(0).evidence.staff, record::StaffId{"lee"});
}

TEST(Assisted, WithdrawsOnASecondTapToo) {
    Booth booth;
    answerMixed(booth, kAda);
    booth.tap(kAda);
    booth.press(TapStaffBadge{{"kim"}});
    booth.press(Assist{});
    ASSERT_EQ(booth.screen(), Screen::Recorded);

    const Commit commit = booth.commit(WithdrawAll{});

    EXPECT_EQ(commit.units.at(0).consents.at(0).method, Method::Oral);
    EXPECT_EQ(commit.units[0].consents[0].evidence.staff, record::StaffId{"kim"});
}

TEST(Assisted, EndsWithTheVisit) {
    Booth booth;
    booth.tap(kAda);
    booth.press(TapStaffBadge{{"kim"}});
    booth.press(Assist{});
    booth.commit(AnswerNone{});
    booth.tap(badgeOf(2));

    const Commit commit = booth.commit(AnswerNone{});

    EXPECT_EQ(commit.units.at(0).consents.at(0).method, Method::KioskNo);
    EXPECT_FALSE(commit.units[0].consents[0].evidence.staff);
}

TEST(Assisted, IsForgottenWhenNobodyTaps) {
    Booth booth;
    booth.press(TapStaffBadge{{"kim"}});
    booth.press(Assist{});

    booth.waitTicking(2min);
    booth.tap(kAda);

    EXPECT_FALSE(booth.view().assistedBy);
}

TEST(ARefusal, IsNotAskedAgainUntilItsOwnerPressesChange) {
    Booth booth;
    booth.tap(kAda);
    booth.commit(AnswerNone{});
    for (int again = 0; again < 3; ++again) {
        booth.tap(kAda);
        EXPECT_EQ(booth.screen(), Screen::Recorded);
        booth.press(Done{});
    }
    booth.tap(kAda);

    booth.press(ChangeMine{});

    EXPECT_EQ(booth.screen(), Screen::Question);
}

TEST(AYes, ToAnotherAgreementThanTheOneOnTheScreenIsShownAsUnanswered) {
    Booth booth;
    answerMixed(booth, kAda);
    ++booth.event.asks[0].noticeVersion;

    booth.tap(kAda);

    EXPECT_EQ(booth.view().recorded[0], Answer::Unset);
    EXPECT_EQ(booth.view().recorded[1], Answer::No);
}

}  // namespace
}  // namespace tapport::visit
