// SPDX-License-Identifier: GPL-3.0-or-later
// The runner against a real broker and a tiny hub: what the pump decides happens.
#include "sync/agent/runner.h"

#include "sync/program/program.h"
#include "sync/receipt/keys.h"
#include "sync/seal/seal.h"
#include "tests/support/fake_outbox.h"
#include "tests/support/fake_sink.h"
#include "tests/support/interceptor.h"
#include "tests/support/mosquitto.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"
#include "tests/sync/agent/refusing_broker.h"
#include "tests/sync/agent/tiny_hub.h"

#include <array>

#include <gtest/gtest.h>

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;
using support::waitUntil;

class AgentRunnerTest : public testing::Test {
  protected:
    AgentRunnerTest() { EXPECT_TRUE(seal::initialise()); }

    AgentOptions options() const {
        AgentOptions options;
        options.pump.sign = signerWith(kiosk_);
        options.isHubs = [this](const record::Signature& signature, ByteView covered) {
            return receipt::fits(signature, covered, hubKeys_.publicKey);
        };
        options.broker.port = broker_.port();
        options.pump.event = {"demo-2026"};
        options.pump.kiosk = {"kiosk-1"};
        options.pump.bootSpread = 0ms;
        return options;
    }
    std::unique_ptr<AgentRunner> startRunner() { return startRunner(options()); }
    std::unique_ptr<AgentRunner> startRunner(const AgentOptions& options) {
        return std::make_unique<AgentRunner>(options, outbox_, [this](const AgentStatus& status) {
            const std::lock_guard lock(mutex_);
            status_ = status;
        });
    }
    static wire::Signer signerWith(const receipt::SigningKeys& keys) {
        return [keys](ByteView covered) { return receipt::signMessage(covered, keys); };
    }
    std::unique_ptr<TinyHub> startHub() const {
        return std::make_unique<TinyHub>(broker_.port(), signerWith(hubKeys_));
    }
    AgentStatus status() const {
        const std::lock_guard lock(mutex_);
        return status_;
    }
    bool everythingIsReceived(std::uint64_t rows) {
        const auto counts = outbox_.counts();
        return counts && counts->received == rows && counts->waiting == 0;
    }

    support::TempDir dir_;
    support::Mosquitto broker_{dir_ / "broker"};
    support::FakeOutbox outbox_;
    const receipt::SigningKeys kiosk_ = receipt::makeSigningKeys();
    const receipt::SigningKeys hubKeys_ = receipt::makeSigningKeys();

  private:
    mutable std::mutex mutex_;
    AgentStatus status_;
};

TEST_F(AgentRunnerTest, DeliversWhatWaitedAndWhatComes) {
    const auto hub = startHub();
    for (int i = 0; i < 300; ++i) {
        outbox_.add();
    }

    const auto runner = startRunner();
    ASSERT_TRUE(waitUntil([&] { return everythingIsReceived(300); }));
    outbox_.add(support::FakeOutbox::Urgency::Urgent, 1000);
    runner->recordAdded();

    EXPECT_TRUE(waitUntil([&] { return everythingIsReceived(301); }));
    EXPECT_EQ(hub->units().at(301), Bytes(1000, static_cast<std::uint8_t>(301)));
    EXPECT_TRUE(waitUntil([&] { return status().counts.received == 301; }));
    EXPECT_TRUE(status().isConnected);
    EXPECT_TRUE(status().isHubOnline);
}

TEST_F(AgentRunnerTest, LosesNothingWhenTheBrokerIsKilledInMidDrain) {
    constexpr std::uint64_t kRows = 20'000;
    const auto hub = startHub();
    for (std::uint64_t i = 0; i < kRows; ++i) {
        outbox_.add(support::FakeOutbox::Urgency::Ordinary, 300);
    }
    // The broker dies in mid-drain, however fast that is.
    constexpr std::array<std::size_t, 3> kTakes{1000, 8000, kRows};
    hub->takeUpTo(kTakes.front());
    const auto runner = startRunner();

    for (std::size_t i = 0; i + 1 < kTakes.size(); ++i) {
        ASSERT_TRUE(waitUntil([&] { return hub->held() >= kTakes.at(i); }));
        broker_.kill();
        ASSERT_TRUE(waitUntil([&] { return !status().isConnected; }));
        ASSERT_LT(hub->held(), kRows);
        hub->takeUpTo(kTakes.at(i + 1));
        broker_.start();
    }

    EXPECT_TRUE(waitUntil([&] { return everythingIsReceived(kRows); }));
    EXPECT_EQ(hub->held(), kRows);
}

