// SPDX-License-Identifier: GPL-3.0-or-later
// The first visit: from the tap to what is stored.
#include "tests/firmware-app/visit/booth.h"

namespace tapport::visit {
namespace {

using namespace std::chrono_literals;
using record::ConsentState;
using record::UnitKind;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const BadgeSeen kAda = badgeOf(1, kAdasCard);
const BadgeSeen kBlank = badgeOf(2);

TEST(FirstVisit, ATapLooksForAnEarlierVisitAndThenAsksWithNothingPreset) {
    Booth booth;

    const auto effects = booth.press(TapBadge{kAda});

    EXPECT_EQ(booth.screen(), Screen::Loading);
    ASSERT_TRUE(find<LookUpVault>(effects));
    EXPECT_EQ(find<LookUpVault>(effects)->access, kAda.identity.vault);
    EXPECT_FALSE(find<Commit>(effects));

    booth.step(VaultAnswered{});

    EXPECT_EQ(booth.screen(), Screen::Purposes);
    EXPECT_THAT(booth.view().answers, Each(Answer::Unset));
}

TEST(FirstVisit, NoneIsCommittedWithOnePress) {
    Booth booth;
    booth.tap(kAda);

    const auto effects = booth.press(AnswerNone{});

    EXPECT_EQ(booth.screen(), Screen::Saving);
    ASSERT_TRUE(find<Commit>(effects));

    booth.step(Committed{});

    EXPECT_EQ(booth.screen(), Screen::NoThanks);
}

TEST(FirstVisit, ARefusalHoldsNothingAboutThePerson) {
    Booth booth;
    booth.tap(kAda);

    const Commit commit = booth.commit(AnswerNone{});

    ASSERT_THAT(commit.units, SizeIs(1));
    const record::Unit& refusal = commit.units[0];
    EXPECT_EQ(refusal.kind, UnitKind::Refusal);
    EXPECT_NE(refusal.subject, kAda.identity.subject);
    EXPECT_FALSE(refusal.contact);
    EXPECT_FALSE(refusal.vault);
    EXPECT_THAT(refusal.conversations, IsEmpty());
    ASSERT_THAT(refusal.consents, SizeIs(3));
    for (const record::ConsentEvent& no : refusal.consents) {
        EXPECT_EQ(no.state, ConsentState::Refused);
        EXPECT_EQ(no.method, record::Method::KioskNo);
        EXPECT_THAT(no.causes, IsEmpty());
    }
}

TEST(FirstVisit, ARefusalLeavesAMarkWithoutContactInTheVault) {
    Booth booth;
    booth.tap(kAda);

    booth.commit(AnswerNone{});

    const vault::Entry& mark = booth.entryOf(kAda);
    EXPECT_THAT(mark.decisions, SizeIs(3));
    EXPECT_FALSE(mark.contact);
}

TEST(FirstVisit, TheMarkOfARefusalIsNoWayToItsRecord) {
    Booth booth;
    booth.tap(kAda);

    const Commit commit = booth.commit(AnswerNone{});

    for (const record::ConsentEvent& mark : booth.entryOf(kAda).decisions) {
        for (const record::ConsentEvent& no : commit.units[0].consents) {
            EXPECT_NE(mark.id, no.id);
        }
        EXPECT_EQ(mark.at.wall, std::chrono::floor<std::chrono::hours>(mark.at.wall));
        EXPECT_EQ(mark.evidence, record::Evidence{});
    }
}

TEST(FirstVisit, ANoOfSomebodyWhoAskedForEarlierAnswersTakesThemBack) {
    Booth booth;
    booth.step(SeeMyAnswers{});
    booth.tap(kAda);

    const Commit commit = booth.commit(AnswerNone{});

    ASSERT_THAT(commit.units, SizeIs(1));
    EXPECT_EQ(commit.units[0].kind, UnitKind::Withdrawal);
    EXPECT_EQ(commit.units[0].subject, kAda.identity.subject);
    for (const record::ConsentEvent& taken : commit.units[0].consents) {
        EXPECT_EQ(taken.state, ConsentState::Withdrawn);
    }
    booth.step(Committed{});
    EXPECT_EQ(booth.screen(), Screen::Withdrawn);
}

TEST(FirstVisit, TwoRefusalsHaveTwoSubjects) {
    Booth booth;
    booth.tap(kAda);
    const Commit first = booth.commit(AnswerNone{});
    booth.tap(kBlank);

    const Commit second = booth.commit(AnswerNone{});

    EXPECT_NE(first.units[0].subject, second.units[0].subject);
}

TEST(FirstVisit, AllAsksOnlyForContactTheBadgeDidNotBring) {
    Booth booth;
    booth.tap(kAda);

    booth.press(AnswerAll{});

    EXPECT_EQ(booth.screen(), Screen::Contact);
    EXPECT_EQ(booth.view().contactField, ContactField::Phone);

    booth.press(EnterContact{"+49 30 901820"});

    EXPECT_EQ(booth.view().contactField, ContactField::Address);

    booth.press(EnterContact{"1 Example Street, Example Town"});

    EXPECT_EQ(booth.screen(), Screen::Summary);
    EXPECT_THAT(booth.view().answers, Each(Answer::Yes));
    EXPECT_EQ(booth.view().contact.phone, "+4930901820");
}

TEST(FirstVisit, ChooseAsksEveryQuestionWithNothingPreset) {
    Booth booth;
    booth.tap(kAda);

    booth.press(AnswerChoose{});

    EXPECT_EQ(booth.screen(), Screen::Question);
    EXPECT_EQ(booth.view().ask, 0U);
    EXPECT_THAT(booth.view().answers, Each(Answer::Unset));

    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});

