// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's end of a real broker, with the store's part played by the test.
#include "sync/hub/run/broker_link.h"

#include "sync/program/log.h"
#include "tests/support/mosquitto.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

#include <atomic>
#include <future>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

// With nothing under way it takes a second: Paho's threads end.
constexpr std::chrono::milliseconds kLongerThanAnEnd{2500};

class BrokerLinkTest : public testing::Test {
  protected:
    mqtt::Options optionsFor(const std::string& clientId) const {
        mqtt::Options options;
        options.port = broker_.port();
        options.clientId = clientId;
        options.connectTimeout = support::kPatience;
        return options;
    }
    std::unique_ptr<BrokerLink> link() {
        return std::make_unique<BrokerLink>(
            optionsFor("hub"), wire::HubEpoch{}, BrokerLink::Filters{"tapport/1/up/+/+"},
            [this](const std::vector<Decoded>& messages, BrokerLink::Answered answered) {
                const std::lock_guard lock(mutex_);
                rounds_.push_back(messages.size());
                answered_ = std::move(answered);
            },
            [] { return std::vector<Message>{}; });
    }
    void connect() {
        kiosk_.connect(std::nullopt);
        ASSERT_TRUE(support::waitUntil([&] { return kiosk_.isConnected(); }));
        ASSERT_TRUE(kiosk_.subscribe("tapport/1/ack/kiosk-1"));
        ASSERT_TRUE(next<mqtt::Subscribed>());
    }
    void send() {
        ASSERT_TRUE(kiosk_.publish({"tapport/1/up/26/kiosk-1", Bytes{1, 2, 3}, mqtt::Retain::No}));
        ASSERT_TRUE(next<mqtt::Published>());
    }
    template <typename Wanted>
    std::optional<Wanted> next() {
        const auto deadline = std::chrono::steady_clock::now() + support::kPatience;
        while (const auto event = kiosk_.next(deadline)) {
            if (const auto* wanted = std::get_if<Wanted>(&*event)) {
                return *wanted;
            }
        }
        return std::nullopt;
    }
    bool awaitRounds(std::size_t count) {
        return support::waitUntil([&] {
            const std::lock_guard lock(mutex_);
            return rounds_.size() == count;
        });
    }
    void answer(Bytes payload) {
        Taken taken;
        taken.answers.push_back({"tapport/1/ack/kiosk-1", std::move(payload)});
        give(std::move(taken));
    }
    void give(Result<Taken> taken) {
        BrokerLink::Answered answered;
        {
            const std::lock_guard lock(mutex_);
            answered = std::exchange(answered_, nullptr);
        }
        answered(std::move(taken));
    }

    support::TempDir dir_;
    support::Mosquitto broker_{dir_ / "broker"};
    mqtt::Client kiosk_{optionsFor("kiosk-1")};
    std::mutex mutex_;
    std::vector<std::size_t> rounds_;  ///< messages in each
    BrokerLink::Answered answered_;
};

TEST_F(BrokerLinkTest, WhatComesWhileARoundIsTakenIsTheNextRound) {
    const auto hub = link();
    ASSERT_TRUE(support::waitUntil([&] { return hub->isOnline(); }));
    connect();
    send();
    ASSERT_TRUE(awaitRounds(1));

    send();
    answer({1});
    const auto first = next<mqtt::Arrived>();
    ASSERT_TRUE(awaitRounds(2));
    answer({2});
    const auto second = next<mqtt::Arrived>();

    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->payload, Bytes{1});
    EXPECT_EQ(second->payload, Bytes{2});
    EXPECT_EQ(rounds_, (std::vector<std::size_t>{1, 1}));
}

TEST_F(BrokerLinkTest, EndsOnlyWhenWhatItHandedOverIsAnswered) {
    auto hub = link();
    ASSERT_TRUE(support::waitUntil([&] { return hub->isOnline(); }));
    connect();
    send();
    ASSERT_TRUE(awaitRounds(1));

    std::atomic<bool> hasEnded{false};
    std::thread ending([&] {
        hub.reset();
        hasEnded = true;
    });
    EXPECT_FALSE(support::waitUntil([&] { return hasEnded.load(); }, kLongerThanAnEnd));
    answer({1});
    ending.join();

    EXPECT_TRUE(next<mqtt::Arrived>());
}

TEST_F(BrokerLinkTest, AFullDiskDoesNotFillTheLog) {
    testing::internal::CaptureStderr();
    program::startLogging("tapport-hub", "error");
    auto hub = link();
    ASSERT_TRUE(support::waitUntil([&] { return hub->isOnline(); }));
    connect();

    for (std::size_t round = 1; round <= 20; ++round) {
        send();
        ASSERT_TRUE(awaitRounds(round));
        give(fail(Code::StorageFull, "take: database or disk is full"));
    }
    hub.reset();

    const std::string log = testing::internal::GetCapturedStderr();
    const std::string line = "nothing acknowledged: take: database or disk is full\n";
    EXPECT_NE(log.find(line), std::string::npos) << log;
    EXPECT_EQ(log.find(line), log.rfind(line)) << log;
}

