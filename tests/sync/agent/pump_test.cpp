// SPDX-License-Identifier: GPL-3.0-or-later
// What the pump sends and when, once the hub has answered its hello.
#include "tests/sync/agent/pump_fixture.h"

#include <set>

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(OutboxPumpTest, KeepsTheWindowAndSendsOnAsItIsAcknowledged) {
    add(30);

    resume();

    // The backlog takes three quarters of the window of ten rows, in batches worth sending.
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(1, 2, 3, 4), ElementsAre(5, 6, 7)));
    acknowledge({{1, 4}});
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(8, 9, 10, 11)));
}

const Instant kStart{1h};

TEST(SendWindow, GrowsByTwiceWhatIsAnsweredFastAndHalvesWhenAnswersAreSlow) {
    SendWindow window(1000, 300, 4000);
    window.begin(kStart);

    window.answered(700, 700, kStart, kStart + 250ms);

    EXPECT_EQ(window.bytes(), 2400U);
    window.answered(9000, 9000, kStart, kStart + 1ms);
    EXPECT_EQ(window.bytes(), 4000U) << "never more than that";
    window.answered(700, 4000, kStart, kStart + 600ms);
    EXPECT_EQ(window.bytes(), 4000U) << "neither fast nor slow";
    window.limit(1500);
    EXPECT_EQ(window.bytes(), 1500U) << "never more than the hub takes";
    window.limit(4000);
    window.answered(700, 4000, kStart, kStart + 1001ms);
    EXPECT_EQ(window.bytes(), 2000U);
}

TEST(SendWindow, GrowsByWhatIsAnsweredFastAtTheRateOfTheLastAnswer) {
    SendWindow window(1000, 300, 100'000);
    window.begin(kStart);

    window.answered(700, 700, kStart, kStart + 50ms);

    EXPECT_EQ(window.bytes(), 1000U + 5 * 700U);
}

TEST(SendWindow, HalvesOnceForAllThatWasSentBeforeDownToTheLeast) {
    SendWindow window(1000, 300, 4000);
    window.begin(kStart);

    window.answered(100, 1000, kStart, kStart + 2s);
    window.answered(100, 900, kStart + 1s, kStart + 3s);

    EXPECT_EQ(window.bytes(), 500U);
    window.answered(100, 500, kStart + 2s, kStart + 4s);
    EXPECT_EQ(window.bytes(), 300U);
}

TEST(SendWindow, WhatEveryMessageTakesThereAndBackIsNoWaiting) {
    SendWindow window(1000, 300, 4000);
    window.begin(kStart);
    window.answeredIdle(900ms);

    window.answered(700, 700, kStart, kStart + 1150ms);
    EXPECT_EQ(window.bytes(), 2400U) << "by satellite";

    window.begin(kStart);
    window.answered(700, 700, kStart, kStart + 1150ms);
    EXPECT_EQ(window.bytes(), 500U) << "another way, of which nothing is known";
}

TEST(SendWindow, DoesNotGrowByWhatHardlyFillsIt) {
    SendWindow window(1000, 300, 4000);
    window.begin(kStart);

    window.answered(499, 499, kStart, kStart + 1ms);

    EXPECT_EQ(window.bytes(), 1000U);
}

TEST(SendWindow, WithoutAnAnswerBeginsAnewOrHalvesWhatIsLess) {
    SendWindow window(1000, 300, 4000);
    window.begin(kStart);
    window.answered(4000, 4000, kStart, kStart + 1ms);

    window.missed(kStart + 1s);
    EXPECT_EQ(window.bytes(), 1000U);
    window.missed(kStart + 2s);
    EXPECT_EQ(window.bytes(), 500U);
}

TEST_F(GenerousPumpTest, SendsMoreAtATimeWhileAnswersComeFast) {
    add(60);
    resume();
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(1, 2, 3, 4), ElementsAre(5, 6, 7)));

    acknowledge({{1, 7}});

    // Three quarters of 4,000 bytes, read ten rows at a time.
    const auto sent = batches();
    ASSERT_THAT(sent, testing::SizeIs(9));
    EXPECT_THAT(sent[0], ElementsAre(8, 9, 10, 11));
    EXPECT_THAT(sent[1], ElementsAre(12, 13, 14, 15));
    EXPECT_THAT(sent[2], ElementsAre(16, 17));
    EXPECT_THAT(sent[8], ElementsAre(36, 37));
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
    add(7);
    resume();
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(1, 2, 3, 4), ElementsAre(5, 6, 7)));
    acknowledge({{1, 4}});

    host.pass(2999ms);
    EXPECT_THAT(batches(), IsEmpty());
    host.pass(1ms);
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(5, 6, 7)));
}

