// SPDX-License-Identifier: GPL-3.0-or-later
// Time-outs, the warning before them, and the guard against presses meant for the screen before.
#include "tests/firmware-app/visit/booth.h"

namespace tapport::visit {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

const BadgeSeen kAda = badgeOf(1, kAdasCard);

TEST(TimeOut, IdleNeedsNoTick) {
    Booth booth;

    booth.step(Tick{});

    EXPECT_FALSE(booth.session.nextDeadline());
}

TEST(TimeOut, WarnsThenClearsAndStoresNothing) {
    Booth booth;
    booth.tap(kAda);
    booth.press(AnswerAll{});

    booth.wait(45s);
    booth.step(Tick{});
    EXPECT_TRUE(booth.view().isWarning);
    EXPECT_EQ(booth.view().untilClear, 20s);
    booth.wait(20s);
    const auto effects = booth.step(Tick{});

    EXPECT_EQ(booth.screen(), Screen::Idle);
    EXPECT_TRUE(find<Forget>(effects));
    EXPECT_FALSE(find<Commit>(effects));
    EXPECT_THAT(booth.entries, IsEmpty());
}

TEST(TimeOut, CountsDownInWholeSeconds) {
    Booth booth;
    booth.tap(kAda);
    booth.wait(45s + 300ms);
    booth.step(Tick{});
    ASSERT_EQ(booth.view().untilClear, 19s + 700ms);

    booth.wait(*booth.session.nextDeadline() - booth.now.monotonic);
    booth.step(Tick{});

    EXPECT_EQ(booth.view().untilClear, 19s);
}

TEST(TimeOut, StayingLongerWorksAsOftenAsAllowed) {
    Timing timing;
    timing.extensions = 2;
    Booth booth(timing);
    booth.tap(kAda);
    for (int i = 0; i < 2; ++i) {
        booth.waitTicking(50s);
        ASSERT_TRUE(booth.view().isWarning);
        booth.step(StayLonger{});
        EXPECT_FALSE(booth.view().isWarning);
    }
    booth.waitTicking(50s);

    booth.step(StayLonger{});

    EXPECT_TRUE(booth.view().isWarning);
}

TEST(TimeOut, TypingKeepsTheScreen) {
    Booth booth;
    booth.tap(badgeOf(2));
    booth.press(AnswerAll{});

    for (int i = 0; i < 10; ++i) {
        booth.waitTicking(40s);
        booth.step(Typed{});
    }

    EXPECT_EQ(booth.screen(), Screen::Contact);
}

TEST(TimeOut, APressAfterTheEndIsNotForTheNextScreen) {
    Booth booth;
    booth.tap(kAda);
    booth.wait(66s);

    const auto effects = booth.step(AnswerNone{});

    EXPECT_EQ(booth.screen(), Screen::Idle);
    EXPECT_FALSE(find<Commit>(effects));
}

TEST(TimeOut, FinishedScreensClearThemselves) {
    Booth booth;
    booth.tap(kAda);
    booth.commit(AnswerNone{});

    booth.waitTicking(12s);

    EXPECT_EQ(booth.screen(), Screen::Idle);
}

TEST(TimeOut, ALanguageChosenAtRestFallsBack) {
    Booth booth;
    booth.press(ChooseLanguage{"de"});
    ASSERT_EQ(booth.view().language, "de");

    booth.waitTicking(45s);

    EXPECT_EQ(booth.view().language, "en");
    EXPECT_FALSE(booth.session.nextDeadline());
}

TEST(TimeOut, AnUnknownLanguageIsIgnored) {
    Booth booth;

    booth.press(ChooseLanguage{"xx"});

    EXPECT_EQ(booth.view().language, "en");
}

TEST(TimeOut, SavingWaitsForItsAnswer) {
    Booth booth;
    booth.tap(kAda);
    booth.press(AnswerNone{});

    booth.waitTicking(5min);

    EXPECT_EQ(booth.screen(), Screen::Saving);
}

TEST(InputGuard, HoldsOffPressesJustAfterAScreenChange) {
    Booth booth;
    booth.tap(kAda);

    booth.wait(499ms);
    EXPECT_THAT(booth.step(AnswerNone{}), IsEmpty());
    EXPECT_EQ(booth.screen(), Screen::Purposes);
    booth.wait(1ms);
    booth.step(AnswerNone{});

    EXPECT_EQ(booth.screen(), Screen::Saving);
}

TEST(InputGuard, StandsBetweenTwoQuestions) {
    Booth booth;
    booth.tap(kAda);
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});

    booth.wait(100ms);
    booth.step(GiveAnswer{Answer::Yes});

    EXPECT_EQ(booth.view().ask, 1U);
    EXPECT_EQ(booth.view().answers[1], Answer::Unset);
}

TEST(InputGuard, NeverHoldsOffABadge) {
    Booth booth;
    booth.press(SeeMyAnswers{});

    const auto effects = booth.step(TapBadge{kAda});

    EXPECT_TRUE(find<LookUpVault>(effects));
}

TEST(TimeOut, ALanguageChosenOnTheWarningLeavesItThereToBeRead) {
    Booth booth;
    booth.tap(kAda);
    booth.waitTicking(55s);
    ASSERT_TRUE(booth.view().isWarning);

    booth.press(ChooseLanguage{"de"});

    EXPECT_TRUE(booth.view().isWarning);
    EXPECT_EQ(booth.view().untilClear, 20s);
    booth.waitTicking(19s);
    EXPECT_EQ(booth.screen(), Screen::Purposes);
    booth.waitTicking(1s);
    EXPECT_EQ(booth.screen(), Screen::Idle);
}

}  // namespace
}  // namespace tapport::visit
