// SPDX-License-Identifier: GPL-3.0-or-later
// A hub that was restored: what its predecessor acknowledged it may have lost, and hold another
// copy's records in place of it.
#include "tests/sync/agent/pump_fixture.h"

namespace tapport::agent {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PumpRestored : public OutboxPumpTest {
  protected:
    /// Two rows under an epoch that was left, one under the new one, all received.
    void forkAndDrain() {
        add(2);
        host.feed(Started{});
        host.pass(std::chrono::seconds(6));
        host.feed(BrokerConnected{});
        announceHub(wire::Presence::Online);
        left_ = host.outbox.epoch();
        theirs_ = answerOf({{1, 9}});
        host.feed(Acknowledged{theirs_});
        add(1);
        answerBoth(kHub);
        acknowledgeAll();
        ASSERT_EQ(host.outbox.counts()->waiting, 0U);
    }
    /// Of the left epoch it holds another copy's records at these positions, of the new one nothing
    /// or all of it.
    void answerBoth(const wire::HubEpoch& hub) {
        theirs_.hub = hub;
        host.feed(Acknowledged{theirs_});
        wire::Ack own = blankAck();
        own.hub = hub;
        own.completeThrough = 1;
        if (host.outbox.stateOf(3) == FakeOutbox::State::Received) {
            own.received.add(1);
            own.prefix = {1, host.outbox.chainAt(1).value().value()};
        }
        host.feed(Acknowledged{own});
    }
    void acknowledgeAll(const wire::HubEpoch& hub = kHub) {
        for (const Bytes& payload : host.takeSent()) {
            const auto message = wire::decodeUp(payload).value().message;
            if (const auto* const batch = std::get_if<wire::Batch>(&message)) {
                wire::Ack ack = blankAck();
                ack.hub = hub;
                ack.epoch = batch->epoch;
                ack.batches.push_back({wire::nameOf(payload), {}});
                host.feed(Acknowledged{ack});
            }
        }
    }

    record::Epoch left_;
    wire::Ack theirs_;
};

TEST_F(PumpRestored, IsSentAllOfAnEpochThatWasLeft) {
    forkAndDrain();

    announceHub(wire::Presence::Online, kRestoredHub);
    answerBoth(kRestoredHub);

    EXPECT_EQ(host.outbox.stateOf(1), FakeOutbox::State::Waiting);
    EXPECT_EQ(host.outbox.stateOf(2), FakeOutbox::State::Waiting);
    acknowledgeAll(kRestoredHub);
    EXPECT_EQ(host.outbox.counts()->waiting, 0U);
}

TEST_F(PumpRestored, IsSentThatOnceAndNotOnEachConnection) {
    forkAndDrain();
    announceHub(wire::Presence::Online, kRestoredHub);
    answerBoth(kRestoredHub);
    acknowledgeAll(kRestoredHub);

    announceHub(wire::Presence::Online, kRestoredHub);
    answerBoth(kRestoredHub);
    host.pump = OutboxPump(PumpHost::signing(options(1000)), [] { return 0.5; });
    host.feed(Started{});
    host.pass(std::chrono::seconds(6));
    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Online, kRestoredHub);
    answerBoth(kRestoredHub);

    EXPECT_EQ(host.outbox.counts()->waiting, 0U);
    EXPECT_THAT(batches(), IsEmpty());
}

TEST_F(PumpRestored, IsSentWhatItNamesBehindItsPrefix) {
    add(4);
    resume();
    acknowledge({{1, 4}});
    batches();

    announceHub(wire::Presence::Online, kRestoredHub);
    answerHello({{1, 1}, {3, 4}}, kRestoredHub);

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(2, 3, 4))) << "3 and 4 may be another copy's";
    EXPECT_EQ(host.outbox.stateOf(1), FakeOutbox::State::Received);
}

TEST_F(PumpRestored, IsAskedBeforeWhatItsPredecessorOrItSaysOfBatchesCounts) {
    add(2);
    resume();
    wire::Ack of = ackOf({{1, 2}});

    announceHub(wire::Presence::Online, kRestoredHub);
    of.hub = kRestoredHub;
    host.feed(Acknowledged{of});
    EXPECT_EQ(host.outbox.counts()->waiting, 2U);
    announceHub(wire::Presence::Online);  // repeated by a node of the broker
    of.hub = kHub;
    host.feed(Acknowledged{of});
    announceHub(wire::Presence::Online, kRestoredHub);
    answerHello({}, kRestoredHub);

    EXPECT_EQ(host.outbox.counts()->waiting, 2U);
}

TEST_F(PumpRestored, ItIsToldApartOnceTheOutboxIsWellAgain) {
    add(2);
    resume();
    acknowledge({{1, 2}});
    announceHub(wire::Presence::Online, kRestoredHub);
    messages();
    wire::Ack another = answerOf({{1, 2}});
    another.hub = kRestoredHub;
    another.prefix = {};

    host.outbox.failNext(1);
    host.feed(Acknowledged{another});
    EXPECT_EQ(host.outbox.counts()->waiting, 0U);
    host.pass(std::chrono::seconds(1));
    host.feed(Acknowledged{another});

    EXPECT_EQ(host.outbox.counts()->waiting, 2U);
}

TEST_F(PumpRestored, WhatCannotBeComparedAnyMoreIsSent) {
    add(12);
    resume();
    announceHub(wire::Presence::Online);
    wire::Ack answer = answerOf({{1, 12}});
    answer.received = {};
    answer.received.add(1);
    answer.received.add({3, 12});
    answer.quarantined.add(2);
    answer.watermark = 12;
    host.feed(Acknowledged{answer});
    host.pass(std::chrono::seconds(2));
    ASSERT_FALSE(host.outbox.has(3));
    ASSERT_EQ(host.outbox.stateOf(2), FakeOutbox::State::Quarantined);

    announceHub(wire::Presence::Online, kRestoredHub);
    wire::Ack older = answerOf({{1, 2}});  // whoever's these two are: row 3 would tell
    older.hub = kRestoredHub;
    host.feed(Acknowledged{older});

    EXPECT_EQ(host.outbox.stateOf(2), FakeOutbox::State::Waiting);
    EXPECT_EQ(host.forks, 0);
}

}  // namespace
}  // namespace tapport::agent
