// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk that the organiser took out of use asks nobody, and loses nothing that was confirmed.
#include "tests/firmware-app/visit/booth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::visit {
namespace {

const BadgeSeen kAda = badgeOf(1, kAdasCard);

TEST(ClosedKiosk, LetsNobodyIn) {
    Booth booth;

    booth.step(Closed{});

    ASSERT_EQ(booth.screen(), Screen::Closed);
    EXPECT_TRUE(booth.press(TapBadge{kAda}).empty());
    booth.press(TapTrouble{BadgeTrouble::Unknown});
    booth.press(SeeMyAnswers{});
    booth.press(TypeCode{});
    booth.press(OpenStaff{});
    booth.press(TapStaffBadge{{"kim"}});
    booth.press(Cancel{});
    booth.press(Done{});
    booth.press(Back{});
    EXPECT_EQ(booth.screen(), Screen::Closed);
    EXPECT_TRUE(booth.session.isAtRest(booth.now.monotonic));
}

TEST(ClosedKiosk, OpensAgainWhenTheOrganiserSaysSo) {
    Booth booth;
    booth.step(Closed{});

    booth.step(Closed{false});
    booth.tap(kAda);

    EXPECT_EQ(booth.screen(), Screen::Purposes);
}

TEST(ClosedKiosk, DropsWhatWasNotConfirmed) {
    Booth booth;
    booth.tap(kAda);
    booth.press(AnswerChoose{});
    booth.press(GiveAnswer{Answer::Yes});

    const auto effects = booth.step(Closed{});

    EXPECT_EQ(booth.screen(), Screen::Closed);
    EXPECT_NE(find<Forget>(effects), nullptr);
    EXPECT_EQ(find<Commit>(effects), nullptr);
    EXPECT_TRUE(booth.view().contact.email.empty());
}

TEST(ClosedKiosk, ConfirmsWhatIsBeingSavedAndThenCloses) {
    Booth booth;
    booth.tap(kAda);
    ASSERT_NE(find<Commit>(booth.press(AnswerNone{})), nullptr);
    ASSERT_EQ(booth.screen(), Screen::Saving);

    booth.step(Closed{});
    EXPECT_EQ(booth.screen(), Screen::Saving);
    booth.step(Committed{});
    EXPECT_EQ(booth.screen(), Screen::NoThanks);
    EXPECT_TRUE(booth.press(TapBadge{badgeOf(2)}).empty()) << "nobody else";
    EXPECT_EQ(booth.screen(), Screen::NoThanks);
    booth.press(Done{});

    EXPECT_EQ(booth.screen(), Screen::Closed);
}

TEST(ClosedKiosk, IsReadInEveryLanguageAndGoesBackToTheFirst) {
    Booth booth;
    booth.step(Closed{});
    const std::string first = booth.view().language;

    booth.press(ChooseLanguage{booth.event.languages.back()});
    EXPECT_EQ(booth.view().language, booth.event.languages.back());
    booth.waitTicking(booth.timing.idle + std::chrono::seconds(1));

    EXPECT_EQ(booth.view().language, first);
    EXPECT_EQ(booth.screen(), Screen::Closed);
}

}  // namespace
}  // namespace tapport::visit
