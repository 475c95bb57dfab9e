// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/presence_board.h"

#include "sync/hub/export/kiosk_words.h"
#include "tests/sync/hub/samples.h"

#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;
using namespace std::chrono_literals;

wire::KioskState online(std::uint8_t connection) {
    return {wire::Presence::Online,
            *wire::ConnectionId::from(Bytes(wire::ConnectionId::kSize, connection))};
}
wire::KioskState offline(std::uint8_t connection) {
    wire::KioskState state = online(connection);
    state.presence = wire::Presence::Offline;
    return state;
}

class PresenceBoardTest : public testing::Test {
  protected:
    std::optional<KioskPresence> its() const {
        const Presences all = board_.read();
        const auto found = all.find(kKiosk);
        return found == all.end() ? std::nullopt : std::optional(found->second);
    }
    void heard(record::WallTime now) { board_.heard(kKiosk, board_.moment(), now); }
    PresenceBoard board_;
};

TEST_F(PresenceBoardTest, AKioskIsThereFromItsFirstWordToItsLast) {
    EXPECT_EQ(its(), std::nullopt);

    board_.said(kKiosk, online(1), kNow);
    board_.said(kKiosk, online(1), kNow + 1min);
    EXPECT_EQ(its(), (KioskPresence{true, kNow})) << "it repeats itself when a hub comes";
    board_.said(kKiosk, offline(1), kNow + 2min);
    board_.said(kKiosk, offline(1), kNow + 3min);

    EXPECT_EQ(its(), (KioskPresence{false, kNow + 2min}));
}

TEST_F(PresenceBoardTest, ALateWillOfAnOlderConnectionChangesNothing) {
    board_.said(kKiosk, online(1), kNow);
    board_.said(kKiosk, online(2), kNow + 1min);

    board_.said(kKiosk, offline(1), kNow + 2min);

    EXPECT_EQ(its(), (KioskPresence{true, kNow + 1min}));
}

TEST_F(PresenceBoardTest, WhatWasRetainedDoesNotSaySinceWhen) {
    board_.said(kKiosk, offline(1), kNow);

    EXPECT_EQ(its(), (KioskPresence{false, std::nullopt}));
}

TEST_F(PresenceBoardTest, WhoIsHeardIsThereWhateverABrokerForgot) {
    heard(kNow);
    EXPECT_EQ(its(), (KioskPresence{true, kNow}));

    board_.said(kKiosk, online(3), kNow + 1min);
    EXPECT_EQ(its(), (KioskPresence{true, kNow})) << "its connection has a name now";
    board_.said(kKiosk, offline(2), kNow + 2min);
    EXPECT_EQ(its(), (KioskPresence{true, kNow}));
    board_.said(kKiosk, offline(3), kNow + 3min);
    heard(kNow + 4min);

    EXPECT_EQ(its(), (KioskPresence{true, kNow + 4min}));
}

TEST_F(PresenceBoardTest, AMessageThatIsTakenOnlyBehindTheGoodbyeAfterItBringsNobodyBack) {
    board_.said(kKiosk, online(1), kNow);
    const auto came = board_.moment();
    board_.said(kKiosk, offline(1), kNow + 1s);

    board_.heard(kKiosk, came, kNow + 2s);
    EXPECT_EQ(its(), (KioskPresence{false, kNow + 1s}));

    board_.said(kKiosk, online(2), kNow + 3s);
    board_.heard(kKiosk, board_.moment(), kNow + 4s);
    EXPECT_EQ(its(), (KioskPresence{true, kNow + 3s}));
}

TEST_F(PresenceBoardTest, ANewHubTakesARetainedGoodbyeForLaterThanWhatCameBefore) {
    const auto came = board_.moment();
    board_.said(kKiosk, offline(1), kNow);

    board_.heard(kKiosk, came, kNow + 1s);

    EXPECT_EQ(its(), (KioskPresence{false, std::nullopt}));
}

TEST_F(PresenceBoardTest, AHubThatWasCutOffSaysNothingOfAKioskUntilItIsHeardAgain) {
    board_.said(kKiosk, online(1), kNow);
    board_.said({"kiosk-2"}, offline(1), kNow);

    board_.doubt();
    EXPECT_EQ(its(), std::nullopt);
    EXPECT_FALSE(board_.read().at({"kiosk-2"}).isConnected);
    board_.said(kKiosk, online(1), kNow + 1min);

    EXPECT_EQ(its(), (KioskPresence{true, kNow})) << "it is the same connection";
}

TEST_F(PresenceBoardTest, WhoCameAndWentWhileTheHubWasCutOffIsGone) {
    board_.said(kKiosk, online(1), kNow);
    board_.doubt();
    const auto came = board_.moment();

    board_.said(kKiosk, offline(2), kNow + 1min);
    board_.heard(kKiosk, came, kNow + 2min);
    EXPECT_EQ(its(), (KioskPresence{false, kNow + 1min}));

    board_.said(kKiosk, online(3), kNow + 3min);
    EXPECT_EQ(its(), (KioskPresence{true, kNow + 3min}));
}

TEST_F(PresenceBoardTest, WhoeverWritesToStateTopicsFillsNoMemory) {
    for (std::size_t i = 0; i <= PresenceBoard::kMostKiosks; ++i) {
        board_.said({"k-" + std::to_string(i)}, online(1), kNow);
    }
    board_.said({"k-1"}, offline(1), kNow);

    EXPECT_EQ(board_.read().size(), PresenceBoard::kMostKiosks);
    EXPECT_FALSE(board_.read().at({"k-1"}).isConnected);
}

TEST(KioskWords, TellSpansAsPeopleDo) {
    EXPECT_EQ(spanText(-5s), "0 s");
    EXPECT_EQ(spanText(59'999ms), "59 s");
    EXPECT_EQ(spanText(59min + 59s), "59 min");
    EXPECT_EQ(spanText(3h + 5min), "3 h 5 min");
    EXPECT_EQ(spanText(4h), "4 h");
    EXPECT_EQ(spanText(49h), "2 days");
}

TEST(KioskWords, TellOnlyOfAClockThatIsOff) {
    KioskStanding kiosk;
    EXPECT_EQ(clockText(kiosk), "");
    kiosk.clockAhead = -2min;
    EXPECT_EQ(clockText(kiosk), "") << "so long its message may have taken";
    kiosk.clockAhead = 3h;
    EXPECT_EQ(clockText(kiosk), "clock 3 h ahead");
    kiosk.clockAhead = -150s;
    EXPECT_EQ(clockText(kiosk), "clock 2 min behind");
}

}  // namespace
}  // namespace tapport::hub
