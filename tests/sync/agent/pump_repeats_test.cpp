// SPDX-License-Identifier: GPL-3.0-or-later
// A hub that is there and answers nothing: what is repeated, and what goes beside it.
#include "tests/sync/agent/pump_fixture.h"

#include <map>

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Each;

class RepeatsTest : public OutboxPumpTest {
  protected:
    /// When each position was sent, while so long every 5 ms one is recorded and none answered.
    void recordWithoutAnAnswer(record::Millis time) {
        const Instant end = host.now.steady + time;
        while (host.now.steady < end) {
            add(1);
            host.feed(RecordAdded{});
            listen();
            host.pass(5ms);
            listen();
        }
    }
    void listen() {
        for (const auto& batch : batches()) {
            for (const std::uint64_t seq : batch) {
                sent[seq].push_back(host.now.steady);
            }
        }
    }

    std::map<std::uint64_t, std::vector<Instant>> sent;
};

TEST_F(RepeatsTest, GoByTheirTimerWhateverIsRecordedMeanwhile) {
    resume();

    recordWithoutAnAnswer(10s);

    for (std::uint64_t seq = 1; seq <= 4; ++seq) {
        ASSERT_GE(sent[seq].size(), 2U) << seq;
        EXPECT_LE(sent[seq][1] - sent[seq][0], 3100ms) << seq;
    }
}

TEST_F(RepeatsTest, LeaveNoneOutForThoseThatWereSentBefore) {
    resume();
    recordWithoutAnAnswer(10s);
    const auto first = sent;

    recordWithoutAnAnswer(50s);

    ASSERT_GT(first.size(), 10U) << "more than the window at once";
    for (const auto& [seq, times] : first) {
        EXPECT_GE(sent[seq].size(), 2U) << seq;
    }
}

TEST_F(RepeatsTest, LeaveNewRecordsTheirShare) {
    resume();
    std::size_t before = 0;

    for (int i = 0; i < 20; ++i) {
        recordWithoutAnAnswer(4s);

        // A quarter of the window at least, anew with each time-out.
        EXPECT_GE(sent.size(), before + 2) << i;
        before = sent.size();
    }
}

TEST_F(RepeatsTest, OfMoreThanFillTheirShareDoNotHoldUpASingleNewRecord) {
    add(40);
    resume();
    host.pass(2min);
    batches();

    add(1);
    host.feed(RecordAdded{});
    host.pass(50ms);

    EXPECT_THAT(batches(), Contains(Contains(41U)));
}

TEST_F(RepeatsTest, OfARecordThatDoesNotWaitAnyMoreAreNone) {
    add(2);
    resume();
    batches();
    const SeqRange answeredElsewhere{1, 1};
    ASSERT_TRUE(host.outbox.markReceived({&answeredElsewhere, 1}));

    host.pass(4s);

    EXPECT_THAT(batches(), Each(testing::ElementsAre(2U)));
    acknowledge({{2, 2}});
    host.pass(1min);
    EXPECT_THAT(batches(), testing::IsEmpty());
    EXPECT_EQ(host.pump.nextWake(), Instant::max());
}

}  // namespace
}  // namespace tapport::agent
