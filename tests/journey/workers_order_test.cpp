// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever becomes of a worker: nothing that a kiosk sent once comes behind what it sent later.
#include "tests/journey/workers_journey.h"

#include <csignal>

namespace tapport::journey {
namespace {

/// Kiosks that send on without waiting for an answer, each over a connection of its own, and know
/// what they had to send again: only that may come late.
class KiosksThatSendOn : public WorkersJourney {
  protected:
    void connect() {
        for (std::size_t i = 0; i < kKiosks; ++i) {
            ends_.push_back(std::make_unique<KioskEnd>(site_, kiosks_[i], keys_[i]));
        }
        sendOn(1);
        ASSERT_TRUE(support::waitUntil([&] { return isAnswered(1, 1); }));
    }
    /// So many records more of each kiosk, each in a message of its own, all under way at once.
    void sendOn(int count) {
        for (int n = 0; n < count; ++n) {
            ++recorded_;
            for (std::size_t i = 0; i < kKiosks; ++i) {
                wire::Batch batch = batchOf(static_cast<int>(i), recorded_);
                ends_[i]->send(batch);
                sent_[i].push_back(batch);
                unanswered_[i].insert(recorded_);
            }
        }
    }
    /// Hears what has come; true when all of these records are answered.
    bool isAnswered(std::uint64_t from, std::uint64_t through) {
        bool isAll = true;
        for (std::size_t i = 0; i < kKiosks; ++i) {
            while (const auto ack = ends_[i]->ack(std::chrono::milliseconds(1))) {
                const record::SeqRanges received = ends_[i]->received(*ack);
                std::erase_if(unanswered_[i], [&](auto seq) { return received.contains(seq); });
            }
            const auto next = unanswered_[i].lower_bound(from);
            isAll = isAll && (next == unanswered_[i].end() || *next > through);
        }
        return isAll;
    }
    /// Sends what is not answered up to there, as kiosks do after their time-out, until it is.
    bool sendAgain(std::uint64_t through) {
        return support::waitUntil([&] {
            (void)isAnswered(1, through);  // hears first what has come
            for (std::size_t i = 0; i < kKiosks; ++i) {
                for (const std::uint64_t seq : unanswered_[i]) {
                    if (seq <= through) {
                        const wire::Batch& batch = sent_[i][seq - 1];
                        ends_[i]->send(batch);
                        again_.insert(batch.runs.front().units.front().id);
                    }
                }
            }
            return support::waitUntil([&] { return isAnswered(1, through); }, kTimeOut);
        });
    }
    /// Until each kiosk is served by somebody: known by the answer to a record that has long been
    /// there, which changes the order of nothing.
    bool isServed() {
        for (auto& unanswered : unanswered_) {
            unanswered.insert(1);
        }
        return sendAgain(1);
    }

    std::vector<std::unique_ptr<KioskEnd>> ends_;
    std::array<std::vector<wire::Batch>, kKiosks> sent_;
    std::array<std::set<std::uint64_t>, kKiosks> unanswered_;
    std::set<record::RecordId> again_;
};

TEST_F(KiosksThatSendOn, WhatAFrozenWorkerHasInItsHandsDoesNotComeBehindWhatCameSince) {
    const auto one = start("one");
    const auto two = start("two");
    ASSERT_TRUE(isShared());
    connect();

    two->signal(SIGSTOP);
    sendOn(4);
    ASSERT_TRUE(holdsAll("one"));
    ASSERT_TRUE(isServed());
    ASSERT_FALSE(isAnswered(2, 5)) << "the frozen one has them";
    sendOn(4);
    ASSERT_TRUE(support::waitUntil([&] { return isAnswered(6, 9); }));
    two->signal(SIGCONT);

    ASSERT_TRUE(isShared()) << "by now it has done with them what it will";
    EXPECT_TRUE(sendAgain(recorded_));
    expectEverythingOnce(again_);
}

TEST_F(KiosksThatSendOn, WhatIsUnderWayWhileShardsMoveComesInItsOrder) {
    const auto one = start("one");
    auto two = start("two");
    ASSERT_TRUE(isShared());
    connect();

    for (int turn = 0; turn < 4; ++turn) {
        sendOn(4);
        if (turn % 2 == 0) {
            EXPECT_EQ(two->terminate(), 0);
        } else {
            two = start("two");
        }
        sendOn(4);
        ASSERT_TRUE(turn % 2 == 0 ? holdsAll("one") : isShared());
        EXPECT_TRUE(sendAgain(recorded_));
    }

    expectEverythingOnce(again_);
}

}  // namespace
}  // namespace tapport::journey
