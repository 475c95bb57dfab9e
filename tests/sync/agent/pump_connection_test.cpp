// SPDX-License-Identifier: GPL-3.0-or-later
// When the pump connects, and what it says first.
#include "tests/sync/agent/pump_fixture.h"

namespace tapport::agent {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(OutboxPumpTest, ConnectsAtARandomTimeAfterTheStart) {
    host.feed(Started{});

    host.pass(2499ms);
    EXPECT_EQ(host.connects, 0);
    host.pass(1ms);  // half of 5 s: the random number is 0.5
    EXPECT_EQ(host.connects, 1);
}

TEST_F(OutboxPumpTest, BacksOffTwiceAsLongEachTimeUpToTheLongest) {
    host.feed(Started{});
    host.pass(5s);

    for (const auto within : {100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 6400ms, 12'800ms,
                              25'600ms, 30'000ms, 30'000ms}) {
        const int before = host.connects;
        host.feed(BrokerLost{});
        host.pass(within / 2 - 1ms);
        EXPECT_EQ(host.connects, before);
        host.pass(1ms);
        EXPECT_EQ(host.connects, before + 1);
    }
}

TEST_F(OutboxPumpTest, ComesBackFastAfterAConnectionThatHeld) {
    host.feed(Started{});
    host.pass(5s);
    for (int i = 0; i < 10; ++i) {
        host.feed(BrokerLost{});
        host.pass(30s);
    }
    host.feed(BrokerConnected{});
    host.pass(10s);
    const int before = host.connects;

    host.feed(BrokerLost{});
    host.pass(50ms);

    EXPECT_EQ(host.connects, before + 1);
}

TEST_F(OutboxPumpTest, TriesAgainWhenAConnectNeverEnds) {
    host.feed(Started{});
    host.pass(5s);

    host.pass(31s);

    EXPECT_EQ(host.connects, 2);
}

TEST_F(OutboxPumpTest, SendsNothingBeforeTheHubIsOnline) {
    add(3);
    host.feed(Started{});
    host.pass(5s);

    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Offline);
    host.feed(RecordAdded{});
    host.pass(60s);

    EXPECT_THAT(host.takeSent(), IsEmpty());
}

TEST_F(OutboxPumpTest, SaysHelloFirstAndRepeatsItUntilItIsAnswered) {
    add(3);
    host.feed(Started{});
    host.pass(5s);
    host.feed(BrokerConnected{});

    announceHub(wire::Presence::Online);
    host.pass(10s);

    const auto asked = hellos();
    ASSERT_EQ(asked.size(), 3U);  // now, after 3 s, after 6 s more
    EXPECT_EQ(asked[0], (wire::Hello{{"demo-2026"}, {"kiosk-1"}, host.outbox.epoch(), 1, 3}));
    answerHello({});
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(1, 2, 3)));
}

TEST_F(OutboxPumpTest, SaysHelloWithAnEmptyOutboxAndSendsTheFirstRecordAtOnce) {
    resume();

    add(1);
    host.feed(RecordAdded{});

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(1)));
}

TEST_F(OutboxPumpTest, SaysHelloAgainWhenAnotherHubEpochSpeaks) {
    add(2);
    resume();
    host.takeSent();
    wire::Ack ack = ackOf({{1, 2}});
    ack.hub = kRestoredHub;

    host.feed(Acknowledged{ack});

    EXPECT_EQ(hellos().size(), 1U);
    EXPECT_EQ(host.outbox.stateOf(1), FakeOutbox::State::Waiting);
}

TEST_F(OutboxPumpTest, SendsAgainWhatARestoredHubLost) {
    add(4);
    resume();
    acknowledge({{1, 4}});
    batches();

    announceHub(wire::Presence::Offline);
    announceHub(wire::Presence::Online, kRestoredHub);
    EXPECT_EQ(hellos().size(), 1U);
    answerHello({{1, 1}, {3, 3}}, kRestoredHub);

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(2, 4)));
    EXPECT_EQ(host.outbox.stateOf(3), FakeOutbox::State::Received);
}

TEST_F(OutboxPumpTest, StartsOverWithAHelloOnANewConnection) {
    add(3);
    resume();
    batches();

    host.feed(BrokerLost{});
    host.pass(1s);
    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Online);
    EXPECT_EQ(hellos().size(), 1U);
    answerHello({{1, 2}});

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(3)));
}

TEST_F(OutboxPumpTest, WakesOnlyWhenThereIsSomethingToDo) {
    resume();
    EXPECT_EQ(host.pump.nextWake(), Instant::max());

    add(1);
    host.feed(RecordAdded{});

    EXPECT_EQ(host.pump.nextWake(), host.now.steady + 3s);
}

}  // namespace
}  // namespace tapport::agent