TEST_F(AgentRunnerTest, WaitsForAHubThatIsAway) {
    outbox_.add();
    const auto runner = startRunner();
    ASSERT_TRUE(waitUntil([&] { return status().isConnected; }));
    EXPECT_FALSE(status().isHubOnline);

    const auto hub = startHub();

    EXPECT_TRUE(waitUntil([&] { return everythingIsReceived(1); }));
}

TEST_F(AgentRunnerTest, LeavesItsPresenceWithTheBroker) {
    const auto hub = startHub();
    auto runner = startRunner();

    ASSERT_TRUE(waitUntil([&] {
        return hub->kioskState() && hub->kioskState()->presence == wire::Presence::Online;
    }));
    const auto connection = hub->kioskState()->connection;
    runner.reset();

    EXPECT_TRUE(waitUntil([&] { return hub->kioskState()->presence == wire::Presence::Offline; }));
    EXPECT_EQ(hub->kioskState()->connection, connection);
}

TEST_F(AgentRunnerTest, SaysAgainThatItIsThereToAHubThatComes) {
    auto hub = startHub();
    const auto runner = startRunner();
    ASSERT_TRUE(waitUntil([&] { return status().isHubOnline; }));
    mqtt::Options options;
    options.port = broker_.port();
    options.clientId = "looker-on";
    mqtt::Client lookerOn(options);
    lookerOn.connect(std::nullopt);
    const auto next = [&] { return lookerOn.next(std::chrono::steady_clock::now() + 100ms); };
    ASSERT_TRUE(waitUntil([&] { return next() && lookerOn.isConnected(); }));
    ASSERT_TRUE(lookerOn.subscribe(std::string(wire::kStateFilter)));
    const auto arrives = [&](bool isRetained) {
        const auto event = next();
        const auto* arrived = event ? std::get_if<mqtt::Arrived>(&*event) : nullptr;
        return arrived != nullptr && arrived->isRetained == isRetained &&
               wire::decodeKioskState(arrived->payload)->presence == wire::Presence::Online;
    };
    ASSERT_TRUE(waitUntil([&] { return arrives(true); })) << "what the broker kept";

    hub.reset();
    hub = startHub();

    EXPECT_TRUE(waitUntil([&] { return arrives(false); }));
}

TEST_F(AgentRunnerTest, TellsWhatTheHubsClockSays) {
    const auto before = program::readClocks().monotonic;
    const auto hub = startHub();
    const auto runner = startRunner();

    ASSERT_TRUE(waitUntil([&] { return status().hubTime.has_value(); }));

    EXPECT_EQ(status().hubTime->wall, TinyHub::kHubTime);
    EXPECT_GE(status().hubTime->monotonic, before);
    EXPECT_LE(status().hubTime->monotonic, program::readClocks().monotonic);
}

TEST_F(AgentRunnerTest, ReportsAnOutboxThatFailsAndGoesOn) {
    const auto hub = startHub();
    outbox_.add();
    outbox_.failNext(3);

    const auto runner = startRunner();

    EXPECT_TRUE(waitUntil([&] { return everythingIsReceived(1); }));
}

TEST_F(AgentRunnerTest, StopsSoonWhateverTheNetworkDoes) {
    for (const bool isBrokerThere : {true, false}) {
        if (!isBrokerThere) {
            broker_.kill();
        }
        auto runner = startRunner();
        ASSERT_TRUE(waitUntil(
            [&] { return isBrokerThere ? status().isConnected : status().trouble.has_value(); }));

        const auto before = std::chrono::steady_clock::now();
        runner->stop();
        runner.reset();

        EXPECT_LT(std::chrono::steady_clock::now() - before, support::kSoon) << isBrokerThere;
    }
}

TEST_F(AgentRunnerTest, NoticesAHalfOpenConnectionWithinAKeepAliveAndDelivers) {
    const auto hub = startHub();
    support::Interceptor link(broker_.port());
    AgentOptions behind = options();
    behind.broker.port = link.port();
    behind.broker.keepAlive = 4s;
    const auto runner = startRunner(behind);
    ASSERT_TRUE(waitUntil([&] { return status().isHubOnline; }));

    link.set(support::Interceptor::Mode::Swallow);
    const auto before = std::chrono::steady_clock::now();
    outbox_.add();
    runner->recordAdded();
    ASSERT_TRUE(waitUntil([&] { return !status().isConnected; }));
    EXPECT_LT(std::chrono::steady_clock::now() - before, behind.broker.keepAlive + support::kSoon);
    link.set(support::Interceptor::Mode::Pass);

    EXPECT_TRUE(waitUntil([&] { return everythingIsReceived(1); }));
}

