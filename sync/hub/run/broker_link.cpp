// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/broker_link.h"

#include "sync/program/log.h"
#include "sync/wire/topics.h"

#include <algorithm>

namespace tapport::hub {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kFirstBackOff{100};
constexpr std::chrono::milliseconds kLongestBackOff{30'000};
constexpr std::chrono::milliseconds kGoodbye{1000};

}  // namespace

BrokerLink::BrokerLink(mqtt::Options options, wire::HubEpoch epoch, Take take,
                       std::optional<Desk> desk)
    : client_(std::move(options)),
      epoch_(epoch),
      take_(std::move(take)),
      desk_(std::move(desk)),
      backOff_(kFirstBackOff),
      thread_([this] { run(); }) {}

BrokerLink::~BrokerLink() {
    isEnding_ = true;
    client_.interrupt();
    thread_.join();
}

void BrokerLink::run() {
    while (!isEnding_) {
        serve();
        isOnline_ = false;
        if (!isEnding_) {
            // Full jitter: kiosks and hub do not all knock at the same instant.
            wait(std::chrono::milliseconds(
                std::uniform_int_distribution<std::int64_t>(0, backOff_.count())(random_)));
            backOff_ = std::min(2 * backOff_, kLongestBackOff);
        }
    }
    if (client_.isConnected()) {
        // A clean goodbye drops the will, so it is said here.
        (void)client_.publish(state(wire::Presence::Offline));
        client_.disconnect(kGoodbye);
    }
}

void BrokerLink::serve() {
    client_.connect(state(wire::Presence::Offline));
    while (!isEnding_) {
        const auto event = client_.next(Clock::now() + std::chrono::hours(1));
        if (event && !handle(*event)) {
            return;
        }
    }
}

bool BrokerLink::handle(const mqtt::Event& event) {
    if (std::holds_alternative<mqtt::Connected>(event)) {
        const auto asked = client_.subscribe(std::string(wire::kUpFilter));
        upSubscription_ = asked.value_or(0);
        return asked && (!desk_ || client_.subscribe(desk_->filter));
    }
    if (const auto* lost = std::get_if<mqtt::Lost>(&event)) {
        program::logWarning("no broker: {}", lost->error.context);
        return false;
    }
    if (const auto* subscribed = std::get_if<mqtt::Subscribed>(&event)) {
        if (mqtt::isFailure(subscribed->reason)) {
            program::logError("the broker refuses the hub's subscription: reason {}",
                              subscribed->reason);
            client_.disconnect(kGoodbye);
            return false;
        }
        if (subscribed->request != upSubscription_) {
            return true;
        }
        // Only now: kiosks send as soon as they see it.
        backOff_ = kFirstBackOff;
        isOnline_ = true;
        program::logInfo("online at the broker");
        return client_.publish(state(wire::Presence::Online)).has_value();
    }
    if (const auto* published = std::get_if<mqtt::Published>(&event)) {
        if (mqtt::isFailure(published->reason)) {
            program::logError("the broker refuses what the hub publishes: reason {}",
                              published->reason);
        }
        return true;
    }
    const auto& arrived = std::get<mqtt::Arrived>(event);
    if (desk_ && desk_->isFor(arrived.topic)) {
        publish(desk_->answer({arrived.topic, arrived.payload}));
        return true;
    }
    return takeFrom(arrived);
}

bool BrokerLink::takeFrom(mqtt::Arrived first) {
    std::vector<Message> messages;
    messages.push_back({std::move(first.topic), std::move(first.payload)});
    std::optional<mqtt::Event> other;
    while (messages.size() < kMostMessages && (other = client_.next(Clock::now()))) {
        auto* arrived = std::get_if<mqtt::Arrived>(&*other);
        if (arrived == nullptr || (desk_ && desk_->isFor(arrived->topic))) {
            break;
        }
        messages.push_back({std::move(arrived->topic), std::move(arrived->payload)});
        other.reset();
    }
    const auto taken = take_(std::move(messages));
    if (!taken) {
        program::logError("nothing acknowledged: {}", taken.error().context);
        return !other || handle(*other);
    }
    for (const std::string& alarm : taken->alarms) {
        program::logWarning("{}", alarm);
    }
    publish(taken->answers);
    return !other || handle(*other);
}

void BrokerLink::publish(const std::vector<Message>& answers) {
    for (const Message& answer : answers) {
        // A lost one is repeated when the kiosk asks again.
        (void)client_.publish({answer.topic, answer.payload, mqtt::Retain::No});
    }
}

void BrokerLink::wait(std::chrono::milliseconds patience) {
    const auto until = Clock::now() + patience;
    while (!isEnding_ && Clock::now() < until) {
        (void)client_.next(until);
    }
}

mqtt::Message BrokerLink::state(wire::Presence presence) const {
    return {std::string(wire::kHubTopic), wire::encode(wire::HubState{presence, epoch_}),
            mqtt::Retain::Yes};
}

}  // namespace tapport::hub
