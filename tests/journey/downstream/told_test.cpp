// SPDX-License-Identifier: GPL-3.0-or-later
// What one kiosk recorded the other shows and takes back, offline too; who is told what again.
#include "sync/program/program.h"
#include "sync/wire/topics.h"
#include "tests/journey/downstream/looker_on.h"
#include "tests/journey/downstream/two_kiosks.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace tapport::journey {
namespace {

using namespace std::chrono_literals;
using support::waitUntil;
using testing::Each;
using testing::HasSubstr;
using visit::Answer;
using visit::Screen;

TEST_F(TwoKiosks, AYesAtOneIsShownAtTheOtherAndTakenBackThereOffline) {
    one_->plugIn();
    two_->plugIn();
    sayYesAtOne();
    ASSERT_TRUE(comesToKnow(*two_, isAllYes));
    EXPECT_EQ(exportedRows(), site_.event().asks.size());

    two_->unplug();
    two_->tap(kToken);
    ASSERT_EQ(two_->view().screen, Screen::Recorded);
    EXPECT_THAT(two_->view().recorded, Each(Answer::Yes));
    EXPECT_EQ(two_->view().contact.email, kAda.email);
    two_->press(visit::WithdrawAll{});
    ASSERT_EQ(two_->view().screen, Screen::Withdrawn);
    EXPECT_EQ(exportedRows(), site_.event().asks.size()) << "the hub cannot know yet";

    two_->plugIn();
    ASSERT_TRUE(comesToKnow(*one_, isAllTakenBack));
    EXPECT_EQ(exportedRows(), 0U);
    one_->tap(kToken);
    EXPECT_EQ(one_->view().screen, Screen::Recorded);
    EXPECT_THAT(one_->view().recorded, Each(Answer::No));
    EXPECT_TRUE(one_->view().contact.email.empty());
    EXPECT_TRUE(one_->isDrained() && two_->isDrained());
    EXPECT_EQ(one_->status().forgeries + two_->status().forgeries, 0U);
}

TEST_F(TwoKiosks, AnErasureAtOneLeavesNothingOfThePersonAtTheOther) {
    one_->plugIn();
    two_->plugIn();
    sayYesAtOne();
    ASSERT_TRUE(comesToKnow(*two_, isAllYes));

    two_->tap(kToken);
    two_->press(visit::Erase{});
    ASSERT_EQ(two_->view().screen, Screen::Erased);

    ASSERT_TRUE(comesToKnow(*one_, isAllTakenBack));
    one_->tap(kToken);
    EXPECT_TRUE(one_->view().isErased);
    EXPECT_TRUE(one_->view().contact.email.empty());
    EXPECT_EQ(exportedRows(), 0U);
}

TEST_F(TwoKiosks, AKioskThatWasAwayIsToldOnlyWhatChangedSinceAndAfterARestartOfTheHub) {
    one_->plugIn();
    two_->plugIn();
    sayYesAtOne();
    ASSERT_TRUE(comesToKnow(*two_, isAllYes));
    two_->unplug();
    const std::uint64_t before = two_->told().downState()->version.urgent;
    one_->tap(kToken);
    one_->press(visit::WithdrawAll{});
    ASSERT_TRUE(comesToKnow(*one_, isAllTakenBack));

    site_.killHub();
    site_.startHub();
    LookerOn lookerOn(site_.broker().port(), wire::downTopic(kOther));
    two_->plugIn();

    ASSERT_TRUE(comesToKnow(*two_, isAllTakenBack));
    EXPECT_GT(two_->told().downState()->version.urgent, before);
    std::optional<Bytes> first;
    ASSERT_TRUE(waitUntil([&] { return (first = lookerOn.next()).has_value(); }));
    EXPECT_EQ(wire::decodeDown(*first)->message.from, (wire::DownVersion{before, 0}));
}

TEST_F(TwoKiosks, AKioskThatWasToldMoreThanARestoredHubKnowsIsToldAgain) {
    const std::string file = site_.path("roster.csv").string();
    const auto importsMany = [&](int first, int last) {
        std::string csv = "token,name\n";
        for (int i = first; i <= last; ++i) {
            csv += fmt::format("sample-badge-{0},Attendee {0}\n", 1'000'000 + i);
        }
        support::writeFile(file, csv);
        EXPECT_EQ(site_.command({"roster", "import", file}).status, 0);
    };
    const auto isTold = [&](int i) {
        return waitUntil([&] {
            return one_->recall("sample-badge-" + std::to_string(1'000'000 + i)).roster.has_value();
        });
    };
    one_->plugIn();
    importsMany(1, 2);
    const std::string backup = site_.path("backup.db").string();
    ASSERT_EQ(site_.command({"backup", "--out", backup}).status, 0);
    importsMany(3, 20);
    ASSERT_TRUE(isTold(20));
    ASSERT_EQ(site_.stopHub(), 0);

    const auto restored = site_.command({"restore", backup});
    ASSERT_EQ(restored.status, 0) << restored.err;
    site_.startHub();
    importsMany(21, 21);

    EXPECT_TRUE(isTold(21));
}

TEST_F(TwoKiosks, TheHubTellsWhoIsThereAndWhoseClockIsWrongAfterItsRestartToo) {
    const auto connected = [&] { return site_.figure("kiosks_connected"); };
    one_->plugIn();
    two_->plugIn();
    ASSERT_TRUE(waitUntil([&] { return connected() == 2; }));
    two_->unplug();
    ASSERT_TRUE(waitUntil([&] { return connected() == 1; }));
    EXPECT_THAT(site_.command({"status"}).out, HasSubstr("kiosk kiosk-2: not connected for "));
    EXPECT_EQ(site_.figure("kiosks_clock_off"), 0);

    site_.killHub();
    const std::string down = site_.command({"status"}).out;
    EXPECT_THAT(down, HasSubstr("kiosk kiosk-1: whether it is connected, only a running hub"));
    EXPECT_THAT(site_.command({"status", "--json"}).out,
                HasSubstr("{\"kiosk\": \"kiosk-1\", \"connected\": null"));
    site_.startHub();
    EXPECT_TRUE(waitUntil([&] { return connected() == 1; }));

    KioskEnd late(site_);
    wire::Hello hello{site_.event().id, hub::samples::kKiosk, hub::samples::epoch(), 0, 0, {}, {}};
    hello.base = program::readClocks().wall - 12min;
    late.send(hello);
    EXPECT_TRUE(waitUntil([&] { return site_.figure("kiosks_clock_off") == 1; }));
    EXPECT_THAT(site_.command({"status"}).out, HasSubstr("; clock 12 min behind"));
    EXPECT_THAT(
        site_.command({"status", "--json"}).out,
        testing::ContainsRegex("\"clock_ahead_seconds\": -7[2-7][0-9], \"clock_off\": true"))
        << "and as long as the message took";
}

}  // namespace
}  // namespace tapport::journey