TEST_F(OutboxPumpTest, TakesALateAcknowledgementOfWhatItHasSentAgain) {
    add(3);
    resume();
    const wire::Ack late = ackOf({{1, 3}});
    host.pass(4s);
    ASSERT_EQ(batches().size(), 2U) << "once more after the time-out";

    host.feed(Acknowledged{late});

    EXPECT_EQ(host.outbox.counts()->waiting, 0U);
    host.pass(1min);
    EXPECT_THAT(batches(), IsEmpty());
}

TEST_F(OutboxPumpTest, ALateAnswerTellsHowLongAnswersTake) {
    add(1);
    resume();
    const wire::Ack late = ackOf({{1, 1}});
    host.pass(5s);  // it has been sent again after 3 s
    host.feed(Acknowledged{late});
    batches();

    add(1);
    host.feed(RecordAdded{});
    host.pass(11'999ms);
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(2)));

    host.pass(1ms);  // four times three seconds, its time-out
    EXPECT_THAT(batches(), ElementsAre(ElementsAre(2)));
}

TEST_F(OutboxPumpTest, OneAcknowledgementMayAnswerSeveralBatches) {
    add(7);
    resume();

    const wire::Ack ack = ackOf({{1, 7}});
    ASSERT_EQ(ack.batches.size(), 2U);
    host.feed(Acknowledged{ack});

    EXPECT_EQ(host.outbox.counts()->received, 7U);
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

TEST_F(OutboxPumpTest, WhatWentTogetherIsNotSentAgainWhileASlowLinkCarriesIt) {
    add(7);
    resume();
    ASSERT_EQ(batches().size(), 2U);

    host.pass(2s);
    acknowledge({{1, 4}});
    host.pass(2s);

    EXPECT_THAT(batches(), IsEmpty()) << "the other took as long again";
    acknowledge({{5, 7}});
    EXPECT_EQ(host.outbox.counts()->waiting, 0U);
}

TEST_F(OutboxPumpTest, MarksWhatTheHubCouldNotRead) {
    add(2);
    resume();
    wire::Ack ack = ackOf({{1, 2}});
    ack.batches.at(0).quarantined.add({2, 9});

    host.feed(Acknowledged{ack});

    EXPECT_EQ(host.outbox.stateOf(1), FakeOutbox::State::Received);
    EXPECT_EQ(host.outbox.stateOf(2), FakeOutbox::State::Quarantined);
    host.pass(1min);
    batches();
    EXPECT_EQ(host.outbox.counts()->waiting, 0U);
}

TEST_F(OutboxPumpTest, RecoversFromAnOutboxThatFails) {
    add(2);
    host.feed(Started{});
    host.pass(5s);
    host.feed(BrokerConnected{});
    host.outbox.failNext(1);  // the span
    announceHub(wire::Presence::Online);
    EXPECT_THAT(messages(), IsEmpty());
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

TEST_F(OutboxPumpTest, WakesOnlyWhenThereIsSomethingToDo) {
    resume();
    EXPECT_EQ(host.pump.nextWake(), Instant::max());

    add(1);
    host.feed(RecordAdded{});

    EXPECT_EQ(host.pump.nextWake(), host.now.steady + 3s);
}

TEST_F(OutboxPumpTest, ANewRecordDoesNotWaitForAllThatIsRepeated) {
    add(5);
    resume();
    ASSERT_EQ(batches().size(), 2U);
    host.pass(2980ms);
    add(1);
    host.feed(RecordAdded{});

    host.pass(100ms);  // the five have timed out

    EXPECT_THAT(batches(), ElementsAre(ElementsAre(6), ElementsAre(1, 2, 3, 4), ElementsAre(5)));
}

}  // namespace
}  // namespace tapport::agent
