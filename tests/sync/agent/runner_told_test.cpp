// SPDX-License-Identifier: GPL-3.0-or-later
// What the hub tells a runner, and what ends with the event.
#include "tests/sync/agent/runner_fixture.h"

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;
using support::waitUntil;

wire::DownChunk chunkOf(std::uint64_t from, std::uint64_t through, std::uint8_t key) {
    return {{"demo-2026"},    {"kiosk-1"},
            TinyHub::epoch(), {from, 0},
            {through, 0},     {{wire::ItemKind::Vault, Bytes(16, key), Bytes(300, key)}}};
}

TEST_F(AgentRunnerTest, TakesWhatTheHubTellsChunkByChunk) {
    const auto hub = startHub();
    support::FakeSink sink;
    AgentOptions listening = options();
    listening.sink = &sink;
    hub->tell({chunkOf(0, 3, 1), chunkOf(3, 4, 2), chunkOf(4, 9, 3)});

    const auto runner = startRunner(listening);

    EXPECT_TRUE(waitUntil([&] { return hub->has() == wire::DownState{TinyHub::epoch(), {9, 0}}; }));
    EXPECT_EQ(sink.items().size(), 3U);
    EXPECT_EQ(status().forgeries, 0U);
}

TEST_F(AgentRunnerTest, SaysInItsHelloWhatItHasOfThatHub) {
    support::FakeSink sink;
    ASSERT_TRUE(sink.apply(chunkOf(0, 3, 1)));
    AgentOptions listening = options();
    listening.sink = &sink;
    const auto hub = startHub();
    hub->tell({chunkOf(0, 3, 9), chunkOf(3, 4, 2)});

    const auto runner = startRunner(listening);

    EXPECT_TRUE(waitUntil([&] { return hub->has().version.urgent == 4; }));
    EXPECT_EQ(sink.items().count({wire::ItemKind::Vault, Bytes(16, 9)}), 0U) << "no reload";
}

TEST_F(AgentRunnerTest, HeedsNoChunkOfAnotherSignerEventOrKiosk) {
    support::FakeSink sink;
    AgentOptions listening = options();
    listening.sink = &sink;
    wire::DownChunk othersEvent = chunkOf(0, 1, 1);
    othersEvent.event = {"other-2026"};
    wire::DownChunk othersKiosk = chunkOf(0, 1, 2);
    othersKiosk.kiosk = {"kiosk-2"};
    const TinyHub hub(broker_.port(), signerWith(hubKeys_));
    const auto runner = startRunner(listening);
    ASSERT_TRUE(waitUntil([&] { return status().isHubOnline; }));

    mqtt::Options options;
    options.port = broker_.port();
    options.clientId = "stranger";
    options.connectTimeout = support::kPatience;
    mqtt::Client stranger(options);
    stranger.connect(std::nullopt);
    ASSERT_TRUE(stranger.next(std::chrono::steady_clock::now() + support::kPatience));
    const std::string topic = wire::downTopic({"kiosk-1"});
    for (const auto& payload :
         {encode(chunkOf(0, 1, 3), signerWith(kiosk_)), encode(othersEvent, signerWith(hubKeys_)),
          encode(othersKiosk, signerWith(hubKeys_)),
          encode(chunkOf(0, 5, 4), signerWith(hubKeys_))}) {
        ASSERT_TRUE(stranger.publish({topic, payload, mqtt::Retain::No}));
    }

    ASSERT_TRUE(waitUntil([&] { return hub.downAcks() == 1; })) << "the last is the hub's";
    EXPECT_EQ(sink.items().size(), 1U);
    EXPECT_TRUE(waitUntil([&] { return status().forgeries == 1; }));
}

TEST_F(AgentRunnerTest, EndsTheEventOnceAllOfItIsBackedUpAndNotBefore) {
    const auto hub = startHub();
    std::atomic<int> proofs{0};
    AgentOptions ending = options();
    ending.isEnding = [] { return true; };
    ending.askAgain = 100ms;
    ending.onDrained = [&](const DrainProof& proof) {
        EXPECT_TRUE(proof.covers(outbox_.epochs().value()));
        ++proofs;
    };
    for (int i = 0; i < 30; ++i) {
        outbox_.add();
    }

    const auto runner = startRunner(ending);
    ASSERT_TRUE(waitUntil([&] { return everythingIsReceived(30); }));
    hub->backUp(29);
    // The answer to the one before the last was heeded before the last was asked.
    const std::size_t asked = hub->hellos();
    ASSERT_TRUE(waitUntil([&] { return hub->hellos() >= asked + 3; }));
    EXPECT_EQ(proofs, 0);
    hub->backUp(30);

    EXPECT_TRUE(waitUntil([&] { return proofs > 0; }));
}

TEST_F(AgentRunnerTest, SaysFarewellWhereTheEventIsOverAndOnlyThere) {
    const auto hub = startHub();
    AgentOptions options = this->options();
    std::atomic<bool> isOver{false};
    options.isEnding = [&] { return isOver.load(); };
    for (const bool isOverNow : {false, true}) {
        isOver = isOverNow;
        std::atomic<bool> isOnline{false};
        AgentRunner runner(options, outbox_,
                           [&](const AgentStatus& status) { isOnline = status.isHubOnline; });
        ASSERT_TRUE(waitUntil([&] { return isOnline.load(); }));
        const auto hears = [&](wire::Presence presence) {
            const auto state = hub->kioskState();
            return state && state->presence == presence;
        };
        ASSERT_TRUE(waitUntil([&] { return hears(wire::Presence::Online); }))
            << "else it hears the goodbye of the one before";

        runner.leave();
        ASSERT_TRUE(waitUntil([&] { return hears(wire::Presence::Offline); }))
            << "which it says behind it";

        EXPECT_EQ(hub->farewells(), isOverNow ? 1U : 0U);
    }
}

TEST_F(AgentRunnerTest, DrainsWhileItsSinkFails) {
    const auto hub = startHub();
    support::FakeSink sink;
    sink.failFromNowOn();
    AgentOptions listening = options();
    listening.sink = &sink;
    hub->tell({chunkOf(0, 3, 1)});
    outbox_.add();

    const auto runner = startRunner(listening);

    EXPECT_TRUE(waitUntil([&] { return everythingIsReceived(1); }));
    EXPECT_EQ(hub->downAcks(), 0U);
}

}  // namespace
}  // namespace tapport::agent
