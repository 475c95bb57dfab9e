// SPDX-License-Identifier: GPL-3.0-or-later
// Three days without a network, in the pump's own time.
#include "tests/sync/agent/pump_fixture.h"

#include <set>

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;

constexpr auto kOffline = 72h;

class OfflinePumpTest : public OutboxPumpTest {
  protected:
    /// A visit a minute; no broker answers.
    void recordWithoutANetwork() {
        int tried = 0;
        const Instant end = host.now.steady + kOffline;
        for (int second = 0; host.now.steady < end; ++second) {
            if (second % 60 == 0) {
                add(1);
                host.feed(RecordAdded{});
            }
            host.pass(1s);
            if (host.connects > tried) {
                tried = host.connects;
                host.feed(BrokerLost{});
            }
        }
    }
    /// As a hub that takes everything; gives how often each position came.
    std::map<std::uint64_t, int> drain() {
        std::map<std::uint64_t, int> sent;
        for (auto now = batches(); !now.empty(); now = batches()) {
            for (const auto& batch : now) {
                for (const std::uint64_t seq : batch) {
                    ++sent[seq];
                }
                acknowledge({{batch.front(), batch.back()}});
            }
        }
        return sent;
    }
};

TEST_F(OfflinePumpTest, ThreeDaysOfVisitsAreDeliveredOnceWithinABackOffOfTheNetworksReturn) {
    constexpr std::uint64_t kVisits = kOffline / 1min;
    host.feed(Started{});

    recordWithoutANetwork();

    EXPECT_TRUE(messages().empty());
    // Half of 30 s each time, with this randomness: neither given up nor hurried.
    EXPECT_NEAR(host.connects, kOffline / 15s, kOffline / 150s);
    const int before = host.connects;
    host.pass(30s);
    ASSERT_GT(host.connects, before);
    host.feed(BrokerConnected{});
    announceHub(wire::Presence::Online);
    EXPECT_EQ(hellos().size(), 1U);
    answerHello({});
    const auto sent = drain();
    EXPECT_EQ(sent.size(), kVisits);
    for (const auto& [seq, times] : sent) {
        EXPECT_EQ(times, 1) << seq;
    }
    EXPECT_EQ(host.outbox.counts()->received, kVisits);
}

TEST_F(OfflinePumpTest, ALinkThatStaysHalfOpenForThreeDaysCostsASendingAMinute) {
    resume();
    add(1);
    host.feed(RecordAdded{});

    host.pass(kOffline);

    const auto sent = batches().size();
    EXPECT_GE(sent, static_cast<std::size_t>(kOffline / 1min) - 10);
    EXPECT_LE(sent, static_cast<std::size_t>(kOffline / 1min) + 10);
    acknowledge({{1, 1}});
    EXPECT_EQ(host.outbox.counts()->received, 1U);
}

}  // namespace
}  // namespace tapport::agent
