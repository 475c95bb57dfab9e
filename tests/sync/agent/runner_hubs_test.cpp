// SPDX-License-Identifier: GPL-3.0-or-later
// Which hub a runner heeds: what was announced, what answers, and what speaks besides need not be
// one and the same.
#include "tests/sync/agent/runner_fixture.h"

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;
using support::waitUntil;

constexpr std::uint64_t kRows = 3;

class AgentRunnerHubs : public AgentRunnerTest {
  protected:
    AgentRunnerHubs() {
        options.pump.announcePatience = 50ms;
        options.isEnding = [] { return true; };
        options.onDrained = [this](const DrainProof&) { ++proofs; };
        for (std::uint64_t i = 0; i < kRows; ++i) {
            outbox_.add();
        }
    }
    TinyHub makeHub(TinyHub::Announced announced = TinyHub::Announced::Yes) const {
        return {broker_.port(), signerWith(hubKeys_), announced};
    }
    std::unique_ptr<AgentRunner> startRunner() {
        return std::make_unique<AgentRunner>(options, outbox_, [this](const AgentStatus& status) {
            forgeries = status.forgeries;
            isHubOnline = status.isHubOnline;
        });
    }
    bool everythingIsReceived() {
        const auto counts = outbox_.counts();
        return counts && counts->received == kRows && counts->waiting == 0;
    }
    /// In this order, from a client that is not the hub's.
    void say(std::vector<mqtt::Message> messages) const {
        mqtt::Options strangers;
        strangers.port = broker_.port();
        strangers.clientId = "stranger";
        strangers.connectTimeout = support::kPatience;
        mqtt::Client stranger(strangers);
        stranger.connect(std::nullopt);
        ASSERT_TRUE(stranger.next(std::chrono::steady_clock::now() + support::kPatience));
        for (const mqtt::Message& message : messages) {
            ASSERT_TRUE(stranger.publish(message));
        }
        std::size_t taken = 0;
        ASSERT_TRUE(waitUntil([&] {
            const auto event = stranger.next(std::chrono::steady_clock::now() + 100ms);
            taken += event && std::holds_alternative<mqtt::Published>(*event) ? 1 : 0;
            return taken == messages.size();
        }));
    }
    /// The answer to a hello of one that holds all of it, opened and backed up.
    Bytes proof(const wire::HubEpoch& hub, const receipt::SigningKeys& keys) {
        const OutboxEpoch epoch = outbox_.epochs().value().back();
        wire::Ack ack;
        ack.hub = hub;
        ack.epoch = epoch.epoch;
        ack.received.add({1, epoch.last});
        ack.completeThrough = epoch.last;
        ack.prefix = {epoch.last, epoch.lastChain};
        ack.watermark = epoch.last;
        return wire::encode(ack, signerWith(keys));
    }
    static wire::DownChunk chunkOf(const wire::HubEpoch& hub, std::uint64_t through,
                                   std::uint8_t key) {
        return {{"demo-2026"}, {"kiosk-1"},
                hub,           {},
                {through, 0},  {{wire::ItemKind::Vault, Bytes(16, key), Bytes(9, 1)}}};
    }

    const wire::HubEpoch earlierHub = *wire::HubEpoch::from(Bytes(wire::HubEpoch::kSize, 8));
    AgentOptions options = AgentRunnerTest::options();
    std::atomic<int> proofs{0};
    std::atomic<std::uint64_t> forgeries{0};
    std::atomic<bool> isHubOnline{false};
};

TEST_F(AgentRunnerHubs, TheEventEndsWithOneThatNobodyAnnounces) {
    TinyHub hub = makeHub(TinyHub::Announced::No);
    options.askAgain = 100ms;
    const auto runner = startRunner();
    ASSERT_TRUE(waitUntil([&] { return everythingIsReceived(); }));
    EXPECT_EQ(proofs, 0);

    hub.backUp(kRows);
    ASSERT_TRUE(waitUntil([&] { return proofs > 0; })) << "it is asked again";
    runner->leave();

    EXPECT_TRUE(waitUntil([&] { return hub.farewells() == 1; }));
}

TEST_F(AgentRunnerHubs, WhatAnEarlierOneHeldProvesNothing) {
    options.askAgain = 100ms;
    options.pump.shortestTimeOut = options.pump.longestTimeOut;
    say({{std::string(wire::kHubTopic),
          encode(wire::HubState{wire::Presence::Online, TinyHub::epoch()}), mqtt::Retain::Yes}});
    const auto runner = startRunner();
    ASSERT_TRUE(waitUntil([&] { return isHubOnline.load(); }))
        << "it is asked, and does not answer";
    const std::string topic = wire::ackTopic(options.pump.kiosk);

    say({{topic, proof(earlierHub, hubKeys_), mqtt::Retain::No},
         {topic, proof(earlierHub, receipt::makeSigningKeys()), mqtt::Retain::No}});
    ASSERT_TRUE(waitUntil([&] { return forgeries == 1; })) << "the last of them";

    EXPECT_EQ(proofs, 0);
    TinyHub hub = makeHub();
    hub.backUp(kRows);
    EXPECT_TRUE(waitUntil([&] { return proofs > 0; })) << "the control";
}

TEST_F(AgentRunnerHubs, WhatAnEarlierOneToldIsNotTaken) {
    support::FakeSink sink;
    options.sink = &sink;
    const TinyHub hub = makeHub();
    const auto runner = startRunner();
    ASSERT_TRUE(waitUntil([&] { return isHubOnline.load(); }));
    const std::string topic = wire::downTopic(options.pump.kiosk);

    say({{topic, encode(chunkOf(earlierHub, 4, 1), signerWith(hubKeys_)), mqtt::Retain::No},
         {topic, encode(chunkOf(TinyHub::epoch(), 5, 2), signerWith(hubKeys_)), mqtt::Retain::No}});
    ASSERT_TRUE(waitUntil([&] { return hub.has().version.urgent == 5; }));

    EXPECT_EQ(hub.downAcks(), 1U);
    EXPECT_EQ(sink.items().size(), 1U);
}

}  // namespace
}  // namespace tapport::agent