TEST_F(BrokerLinkTest, ABrokerThatRefusesWhatIsPublishedDoesNotFillTheLog) {
    support::writeFile(dir_ / "acl", "topic read #\n");
    const support::Mosquitto mute(dir_ / "mute", "acl_file " + (dir_ / "acl").string());
    mqtt::Options options = optionsFor("hub");
    options.port = mute.port();
    std::atomic<int> told{0};
    testing::internal::CaptureStderr();
    program::startLogging("tapport-hub", "error");
    {
        BrokerLink hub(
            options, wire::HubEpoch{}, {"tapport/1/up/+/+"}, [](auto, const auto&) {},
            [&] {
                std::vector<Message> messages;
                if (++told <= 20) {
                    messages.push_back({"tapport/1/down/kiosk-1", {1}});
                }
                return messages;
            });
        EXPECT_TRUE(support::waitUntil([&] { return told > 20 && hub.refusal() != 0; }));
    }

    const std::string log = testing::internal::GetCapturedStderr();
    const std::string line = "the broker refuses what the hub publishes: reason 135\n";
    EXPECT_NE(log.find(line), std::string::npos) << log;
    EXPECT_EQ(log.find(line), log.rfind(line)) << log;
}

TEST_F(BrokerLinkTest, ABrokerThatIsAwayIsNamedAndDoesNotFillTheLog) {
    mqtt::Options options = optionsFor("hub");
    options.port = support::freePort();
    std::atomic<int> tries{0};
    const BrokerLink::Desk counting{"tapport/1/enrol/+", [](const std::string&) { return false; },
                                    [](const Message&) { return std::vector<Message>{}; },
                                    [&] { ++tries; }};
    testing::internal::CaptureStderr();
    program::startLogging("tapport-hub", "warning");
    {
        const BrokerLink hub(
            options, wire::HubEpoch{}, {"tapport/1/up/+/+"}, [](auto, const auto&) {},
            [] { return std::vector<Message>{}; }, {counting});
        EXPECT_TRUE(support::waitUntil([&] { return tries >= 4; }));
    }

    const std::string log = testing::internal::GetCapturedStderr();
    const std::string line =
        "no broker: 127.0.0.1:" + std::to_string(options.port) + ": cannot connect: ";
    EXPECT_NE(log.find(line), std::string::npos) << log;
    EXPECT_EQ(log.find(line), log.rfind(line)) << log;
}

TEST_F(BrokerLinkTest, TakesTopicsOnWhateverComesAtThatMoment) {
    constexpr int kStates = 40;
    connect();
    for (int i = 0; i < kStates; ++i) {
        ASSERT_TRUE(kiosk_.publish(
            {"tapport/1/state/kiosk-" + std::to_string(i), Bytes{1}, mqtt::Retain::Yes}));
    }
    for (int i = 0; i < kStates; ++i) {
        ASSERT_TRUE(next<mqtt::Published>());
    }
    std::promise<BrokerLink*> made;
    BrokerLink::Desk states{
        "tapport/1/state/+",
        [](const std::string& topic) { return topic.rfind("tapport/1/state/", 0) == 0; },
        [&, isFirst = true](const Message&) mutable {
            if (std::exchange(isFirst, false)) {
                // The others are queued up behind this one.
                made.get_future().get()->serve({"tapport/1/up/26/+"});
            }
            return std::vector<Message>{};
        }};

    BrokerLink hub(
        optionsFor("hub"), wire::HubEpoch{}, {}, [](auto, const auto&) {},
        [] { return std::vector<Message>{}; }, {std::move(states)});
    made.set_value(&hub);

    EXPECT_TRUE(support::waitUntil([&] { return hub.isOnline(); }));
}

TEST_F(BrokerLinkTest, WhatCameForTopicsThatWereAnothersMeanwhileIsNotTaken) {
    const BrokerLink::Filters ours{"tapport/1/up/26/+"};
    std::promise<void> isBusy;
    std::promise<void> mayGoOn;
    BrokerLink::Desk busy{"tapport/1/state/+",
                          [](const std::string& topic) { return topic == "tapport/1/state/k"; },
                          [&](const Message&) {
                              isBusy.set_value();
                              mayGoOn.get_future().get();
                              return std::vector<Message>{};
                          }};
    std::mutex mutex;
    std::vector<Bytes> taken;
    BrokerLink hub(
        optionsFor("hub"), wire::HubEpoch{}, ours,
        [&](const std::vector<Decoded>& messages, const BrokerLink::Answered& answered) {
            {
                const std::lock_guard lock(mutex);
                for (const Decoded& one : messages) {
                    taken.push_back(one.message.payload);
                }
            }
            answered(Taken{});
        },
        [] { return std::vector<Message>{}; }, {std::move(busy)});
    ASSERT_TRUE(support::waitUntil([&] { return hub.isOnline(); }));
    connect();
    const auto say = [&](const std::string& topic, std::uint8_t what) {
        ASSERT_TRUE(kiosk_.publish({topic, Bytes{what}, mqtt::Retain::No}));
        ASSERT_TRUE(next<mqtt::Published>());
    };
    say("tapport/1/state/k", 0);
    isBusy.get_future().get();

    say("tapport/1/up/26/kiosk-1", 1);
    hub.serve({});
    hub.serve(ours);
    mayGoOn.set_value();

    EXPECT_TRUE(support::waitUntil([&] {
        say("tapport/1/up/26/kiosk-1", 2);
        const std::lock_guard lock(mutex);
        return !taken.empty();
    }));
    const std::lock_guard lock(mutex);
    EXPECT_EQ(taken.front(), Bytes{2});
}

}  // namespace
}  // namespace tapport::hub
