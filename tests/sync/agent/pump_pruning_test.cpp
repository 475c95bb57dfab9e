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
    std::vector<std::uint64_t> left() const {
        std::vector<std::uint64_t> left;
        for (std::uint64_t number = 1; number <= host.outbox.size(); ++number) {
            if (host.outbox.has(number)) {
                left.push_back(number);
            }
        }
        return left;
    }
};

TEST_F(PumpPruning, DropsWhatIsBackedUpPieceByPiece) {
    add(10);

    resumeWith(10, 8);

    EXPECT_THAT(left(), testing::ElementsAre(9, 10));
}

TEST_F(PumpPruning, KeepsEverythingWithoutABackup) {
    add(3);

    resumeWith(3, 0);

    EXPECT_THAT(left(), testing::ElementsAre(1, 2, 3));
}

TEST_F(PumpPruning, LearnsOfABackupFromAnyAcknowledgement) {
    add(3);
    resumeWith(3, 0);
    add(1);
    host.feed(RecordAdded{});

    wire::Ack ack = ackOf({{4, 4}});
    ack.watermark = 2;
    host.feed(Acknowledged{ack});
    host.pass(1s);

    EXPECT_THAT(left(), testing::ElementsAre(3, 4));
}

TEST_F(PumpPruning, WhatTheHelloHasNotShownMayBeAClones) {
    add(3);
    resumeWith(3, 3);
    add(2);
    host.feed(RecordAdded{});
    host.pass(1s);
    wire::Ack ack = ackOf({{4, 5}});
    ack.watermark = 5;

    host.feed(Acknowledged{ack});
    host.pass(1s);
    EXPECT_THAT(left(), testing::ElementsAre(4, 5));

    greet(5, 5);
    EXPECT_THAT(left(), testing::ElementsAre());
}

TEST_F(PumpPruning, WhatTheHubCouldNotReadStays) {
    add(3);
    resume();
    announceHub(wire::Presence::Online);
    wire::Ack answer = answerOf({{1, 3}});
    answer.received = {};
    answer.received.add(1);
    answer.received.add(3);
    answer.quarantined.add(2);
    answer.watermark = 3;

    host.feed(Acknowledged{answer});
    host.pass(2s);

    EXPECT_THAT(left(), testing::ElementsAre(2));
}

TEST_F(PumpPruning, AnOlderHubIsSentWhatItLacksAndNothingMoreIsDropped) {
    add(6);
    resumeWith(6, 2);
    ASSERT_THAT(left(), testing::ElementsAre(3, 4, 5, 6));

    greet(3, 2, kRestoredHub);

    EXPECT_THAT(left(), testing::ElementsAre(3, 4, 5, 6));
    EXPECT_EQ(host.outbox.counts()->waiting, 3U);
    EXPECT_EQ(host.forks, 0);
}

TEST_F(PumpPruning, AHubThatIsOlderThanWhatWasDroppedIsNoFork) {
    add(6);
    resumeWith(6, 5);
    ASSERT_THAT(left(), testing::ElementsAre(6));

    wire::Ack answer = ackOf({{1, 2}});
    announceHub(wire::Presence::Online, kRestoredHub);
    answer.completeThrough = 6;
    answer.hub = kRestoredHub;
    answer.watermark = 2;
    answer.prefix = {2, record::ChainHash{{1}}};
    host.feed(Acknowledged{answer});
    host.pass(2s);

    EXPECT_THAT(left(), testing::ElementsAre(6));
    EXPECT_EQ(host.outbox.counts()->waiting, 1U) << "what it still has it sends";
    EXPECT_EQ(host.forks, 0);
}

}  // namespace
}  // namespace tapport::agent
