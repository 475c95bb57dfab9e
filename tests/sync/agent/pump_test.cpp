// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/agent/pump.h"

#include "tests/sync/agent/pump_host.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;
using support::FakeOutbox;
using testing::ElementsAre;
using testing::IsEmpty;

const wire::HubEpoch kHub = idOf<wire::HubEpoch>(7);
const wire::HubEpoch kRestoredHub = idOf<wire::HubEpoch>(8);

class OutboxPumpTest : public testing::Test {
  protected:
    static PumpOptions options() {
        PumpOptions options;
        options.event = {"demo-2026"};
        options.kiosk = {"kiosk-1"};
        options.windowBytes = 1000;  // ten rows of a fake outbox
        options.batchRows = 4;
        options.batchBytes = 400;
        return options;
    }
    void add(int rows, FakeOutbox::Urgency urgency = FakeOutbox::Urgency::Ordinary) {
        for (int i = 0; i < rows; ++i) {
            host.outbox.add(urgency);
        }
    }
    wire::Ack ackOf(const std::vector<SeqRange>& ranges) const {
        wire::Ack ack;
        ack.hub = kHub;
        ack.epoch = host.outbox.epoch();
        ack.creditBytes = 1'000'000;
        for (const SeqRange& range : ranges) {
            ack.received.add(range);
        }
        return ack;
    }
    void acknowledge(const std::vector<SeqRange>& ranges) {
        host.feed(Acknowledged{ackOf(ranges)});
    }
    /// What a hub holds that got all of it from this kiosk.
    wire::Ack answerOf(const std::vector<SeqRange>& held) {
        wire::Ack ack = ackOf(held);
        ack.completeThrough = std::max<std::uint64_t>(host.outbox.size(), 1);
        if (!held.empty() && held.front().first == 1) {
            const std::uint64_t seq = held.front().last;
            ack.prefix = {seq, host.outbox.chainAt(seq).value().value_or(record::ChainHash{})};
        }
        return ack;
    }
    void answerHello(const std::vector<SeqRange>& held, wire::HubEpoch hub = kHub) {
        wire::Ack ack = answerOf(held);
        ack.hub = hub;
        host.feed(Acknowledged{ack});
    }
    void announceHub(wire::Presence presence, wire::HubEpoch hub = kHub) {
        host.feed(HubAnnounced{{presence, hub}});
    }
    /// Up to where rows flow: nothing of what is in the outbox is at the hub.
    void resume() {
        host.feed(Started{});
        host.pass(6s);
        host.feed(BrokerConnected{});
        announceHub(wire::Presence::Online);
        host.takeSent();
        answerHello({});
    }
    /// Positions of the batches sent since the last look, a list for each.
    std::vector<std::vector<std::uint64_t>> batches() {
        std::vector<std::vector<std::uint64_t>> result;
        for (const wire::UpMessage& message : host.takeSent()) {
            if (const auto* const batch = std::get_if<wire::Batch>(&message)) {
                result.emplace_back();
                for (const wire::Run& run : batch->runs) {
                    for (std::size_t i = 0; i < run.units.size(); ++i) {
                        result.back().push_back(run.first + i);
                    }
                }
            }
        }
        return result;
    }
    std::vector<wire::Hello> hellos() {
        std::vector<wire::Hello> result;
        for (const wire::UpMessage& message : host.takeSent()) {
            if (const auto* const hello = std::get_if<wire::Hello>(&message)) {
                result.push_back(*hello);
            }
        }
        return result;
    }

    PumpHost host{options()};
};

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
    EXPECT_EQ(asked[0], (wire::Hello{{"demo-2026"},
                                     {"kiosk-1"},
                                     host.outbox.epoch(),
                                     1,
                                     3,
                                     *host.outbox.chainAt(3).value()}));
    answerHello({});
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(1, 2, 3)));
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

TEST_F(OutboxPumpTest, KeepsTheWindowAndSendsOnAsItIsAcknowledged) {
    add(30);

    resume();

    // The backlog takes three quarters of the window of ten rows, in batches worth sending.
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(1, 2, 3, 4), ElementsAre(5, 6, 7)));
    acknowledge({{1, 4}});
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(8, 9, 10, 11)));
}

TEST_F(OutboxPumpTest, RespectsTheHubsCreditButAlwaysMovesOn) {
    add(8);
    resume();
    batches();

    wire::Ack ack = ackOf({{1, 7}});
    ack.creditBytes = 0;
    host.feed(Acknowledged{ack});
    add(5);
    host.feed(RecordAdded{});

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(8)));
    acknowledge({{8, 8}});
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(9, 10, 11, 12), ElementsAre(13)));
}

TEST_F(OutboxPumpTest, SendsWithdrawalsFirst) {
    add(3);
    add(1, FakeOutbox::Urgency::Urgent);
    add(1);

    resume();

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(4), ElementsAre(1, 2, 3), ElementsAre(5)));
}

TEST_F(OutboxPumpTest, ANewRecordOvertakesTheBacklog) {
    add(40);
    resume();
    batches();

    add(1);  // seq 41, while 9 to 40 wait
    host.feed(RecordAdded{});
    host.pass(50ms);

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(41)));
}

