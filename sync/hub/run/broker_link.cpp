// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/broker_link.h"

#include "sync/program/log.h"
#include "sync/wire/topics.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kFirstBackOff{100};
constexpr std::chrono::milliseconds kLongestBackOff{30'000};
/// Connections that another ends, under the same name, last less than that, and there is always a
/// broker for the next.
constexpr std::chrono::milliseconds kShort{2'000};
constexpr int kMostShort = 5;
constexpr std::chrono::milliseconds kFirstAway{5'000};
constexpr std::chrono::milliseconds kLongestAway{300'000};
constexpr std::chrono::milliseconds kGoodbye{1000};
/// The store interrupts, so this only has to be long.
constexpr std::chrono::hours kAnswered{1};

}  // namespace

BrokerLink::BrokerLink(mqtt::Options options, wire::HubEpoch epoch, Filters filters, Take take,
                       Tell tell, std::vector<Desk> desks)
    : name_(options.clientId),
      client_(std::move(options)),
      epoch_(epoch),
      take_(std::move(take)),
      tell_(std::move(tell)),
      desks_(std::move(desks)),
      wanted_(std::move(filters)),
      backOff_(kFirstBackOff),
      away_(kFirstAway),
      thread_([this] { run(); }) {}

BrokerLink::~BrokerLink() {
    isEnding_ = true;
    client_.interrupt();
    thread_.join();
}

void BrokerLink::serve(Filters filters) {
    {
        const std::lock_guard lock(mutex_);
        for (const std::string& filter : wanted_) {
            if (!filters.contains(filter)) {
                dropped_.insert(filter);
            }
        }
        wanted_ = std::move(filters);
        isNew_ = true;
    }
    client_.interrupt();
}

void BrokerLink::run() {
    while (!isEnding_) {
        stayConnected();
        answer(Patience::UntilAnswered);
        isOnline_ = false;
        for (const Desk& desk : desks_) {
            desk.lost();
        }
        if (std::exchange(yields_, false)) {
            yield();
        } else if (!isEnding_) {
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

void BrokerLink::judge(const mqtt::Lost& lost) {
    if (!isConnected_) {
        short_ = 0;  // nobody was thrown out: there is no broker
        unreached_.log(program::LogLevel::Warning, "no broker: " + lost.error.context);
        return;
    }
    const auto lasted = Clock::now() - connectedAt_;
    const bool isSaid = lost.reason == mqtt::kSessionTakenOver;
    short_ = isSaid || lasted < kShort ? short_ + 1 : 0;
    if (lasted > 2 * kLongestAway) {
        away_ = kFirstAway;  // what was before has long been settled
    }
    yields_ = isSaid || short_ >= kMostShort || (short_ > 0 && hasNothingToServe());
    if (!yields_) {
        program::logWarning("no broker: {}", lost.error.context);
        return;
    }
    program::logError(
        "the broker throws this hub out: another one connects as {} too, it seems. Is there a "
        "second of this name (run --worker NAME), or one on a copy of this data folder? End it, or "
        "give it a name of its own, and with TLS a certificate. Until then this one stays away: "
        "while it has no kiosks to serve, or else for up to {} min at a time",
        name_, std::chrono::floor<std::chrono::minutes>(kLongestAway).count());
}

void BrokerLink::yield() {
    if (!hasNothingToServe()) {
        wait(std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(
            away_.count() / 2, away_.count())(random_)));
        away_ = std::min(2 * away_, kLongestAway);
    }
    while (!isEnding_ && hasNothingToServe()) {
        (void)client_.next(Clock::now() + std::chrono::hours(1));
    }
}

bool BrokerLink::hasNothingToServe() {
    const std::lock_guard lock(mutex_);
    return wanted_.empty();
}

void BrokerLink::stayConnected() {
    {
        const std::lock_guard lock(mutex_);
        isNew_ = true;
    }
    subscribed_.clear();
    asked_ = 0;
    isConnected_ = false;
    client_.connect(state(wire::Presence::Offline));
    while (!isEnding_) {
        const auto event = client_.next(isOnline_ ? tellAt_ : Clock::now() + std::chrono::hours(1));
        if (event && !handle(*event)) {
            return;
        }
        // Each time round: an interrupt may have ended a wait that an event was about to end.
        if (isConnected_ && !subscribe()) {
            return;
        }
        answer(Patience::None);
        tell();
    }
}

bool BrokerLink::subscribe() {
    Filters wanted;
    Filters dropped;
    {
        const std::lock_guard lock(mutex_);
        if (!std::exchange(isNew_, false)) {
            return true;
        }
        wanted = wanted_;
        dropped = std::exchange(dropped_, {});
    }
    for (const std::string& filter : dropped) {
        if (subscribed_.erase(filter) > 0 && !client_.unsubscribe(filter)) {
            return false;
        }
    }
    for (const std::string& filter : wanted) {
        if (subscribed_.contains(filter)) {
            continue;
        }
        const auto request = client_.subscribe(filter);
        if (!request) {
            return false;
        }
        subscribed_[filter] = {*request};
        ++asked_;
    }
    return true;
}

bool BrokerLink::sayOnline() {
    return client_.publish(state(wire::Presence::Online)).has_value();
}

const BrokerLink::Desk* BrokerLink::deskFor(const std::string& topic) const {
    const auto found = std::find_if(desks_.begin(), desks_.end(),
                                    [&](const Desk& desk) { return desk.isFor(topic); });
    return found == desks_.end() ? nullptr : &*found;
}

void BrokerLink::dropUnserved(std::vector<Decoded>& messages) {
    const std::lock_guard lock(mutex_);
    const auto isServed = [&](const std::string& filter) {
        const auto found = subscribed_.find(filter);
        return found != subscribed_.end() && found->second.isAnswered && !dropped_.contains(filter);
    };
    std::erase_if(messages, [&](const Decoded& one) {
        const std::string& topic = one.message.topic;
        return !isServed(std::string(wire::kUpFilter)) &&
               !isServed(topic.substr(0, topic.rfind('/')) + "/+");
    });
}

bool BrokerLink::handle(const mqtt::Event& event) {
    if (std::holds_alternative<mqtt::Connected>(event)) {
        refusal_ = 0;
        for (const Desk& desk : desks_) {
            if (!client_.subscribe(desk.filter)) {
                return false;
            }
        }
        asked_ = desks_.size();
        isConnected_ = true;
        connectedAt_ = Clock::now();
        return true;
    }
    if (const auto* lost = std::get_if<mqtt::Lost>(&event)) {
        judge(*lost);
        return false;
    }
    if (const auto* subscribed = std::get_if<mqtt::Subscribed>(&event)) {
        if (mqtt::isFailure(subscribed->reason)) {
            program::logError("the broker refuses the hub's subscription: reason {}",
                              subscribed->reason);
            client_.disconnect(kGoodbye);
            return false;
        }
        for (auto& [filter, subscription] : subscribed_) {
            subscription.isAnswered |= subscription.request == subscribed->request;
        }
        if (--asked_ > 0 || subscribed_.empty()) {
            return true;
        }
        // Only now: kiosks send as soon as they see it, and again what another worker left.
        backOff_ = kFirstBackOff;
        isOnline_ = true;
        program::logInfo("online at the broker");
        return sayOnline();
    }
    if (const auto* published = std::get_if<mqtt::Published>(&event)) {
        refusal_ = mqtt::isFailure(published->reason) ? published->reason : 0;
        if (mqtt::isFailure(published->reason)) {
            refused_.log(program::LogLevel::Error,
                         fmt::format("the broker refuses what the hub publishes: reason {}",
                                     published->reason));
        }
        return true;
    }
    const auto& arrived = std::get<mqtt::Arrived>(event);
    if (arrived.topic == wire::kHubTopic) {
        return heed(arrived);
    }
    const Desk* const desk = deskFor(arrived.topic);
    if (desk == nullptr) {
        return takeFrom(arrived);
    }
    publish(desk->answer({arrived.topic, arrived.payload}));
    return true;
}

bool BrokerLink::heed(const mqtt::Arrived& presence) {
    const auto said = wire::decodeHubState(presence.payload);
    const bool isPartnerGone = said && said->presence == wire::Presence::Offline;
    return !isPartnerGone || !isOnline_ || sayOnline();
}

bool BrokerLink::takeFrom(mqtt::Arrived first) {
    std::vector<Decoded> messages;
    std::size_t bytes = 0;
    const auto put = [&](mqtt::Arrived arrived) {
        bytes += arrived.payload.size();
        messages.push_back(decode({std::move(arrived.topic), std::move(arrived.payload)}));
    };
    put(std::move(first));
    std::optional<mqtt::Event> other;
    while (!isEnding_ && !other && messages.size() < kMostMessages && bytes < kMostBytes) {
        answer(Patience::None);
        // While the store is at work, what else comes can go with this.
        auto event = client_.next(isTaking_ ? Clock::now() + kAnswered : Clock::now());
        if (!event && !isTaking_) {
            break;
        }
        if (!event) {
            continue;
        }
        auto* arrived = std::get_if<mqtt::Arrived>(&*event);
        if (arrived != nullptr && isUp(arrived->topic)) {
            put(std::move(*arrived));
        } else if (std::holds_alternative<mqtt::Published>(*event)) {
            (void)handle(*event);
        } else {
            other = std::move(event);
        }
    }
    hand(std::move(messages));
    return !other || handle(*other);
}

void BrokerLink::hand(std::vector<Decoded> messages) {
    answer(Patience::UntilAnswered);
    dropUnserved(messages);
    if (messages.empty()) {
        return;
    }
    isTaking_ = true;
    take_(std::move(messages), [this](Result<Taken> taken) {
        const std::lock_guard lock(mutex_);
        taken_ = std::move(taken);
        answered_.notify_one();
        client_.interrupt();
    });
}

void BrokerLink::answer(Patience patience) {
    if (!isTaking_) {
        return;
    }
    std::optional<Result<Taken>> taken;
    {
        std::unique_lock lock(mutex_);
        if (patience == Patience::UntilAnswered) {
            answered_.wait(lock, [this] { return taken_.has_value(); });
        }
        taken = std::exchange(taken_, std::nullopt);
    }
    if (!taken) {
        return;
    }
    isTaking_ = false;
    if (!*taken) {
        untaken_.log(program::LogLevel::Error, "nothing acknowledged: " + taken->error().context);
        return;
    }
    for (const std::string& alarm : (*taken)->alarms) {
        program::logWarning("{}", alarm);
    }
    publish((*taken)->answers);
}

void BrokerLink::publish(const std::vector<Message>& answers) {
    for (const Message& answer : answers) {
        // A lost one is repeated when the kiosk asks again.
        (void)client_.publish({answer.topic, answer.payload, mqtt::Retain::No});
    }
}

void BrokerLink::tell() {
    if (!isOnline_ || Clock::now() < tellAt_) {
        return;
    }
    const auto messages = tell_();
    if (!messages) {
        untold_.log(program::LogLevel::Error,
                    "kiosks are told nothing for now: " + messages.error().context);
    }
    const bool mayHaveMore = messages && !messages->empty();
    tellAt_ = Clock::now() + (mayHaveMore ? std::chrono::milliseconds(0) : kTellEvery);
    if (mayHaveMore) {
        publish(*messages);
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
