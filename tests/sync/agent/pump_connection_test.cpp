// SPDX-License-Identifier: GPL-3.0-or-later
// How the pump connects, says hello, and tells whether the hub has what this kiosk made.
#include "tests/sync/agent/pump_fixture.h"

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;
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

TEST_F(OutboxPumpTest, SendsNoRecordBeforeTheHubIsOnline) {
    add(3);
    host.feed(Started{});
    host.pass(5s);

    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Offline);
    host.feed(RecordAdded{});
    host.pass(60s);

    EXPECT_THAT(batches(), IsEmpty());
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
    EXPECT_EQ(asked[0], (wire::Hello{{"demo-2026"},
                                     {"kiosk-1"},
                                     host.outbox.epoch(),
                                     1,
                                     3,
                                     *host.outbox.chainAt(3).value(),
                                     std::nullopt,
                                     {},
                                     host.now.wall - 10s}));
    answerHello({});
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(1, 2, 3)));
}

TEST_F(OutboxPumpTest, AsksAHubOfWhichTheBrokerSaysNothing) {
    add(2);
    host.feed(Started{});
    host.pass(std::chrono::seconds(6));
    host.feed(BrokerConnected{});
    EXPECT_TRUE(hellos().empty());

    host.pass(std::chrono::seconds(1));

    EXPECT_EQ(hellos().size(), 1U);
    EXPECT_FALSE(host.pump.isHubOnline());
    answerHello({});
    EXPECT_TRUE(host.pump.isHubOnline());
    EXPECT_THAT(batches(), testing::ElementsAre(testing::ElementsAre(1, 2)));
}

TEST_F(OutboxPumpTest, BelievesForAWhileOnlyThatTheHubIsAway) {
    add(1);
    host.feed(Started{});
    host.pass(std::chrono::seconds(6));
    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Offline);
    host.pass(std::chrono::seconds(29));
    EXPECT_TRUE(hellos().empty());

    host.pass(std::chrono::seconds(1));

    EXPECT_EQ(hellos().size(), 1U);
    announceHub(wire::Presence::Offline);
    answerHello({});
    EXPECT_TRUE(batches().empty()) << "it went away again before it answered";
}

TEST_F(OutboxPumpTest, BelievesAHubThatAnswersForLongRatherThanAnOldAnnouncement) {
    add(1);
    host.feed(Started{});
    host.pass(std::chrono::seconds(6));
    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Online);
    answerHello({}, kRestoredHub);
    EXPECT_TRUE(batches().empty()) << "it may be late, and of the other";

    host.pass(std::chrono::seconds(30));
    answerHello({}, kRestoredHub);

    EXPECT_EQ(batches().size(), 1U);
}

TEST_F(OutboxPumpTest, AsksTheHubThatAnsweredAgainWhateverWasAnnounced) {
    host.feed(Started{});
    host.pass(std::chrono::seconds(6));
    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Offline, kRestoredHub);
    host.feed(AskAgain{});
    EXPECT_TRUE(hellos().empty()) << "nobody is there";
    host.pass(std::chrono::seconds(30));
    answerHello({});
    hellos();

    host.feed(AskAgain{});

    EXPECT_EQ(hellos().size(), 1U);
    EXPECT_TRUE(host.pump.isHubOnline());
    EXPECT_EQ(host.pump.hub(), kHub);
    answerHello({});
    add(1);
    host.feed(RecordAdded{});
    EXPECT_EQ(batches().size(), 1U);
}

TEST_F(OutboxPumpTest, SaysHelloWithAnEmptyOutboxAndSendsTheFirstRecordAtOnce) {
    resume();

    add(1);
    host.feed(RecordAdded{});

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(1)));
}

TEST_F(OutboxPumpTest, SendsOnlyWhatTheHubLacks) {
    add(6);
    host.feed(Started{});
    host.pass(5s);
    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Online);

    answerHello({{1, 2}, {5, 5}});

    // Behind a gap the chain does not say whose record stands at 5.
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(3, 4, 5, 6)));
    EXPECT_EQ(host.outbox.stateOf(2), FakeOutbox::State::Received);
}

TEST_F(OutboxPumpTest, IgnoresAnAcknowledgementForAnotherEpoch) {
    add(1);
    resume();
    wire::Ack ack = ackOf({{1, 1}});
    ack.epoch = idOf<record::Epoch>(99);

    host.feed(Acknowledged{ack});

    EXPECT_EQ(host.outbox.stateOf(1), FakeOutbox::State::Waiting);
}

TEST_F(OutboxPumpTest, SaysHelloAgainWhenAnotherHubEpochSpeaks) {
    add(2);
    resume();
    messages();
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

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(2, 3, 4)));
    EXPECT_EQ(host.outbox.stateOf(1), FakeOutbox::State::Received);
}