    EXPECT_EQ(booth.view().ask, 2U);
    EXPECT_THAT(booth.view().answers, ElementsAre(Answer::No, Answer::No, Answer::Unset));

    booth.press(GiveAnswer{Answer::No});

    EXPECT_EQ(booth.screen(), Screen::Summary);
}

TEST(FirstVisit, AMixedAnswerIsStoredAsANamedAndAnAnonymousUnit) {
    Booth booth;
    booth.tap(kAda);
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});

    const Commit commit = booth.commit(Confirm{});

    EXPECT_EQ(booth.screen(), Screen::Saved);
    ASSERT_THAT(commit.units, SizeIs(2));
    const record::Unit* const yes = unitOf(commit, UnitKind::Visit);
    const record::Unit* const no = unitOf(commit, UnitKind::Refusal);
    ASSERT_TRUE(yes && no);
    EXPECT_EQ(yes->subject, kAda.identity.subject);
    EXPECT_EQ(yes->vault, kAda.identity.vault);
    EXPECT_THAT(yes->consents, SizeIs(1));
    EXPECT_THAT(no->consents, SizeIs(2));
    EXPECT_NE(no->subject, yes->subject);
    EXPECT_FALSE(no->contact);
    EXPECT_THAT(booth.entryOf(kAda).decisions, SizeIs(3));
}

TEST(FirstVisit, OnlyTheContactAYesNeedsIsStored) {
    const BadgeSeen talkative =
        badgeOf(3, {"Ada Example", "Example Works", "ada@example.com", "+4930901820", ""});
    Booth booth;
    booth.tap(talkative);
    EXPECT_EQ(booth.view().contact, record::Contact{});
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});

    const Commit commit = booth.commit(Confirm{});

    const record::Contact needed{"Ada Example", "Example Works", "ada@example.com", "", ""};
    EXPECT_EQ(unitOf(commit, UnitKind::Visit)->contact, needed);
    EXPECT_EQ(booth.entryOf(talkative).contact, needed);
}

TEST(FirstVisit, AYesCarriesItsProof) {
    Booth booth;
    booth.press(ChooseLanguage{"de"});
    booth.tap(kAda);
    booth.press(AnswerChoose{});
    booth.wait(3s);
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});

    const Commit commit = booth.commit(Confirm{});

    const record::ConsentEvent& yes = unitOf(commit, UnitKind::Visit)->consents.at(0);
    EXPECT_EQ(yes.state, ConsentState::Given);
    EXPECT_EQ(yes.method, record::Method::KioskYes);
    EXPECT_EQ(yes.notice.id, "newsletter-notice");
    EXPECT_EQ(yes.notice.language, "de");
    EXPECT_EQ(yes.notice.hash, booth.event.asks[0].notices.at("de").hash);
    EXPECT_EQ(yes.at, booth.now);
    EXPECT_EQ(yes.validUntil, booth.now.wall + std::chrono::days(365));
    EXPECT_EQ(yes.evidence.screen, "question");
    EXPECT_EQ(yes.evidence.build, "test-build");
    EXPECT_EQ(yes.evidence.optionOrder, kQuestionOrder);
    EXPECT_EQ(yes.evidence.dwell, 4s);
}

TEST(FirstVisit, AnAnswerKeepsTheLanguageInWhichItWasAsked) {
    Booth booth;
    booth.tap(kAda);
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(ChooseLanguage{"de"});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});

    const Commit commit = booth.commit(Confirm{});

    EXPECT_EQ(unitOf(commit, UnitKind::Visit)->consents[0].notice.language, "en");
    EXPECT_EQ(unitOf(commit, UnitKind::Refusal)->consents[0].notice.language, "de");
}

