// SPDX-License-Identifier: GPL-3.0-or-later
// The runner against a real broker and a tiny hub: what the pump decides happens.
#include "sync/agent/runner.h"

#include "sync/program/program.h"
#include "tests/support/interceptor.h"
#include "tests/sync/agent/refusing_broker.h"
#include "tests/sync/agent/runner_fixture.h"

#include <array>

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;
using support::waitUntil;

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
    options.connectTimeout = support::kPatience;
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

}  // namespace
}  // namespace tapport::agent
