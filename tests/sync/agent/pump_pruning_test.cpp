// SPDX-License-Identifier: GPL-3.0-or-later
// What the kiosk drops, and what it keeps although the hub has it.
#include "tests/sync/agent/pump_fixture.h"

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;

class PumpPruning : public OutboxPumpTest {
  protected:
    /// The hub holds the first `held` rows, and has backed up so many.
    void resumeWith(std::uint64_t held, std::uint64_t watermark) {
        resume();
        greet(held, watermark);
    }
    void greet(std::uint64_t held, std::uint64_t watermark, wire::HubEpoch hub = kHub) {
        announceHub(wire::Presence::Online, hub);
        wire::Ack answer = answerOf({{1, held}});
        answer.watermark = watermark;
        answer.hub = hub;
        host.feed(Acknowledged{answer});
        host.pass(2s);
    }
    [[nodiscard]] std::uint64_t oldest() const {
        std::uint64_t number = 1;
        while (number <= host.outbox.size() && !host.outbox.has(number)) {
            ++number;
        }
        return number;
    }
};

TEST_F(PumpPruning, DropsWhatIsBackedUpPieceByPiece) {
    add(18);

    resumeWith(18, 8);

    EXPECT_EQ(oldest(), 9U);
}

TEST_F(PumpPruning, KeepsEverythingWithoutABackup) {
    add(12);

    resumeWith(12, 0);

    EXPECT_EQ(oldest(), 1U);
}

TEST_F(PumpPruning, LearnsOfABackupFromAnyAcknowledgement) {
    add(12);
    resumeWith(12, 0);
    add(1);
    host.feed(RecordAdded{});

    wire::Ack ack = ackOf({{13, 13}});
    ack.watermark = 2;
    host.feed(Acknowledged{ack});
    host.pass(1s);

    EXPECT_EQ(oldest(), 3U);
}

TEST_F(PumpPruning, WhatTheHelloHasNotShownMayBeAClones) {
    add(12);
    resumeWith(12, 2);
    add(12);
    host.feed(RecordAdded{});
    wire::Ack ack = ackOf({{13, 24}});
    ack.watermark = 24;

    host.feed(Acknowledged{ack});
    host.pass(2s);
    EXPECT_EQ(oldest(), 13U) << "12 is what the hello has shown";

    greet(24, 24);
    EXPECT_EQ(oldest(), 17U) << "but for the newest";
}

TEST_F(PumpPruning, WhatTheHubCouldNotReadStays) {
    add(11);
    resume();
    announceHub(wire::Presence::Online);
    wire::Ack answer = answerOf({{1, 11}});
    answer.received = {};
    answer.received.add(1);
    answer.received.add({3, 11});
    answer.quarantined.add(2);
    answer.watermark = 3;

    host.feed(Acknowledged{answer});
    host.pass(2s);

    EXPECT_FALSE(host.outbox.has(1));
    EXPECT_TRUE(host.outbox.has(2));
    EXPECT_FALSE(host.outbox.has(3));
}

TEST_F(PumpPruning, AnOlderHubIsSentWhatItLacksAndNothingMoreIsDropped) {
    add(14);
    resumeWith(14, 2);
    ASSERT_EQ(oldest(), 3U);

    greet(3, 2, kRestoredHub);

    EXPECT_EQ(oldest(), 3U);
    EXPECT_EQ(host.outbox.counts()->waiting, 11U);
    EXPECT_EQ(host.forks, 0);
}

TEST_F(PumpPruning, AHubThatIsOlderThanWhatWasDroppedIsNoFork) {
    add(14);
    resumeWith(14, 5);
    ASSERT_EQ(oldest(), 6U);

    wire::Ack answer = answerOf({{1, 2}});
    announceHub(wire::Presence::Online, kRestoredHub);
    answer.hub = kRestoredHub;
    answer.watermark = 2;
    answer.prefix = {2, record::ChainHash{{1}}};
    host.feed(Acknowledged{answer});
    host.pass(2s);

    EXPECT_EQ(oldest(), 6U);
    EXPECT_EQ(host.outbox.counts()->waiting, 9U) << "what it still has it sends";
    EXPECT_EQ(host.forks, 0);
}

}  // namespace
}  // namespace tapport::agent