TEST_F(OutboxPumpTest, TheBacklogMovesOnWhileNewRecordsKeepComing) {
    add(40);
    resume();
    auto sent = batches();
    std::set<std::uint64_t> reached;

    for (int i = 0; i < 20; ++i) {
        add(4);
        host.feed(RecordAdded{});
        host.pass(50ms);
        for (const auto& batch : sent) {
            reached.insert(batch.begin(), batch.end());
            acknowledge({{batch.front(), batch.back()}});
        }
        sent = batches();
    }

    for (std::uint64_t seq = 1; seq <= 40; ++seq) {
        EXPECT_EQ(reached.count(seq), 1U) << seq;
    }
}

TEST_F(OutboxPumpTest, ResendsAfterTheTimeOutOnlyWhatIsNotAcknowledged) {
    add(3);
    resume();
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(1, 2, 3)));
    acknowledge({{2, 2}});

    host.pass(2999ms);
    EXPECT_THAT(batches(), IsEmpty());
    host.pass(1ms);
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(1, 3)));
}

TEST_F(OutboxPumpTest, DoublesTheTimeOutUpToAMinuteWithoutGrowth) {
    add(1);
    resume();
    batches();

    for (const auto wait : {3s, 6s, 12s, 24s, 48s, 60s, 60s}) {
        host.pass(wait - 1ms);
        EXPECT_THAT(batches(), IsEmpty());
        host.pass(1ms);
        EXPECT_EQ(batches().size(), 1U);
    }
}

TEST_F(OutboxPumpTest, WaitsLongerForASlowLink) {
    add(1);
    resume();
    batches();
    host.pass(2s);
    acknowledge({{1, 1}});  // a round trip of 2 s: the time-out becomes 8 s

    add(1);
    host.feed(RecordAdded{});
    batches();
    host.pass(7999ms);

    EXPECT_THAT(batches(), IsEmpty());
    host.pass(1ms);
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(2)));
}

TEST_F(OutboxPumpTest, MarksWhatTheHubCouldNotRead) {
    add(2);
    resume();
    wire::Ack ack = ackOf({{1, 1}});
    ack.quarantined.add(2);

    host.feed(Acknowledged{ack});

    EXPECT_EQ(host.outbox.stateOf(1), FakeOutbox::State::Received);
    EXPECT_EQ(host.outbox.stateOf(2), FakeOutbox::State::Quarantined);
    host.pass(1min);
    batches();
    EXPECT_EQ(host.outbox.counts()->waiting, 0U);
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

TEST_F(OutboxPumpTest, RecoversFromAnOutboxThatFails) {
    add(2);
    host.feed(Started{});
    host.pass(5s);
    host.feed(BrokerConnected{});
    host.outbox.failNext(1);  // the span
    announceHub(wire::Presence::Online);
    EXPECT_THAT(host.takeSent(), IsEmpty());
    host.pass(1s);
    EXPECT_EQ(hellos().size(), 1U);

    const wire::Ack answer = answerOf({{1, 1}});
    host.outbox.failNext(1);  // what it is asked about the answer
    host.feed(Acknowledged{answer});
    host.pass(1s);
    answerHello({{1, 1}});

    EXPECT_EQ(host.outbox.stateOf(1), FakeOutbox::State::Received);
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(2)));
}

TEST_F(OutboxPumpTest, GathersNewRecordsWhileSomethingIsOnItsWay) {
    resume();
    add(1);
    host.feed(RecordAdded{});
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(1))) << "at once";

    for (int i = 0; i < 3; ++i) {
        add(1);
        host.feed(RecordAdded{});
        host.pass(10ms);
    }
    EXPECT_THAT(batches(), IsEmpty());
    host.pass(20ms);

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(2, 3, 4)));
}

TEST_F(OutboxPumpTest, GathersNoLongerOnceEverythingIsAcknowledged) {
    resume();
    add(1);
    host.feed(RecordAdded{});
    add(1);
    host.feed(RecordAdded{});
    batches();

    acknowledge({{1, 1}});

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(2)));
}

TEST_F(OutboxPumpTest, AWithdrawalNeverWaitsForOthers) {
    resume();
    add(1);
    host.feed(RecordAdded{});
    batches();

    add(1, FakeOutbox::Urgency::Urgent);
    host.feed(RecordAdded{});

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(2)));
}

TEST_F(OutboxPumpTest, LeavesAnEpochOfWhichTheHubHoldsMoreThanItGaveOut) {
    add(3);
    host.feed(Started{});
    host.pass(5s);
    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Online);
    const record::Epoch old = host.outbox.epoch();
    wire::Ack ack = answerOf({{1, 9}});
    host.takeSent();

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
    host.takeSent();

    host.feed(Acknowledged{more});  // its answer about the old one has not changed
    const auto second = hellos();
    wire::Ack fresh = ackOf({});
    fresh.completeThrough = 1;
    host.feed(Acknowledged{fresh});

    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].forkOf, (wire::ForkPoint{old, 2}));
    const auto sent = host.takeSent();
    ASSERT_EQ(sent.size(), 2U);
    const auto& live = std::get<wire::Batch>(sent[0]);
    EXPECT_EQ(live.epoch, host.outbox.epoch());
    EXPECT_EQ(live.runs.at(0).first, 1U);
    const auto& backlog = std::get<wire::Batch>(sent[1]);
    EXPECT_EQ(backlog.epoch, old);
    EXPECT_EQ(backlog.runs.at(0).units.size(), 2U);
    EXPECT_EQ(host.forks, 1);
}

TEST_F(OutboxPumpTest, TakesNoAcknowledgementForWhatItDidNotSend) {
    resume();
    add(2);

    acknowledge({{1, 2}});  // meant for a copy of this card

    EXPECT_EQ(host.outbox.counts()->waiting, 2U);
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
