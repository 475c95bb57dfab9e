// SPDX-License-Identifier: GPL-3.0-or-later
// Guessing PINs and codes: what it costs, and that restarts and reboots buy nothing.
#include "firmware-app/visit/try_limit.h"

#include "tests/firmware-app/visit/booth.h"

namespace tapport::visit {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

constexpr TryPolicy kPolicy{2, 5s, 20s, 1min};

record::ClockReading at(record::Millis monotonic, std::uint8_t boot = 1) {
    record::ClockReading now;
    now.boot = *record::BootId::from(Bytes(16, boot));
    now.monotonic = monotonic;
    return now;
}

TryLimit triedAt(record::Millis monotonic, int times) {
    TryLimit limit(kPolicy, {});
    limit.look(at(monotonic));
    for (int i = 0; i < times; ++i) {
        limit.count();
    }
    return limit;
}

TEST(TryLimit, WaitsTwiceAsLongEachTimeUpToABound) {
    EXPECT_EQ(triedAt(1h, 2).opensAt(), 1h);
    EXPECT_EQ(triedAt(1h, 3).opensAt(), 1h + 5s);
    EXPECT_EQ(triedAt(1h, 4).opensAt(), 1h + 10s);
    EXPECT_EQ(triedAt(1h, 5).opensAt(), 1h + 20s);
    EXPECT_EQ(triedAt(1h, 400).opensAt(), 1h + 20s);
}

TEST(TryLimit, ForgivesOneTryForEachQuietMinute) {
    TryLimit limit = triedAt(1h, 4);

    limit.look(at(1h + 2min));
    limit.count();

    EXPECT_EQ(limit.tries().count, 3U);
}

TEST(TryLimit, GoesOnWhereTheProgramEnded) {
    TryLimit again(kPolicy, triedAt(1h, 4).tries());

    again.look(at(1h + 3s));

    EXPECT_EQ(again.opensAt(), 1h + 10s);
}

TEST(TryLimit, BeginsTheWaitAgainOnAnotherBootsClock) {
    TryLimit again(kPolicy, triedAt(1h, 4).tries());

    again.look(at(20s, 2));

    EXPECT_EQ(again.opensAt(), 20s + 10s);
}

TEST(Guessing, CountsATryBeforeItsPinIsLookedAt) {
    Booth booth;
    booth.press(OpenStaff{});

    const auto effects = booth.press(EnterPin{"0000"});

    ASSERT_EQ(effects.size(), 2U);
    ASSERT_TRUE(std::holds_alternative<KeepTries>(effects[0]));
    EXPECT_EQ(std::get<KeepTries>(effects[0]).tries.count, 1U);
    EXPECT_TRUE(std::holds_alternative<CheckPin>(effects[1]));
}

TEST(Guessing, IsForgivenByARightPin) {
    Booth booth;
    booth.press(OpenStaff{});
    booth.press(EnterPin{"0000"});
    booth.step(PinChecked{});
    booth.press(EnterPin{"2468"});

    const auto effects = booth.step(PinChecked{record::StaffId{"kim"}});

    ASSERT_TRUE(find<KeepTries>(effects));
    EXPECT_EQ(find<KeepTries>(effects)->what, Guessed::Pin);
    EXPECT_EQ(find<KeepTries>(effects)->tries.count, 0U);
}

TEST(Guessing, OfPinsWaitsAcrossARestart) {
    Booth booth;
    KeptTries kept;
    kept.pin = {4, booth.now.boot, booth.now.monotonic};
    VisitSession session(
        booth.event, {}, "test-build", [] { return record::RecordId{}; },
        [] { return record::ReceiptId{}; }, kept);
    booth.wait(2s);
    static_cast<void>(session.step(OpenStaff{}, booth.now));
    booth.wait(1s);

    const auto effects = session.step(EnterPin{"2468"}, booth.now);

    EXPECT_THAT(effects, IsEmpty());
    EXPECT_EQ(session.view().pinBlockedFor, 7s);
}

TEST(Guessing, OfCodesIsSlowedToOneAMinute) {
    Booth booth;
    int looked = 0;
    const record::Millis end = booth.now.monotonic + 1h;
    while (booth.now.monotonic < end) {
        booth.press(TypeCode{});
        if (find<DeriveBadge>(booth.press(EnterCode{"GUESS" + std::to_string(looked)}))) {
            ++looked;
            booth.tap(badgeOf(9));
            booth.press(Cancel{});
        }
    }

    EXPECT_GE(looked, 50);
    EXPECT_LE(looked, 66);
}

TEST(Guessing, NeverMakesAShortQueueWait) {
    Booth booth;
    for (int visitor = 0; visitor < 60; ++visitor) {
        booth.wait(1min);
        booth.press(TypeCode{});

        ASSERT_TRUE(find<DeriveBadge>(booth.press(EnterCode{"AB-1234"}))) << visitor;

        booth.tap(badgeOf(9));
        booth.press(Cancel{});
    }
}

TEST(Guessing, OfCodesSaysHowLongToWaitAndLetsBadgesThrough) {
    Booth booth;
    for (int i = 0; i < 6; ++i) {
        booth.press(TypeCode{});
        booth.press(EnterCode{"GUESS" + std::to_string(i)});
        booth.tap(badgeOf(9));
        booth.press(Cancel{});
    }
    booth.press(TypeCode{});
    EXPECT_EQ(booth.view().codeBlockedFor, 27s);
    EXPECT_THAT(booth.press(EnterCode{"GUESS7"}), IsEmpty());

    booth.tap(badgeOf(1));

    EXPECT_EQ(booth.screen(), Screen::Purposes);
}

}  // namespace
}  // namespace tapport::visit