TEST_F(AgentRunnerTest, SaysThatWhatAnswersIsNoBrokerAndDeliversOnceItIs) {
    const auto hub = startHub();
    support::Interceptor link(broker_.port());
    link.set(support::Interceptor::Mode::Portal);
    AgentOptions behind = options();
    behind.broker.port = link.port();
    outbox_.add();

    const auto runner = startRunner(behind);
    ASSERT_TRUE(waitUntil([&] { return link.connections() >= 2; })) << "tries again";
    EXPECT_TRUE(waitUntil([&] {
        const auto trouble = status().trouble;
        return trouble && trouble->context.find("captive portal") != std::string::npos;
    }));
    link.set(support::Interceptor::Mode::Pass);

    EXPECT_TRUE(waitUntil([&] { return everythingIsReceived(1); }));
}

TEST_F(AgentRunnerTest, BelievesNoAcknowledgementThatTheHubDidNotSign) {
    const TinyHub forger(broker_.port(), signerWith(receipt::makeSigningKeys()));
    outbox_.add();

    const auto runner = startRunner();

    ASSERT_TRUE(waitUntil([&] { return status().forgeries > 0; }));
    EXPECT_EQ(status().trouble->code, Code::Crypto);
    EXPECT_EQ(outbox_.counts()->waiting, 1U);
}

TEST_F(AgentRunnerTest, ComesAgainWhenASubscriptionIsRefused) {
    const RefusingBroker refusing;
    AgentOptions wrong = options();
    wrong.broker.port = refusing.port();
    wrong.broker.version = mqtt::Version::V311;

    const auto runner = startRunner(wrong);

    EXPECT_TRUE(waitUntil([&] { return refusing.connections() >= 3; }))
        << "an acknowledgement could never reach it";
    EXPECT_TRUE(waitUntil([&] {
        const auto trouble = status().trouble;  // none in the moment in which it is connected
        return trouble && trouble->code == Code::Network;
    }));
}

class DenyingBroker : public testing::Test {
  protected:
    static std::filesystem::path accessList(const std::filesystem::path& file) {
        support::writeFile(file, "topic read tapport/1/hub\n");
        return file;
    }
    support::TempDir dir_;
    support::Mosquitto broker_{dir_ / "broker",
                               "acl_file " + accessList(dir_ / "access-list").string()};
};

TEST_F(DenyingBroker, IsReportedAsTrouble) {
    support::FakeOutbox outbox;
    AgentOptions options;
    options.broker.port = broker_.port();
    options.pump.kiosk = {"kiosk-1"};
    options.pump.bootSpread = 0ms;
    options.pump.sign = [](ByteView) { return record::Signature{}; };
    options.isHubs = [](const record::Signature&, ByteView) { return false; };
    std::atomic<bool> isReported{false};

    const AgentRunner runner(options, outbox, [&](const AgentStatus& status) {
        isReported = isReported || (status.trouble &&
                                    status.trouble->context.find("refuses") != std::string::npos);
    });

    EXPECT_TRUE(waitUntil([&] { return isReported.load(); }));
}

wire::DownChunk chunkOf(std::uint64_t from, std::uint64_t through, std::uint8_t key) {
    return {{"demo-2026"}, {"kiosk-1"}, TinyHub::epoch(),
            from,          through,     {{wire::ItemKind::Vault, Bytes(16, key), Bytes(300, key)}}};
}

TEST_F(AgentRunnerTest, TakesWhatTheHubTellsChunkByChunk) {
    const auto hub = startHub();
    support::FakeSink sink;
    AgentOptions listening = options();
    listening.sink = &sink;
    hub->tell({chunkOf(0, 3, 1), chunkOf(3, 4, 2), chunkOf(4, 9, 3)});

    const auto runner = startRunner(listening);

    EXPECT_TRUE(waitUntil([&] { return hub->has() == wire::DownState{TinyHub::epoch(), 9}; }));
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

    EXPECT_TRUE(waitUntil([&] { return hub->has().version == 4; }));
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

        runner.leave();
        ASSERT_TRUE(waitUntil([&] {
            return hub->kioskState() && hub->kioskState()->presence == wire::Presence::Offline;
        })) << "which it says behind it";

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