TEST(FirstVisit, EveryAnswerOnTheSummaryCanBeChanged) {
    Booth booth;
    booth.tap(kBlank);
    booth.press(AnswerChoose{});
    for (int i = 0; i < 3; ++i) {
        booth.press(GiveAnswer{Answer::No});
    }

    booth.press(ChangeAnswer{0});

    EXPECT_EQ(booth.screen(), Screen::Question);
    EXPECT_TRUE(booth.view().isChangingOne);

    booth.press(GiveAnswer{Answer::Yes});

    EXPECT_EQ(booth.screen(), Screen::Contact);

    booth.press(EnterContact{"blank@example.com"});

    EXPECT_EQ(booth.screen(), Screen::Summary);
    EXPECT_FALSE(booth.view().isChangingOne);
    EXPECT_THAT(booth.view().answers, ElementsAre(Answer::Yes, Answer::No, Answer::No));
}

TEST(FirstVisit, AContactEntryThatCannotBeUsedIsRefusedInPlace) {
    Booth booth;
    booth.tap(kBlank);
    booth.press(AnswerAll{});

    booth.press(EnterContact{"not an address"});

    EXPECT_EQ(booth.screen(), Screen::Contact);
    EXPECT_TRUE(booth.view().isContactInvalid);

    booth.press(EnterContact{"blank@example.com"});

    EXPECT_FALSE(booth.view().isContactInvalid);
    EXPECT_EQ(booth.view().contactField, ContactField::Phone);
}

TEST(FirstVisit, BackRetracesEveryStep) {
    Booth booth;
    booth.tap(kBlank);
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});
    booth.press(GiveAnswer{Answer::No});
    booth.press(GiveAnswer{Answer::No});
    booth.press(EnterContact{"blank@example.com"});
    ASSERT_EQ(booth.screen(), Screen::Summary);

    booth.press(Back{});
    EXPECT_EQ(booth.screen(), Screen::Contact);
    booth.press(Back{});
    EXPECT_EQ(booth.view().ask, 2U);
    booth.press(Back{});
    booth.press(Back{});
    EXPECT_EQ(booth.view().ask, 0U);
    EXPECT_EQ(booth.view().answers[0], Answer::Yes);
    booth.press(Back{});
    EXPECT_EQ(booth.screen(), Screen::Purposes);
    EXPECT_THAT(booth.view().answers, Each(Answer::Unset));
    const auto effects = booth.press(Back{});

    EXPECT_EQ(booth.screen(), Screen::Idle);
    EXPECT_TRUE(find<Forget>(effects));
}

TEST(FirstVisit, RetrySendsTheVerySameRecords) {
    Booth booth;
    booth.tap(kAda);
    const auto first = booth.press(AnswerNone{});
    booth.step(CommitFailed{});
    ASSERT_EQ(booth.screen(), Screen::SaveFailed);

    const auto second = booth.press(Retry{});

    ASSERT_TRUE(find<Commit>(first) && find<Commit>(second));
    EXPECT_EQ(find<Commit>(first)->units, find<Commit>(second)->units);
    EXPECT_EQ(find<Commit>(first)->entry, find<Commit>(second)->entry);

    booth.step(Committed{});

    EXPECT_EQ(booth.screen(), Screen::NoThanks);
}

TEST(FirstVisit, CancelLeavesWithoutStoringAnything) {
    Booth booth;
    booth.tap(kAda);
    booth.press(AnswerAll{});

    const auto effects = booth.press(Cancel{});

    EXPECT_EQ(booth.screen(), Screen::Idle);
    EXPECT_TRUE(find<Forget>(effects));
    EXPECT_FALSE(find<Commit>(effects));
    EXPECT_EQ(booth.view().contact, record::Contact{});
}

TEST(FirstVisit, ABadgeThatCannotBeReadSaysSoAndTheNextTapWorks) {
    Booth booth;

    booth.press(TapTrouble{BadgeTrouble::TooSoon});

    EXPECT_EQ(booth.screen(), Screen::BadgeProblem);
    EXPECT_EQ(booth.view().trouble, BadgeTrouble::TooSoon);

    booth.tap(kAda);

    EXPECT_EQ(booth.screen(), Screen::Purposes);
}

TEST(FirstVisit, AnotherBadgeDoesNotDisturbAVisit) {
    Booth booth;
    booth.tap(kAda);
    booth.press(AnswerChoose{});

    const auto effects = booth.press(TapBadge{kBlank});

    EXPECT_THAT(effects, IsEmpty());
    EXPECT_EQ(booth.screen(), Screen::Question);
}

TEST(FirstVisit, TheNextBadgeMayFollowOnceItIsSaved) {
    Booth booth;
    booth.press(ChooseLanguage{"de"});
    booth.tap(kAda);
    booth.commit(AnswerNone{});

    const auto effects = booth.press(TapBadge{kBlank});

    ASSERT_THAT(effects, SizeIs(3));
    EXPECT_TRUE(std::holds_alternative<Forget>(effects[0]));
    EXPECT_TRUE(find<LookUpVault>(effects));
    EXPECT_EQ(booth.view().language, "en");
}

}  // namespace
}  // namespace tapport::visit