TEST_F(OutboxPumpTest, TakesNoAnswerFromBeforeTheHubWasRestored) {
    add(2);
    resume();
    announceHub(wire::Presence::Offline);
    announceHub(wire::Presence::Online, kRestoredHub);

    answerHello({{1, 2}});  // late, or played again by somebody
    answerHello({{1, 1}}, kRestoredHub);

    EXPECT_EQ(host.outbox.stateOf(1), FakeOutbox::State::Received);
    EXPECT_EQ(host.outbox.stateOf(2), FakeOutbox::State::Waiting);
}

TEST_F(OutboxPumpTest, SendsAgainWhatAnAnswerDoesNotSpeakOf) {
    add(4);
    resume();
    acknowledge({{1, 4}});
    announceHub(wire::Presence::Offline);
    announceHub(wire::Presence::Online, kRestoredHub);
    batches();
    wire::Ack answer = answerOf({{1, 1}});
    answer.hub = kRestoredHub;
    answer.completeThrough = 2;

    host.feed(Acknowledged{answer});

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(2, 3, 4)));
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

TEST_F(OutboxPumpTest, LeavesAnEpochOfWhichTheHubHoldsMoreThanItGaveOut) {
    add(3);
    host.feed(Started{});
    host.pass(5s);
    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Online);
    const record::Epoch old = host.outbox.epoch();
    wire::Ack ack = answerOf({{1, 9}});
    messages();

    host.feed(Acknowledged{ack});

    EXPECT_EQ(host.forks, 1);
    EXPECT_NE(host.outbox.epoch(), old);
    EXPECT_EQ(host.outbox.counts()->waiting, 3U) << "none is the hub's only because of its place";
    const auto asked = hellos();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].epoch, old) << "the oldest first";
}

TEST_F(OutboxPumpTest, LeavesAnEpochInWhichTheHubHoldsAnotherRecord) {
    add(3);
    host.feed(Started{});
    host.pass(5s);
    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Online);
    wire::Ack ack = answerOf({{1, 3}});
    ack.prefix.chain = idOf<record::ChainHash>(66);

    host.feed(Acknowledged{ack});

    EXPECT_EQ(host.forks, 1);
    EXPECT_EQ(host.outbox.counts()->received, 0U);
}

TEST_F(OutboxPumpTest, SendsWhatWaitsInAnEpochThatItLeftAndGoesOnInTheNew) {
    add(2);
    host.feed(Started{});
    host.pass(5s);
    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Online);
    const record::Epoch old = host.outbox.epoch();
    const wire::Ack more = answerOf({{1, 9}});
    host.feed(Acknowledged{more});
    add(1);  // seq 1 of the new epoch
    messages();

    host.feed(Acknowledged{more});  // its answer about the old one has not changed
    const auto second = hellos();
    wire::Ack fresh = blankAck();
    fresh.completeThrough = 1;
    host.feed(Acknowledged{fresh});

    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].forkOf, (wire::ForkPoint{old, 2}));
    const auto sent = messages();
    ASSERT_EQ(sent.size(), 2U);
    const auto& live = std::get<wire::Batch>(sent[0]);
    EXPECT_EQ(live.epoch, host.outbox.epoch());
    EXPECT_EQ(live.runs.at(0).first, 1U);
    const auto& backlog = std::get<wire::Batch>(sent[1]);
    EXPECT_EQ(backlog.epoch, old);
    EXPECT_EQ(backlog.runs.at(0).units.size(), 2U);
    EXPECT_EQ(host.forks, 1);
}

TEST_F(OutboxPumpTest, TakesNoAcknowledgementOfABatchThatItDidNotSend) {
    add(2);
    resume();
    wire::Ack ack = ackOf({{1, 2}});
    ASSERT_EQ(ack.batches.size(), 1U);
    ack.batches[0].name.bytes[0] ^= 1U;

    host.feed(Acknowledged{ack});  // of a copy of this card, at the same positions

    EXPECT_EQ(host.outbox.counts()->waiting, 2U);
    acknowledge({{1, 2}});
    EXPECT_EQ(host.outbox.counts()->waiting, 0U);
}

TEST_F(OutboxPumpTest, TakesALateAcknowledgementOfAnEarlierConnection) {
    add(3);
    resume();
    const wire::Ack late = ackOf({{1, 3}});

    host.feed(BrokerLost{});
    host.pass(1s);
    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Online);
    host.feed(Acknowledged{late});

    EXPECT_EQ(host.outbox.counts()->waiting, 0U);
    messages();
    answerHello({{1, 3}});
    EXPECT_THAT(batches(), IsEmpty());
}

TEST_F(OutboxPumpTest, AProcessKnowsNothingOfWhatAnEarlierOneSent) {
    add(2);
    resume();
    const wire::Ack late = ackOf({{1, 2}});

    host.pump = OutboxPump(PumpHost::signing(options(1000)), [] { return 0.5; });
    host.pass(1ms);  // another time in a batch of the same records is another name
    resume();
    host.feed(Acknowledged{late});

    EXPECT_EQ(host.outbox.counts()->waiting, 2U);
}

}  // namespace
}  // namespace tapport::agent
