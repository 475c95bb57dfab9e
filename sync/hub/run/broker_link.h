// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's end of the broker: says that the hub is online, hands over what kiosks publish as it
// queued up, publishes the answers. Reconnects by itself, with back-off. One thread of its own.
#pragma once

#include "sync/hub/ingest/ingest.h"
#include "sync/mqtt/mqtt_client.h"

#include <atomic>
#include <functional>
#include <random>
#include <thread>

namespace tapport::hub {

class BrokerLink {
  public:
    /// Most messages in one transaction.
    static constexpr std::size_t kMostMessages = 64;
    /// Takes messages and gives what may be published now. Called on the link's thread; an error
    /// acknowledges nothing.
    using Take = std::function<Result<Taken>(std::vector<Message>)>;

    /// What else the hub is asked over the broker: answered at once, on the link's thread.
    struct Desk {
        std::string filter;  ///< of the topics; none of wire::kUpFilter
        std::function<bool(const std::string& topic)> isFor;
        std::function<std::vector<Message>(const Message&)> answer;
    };

    BrokerLink(mqtt::Options options, wire::HubEpoch epoch, Take take,
               std::optional<Desk> desk = std::nullopt);
    /// Says that the hub is offline and closes, within about a second.
    ~BrokerLink();
    BrokerLink(const BrokerLink&) = delete;
    BrokerLink& operator=(const BrokerLink&) = delete;

    [[nodiscard]] bool isOnline() const { return isOnline_; }

  private:
    void run();
    /// From connecting to the loss of the connection or the end.
    void serve();
    /// False when the connection is of no use any more.
    bool handle(const mqtt::Event& event);
    /// The first message and what else waits; whatever else came up meanwhile follows.
    bool takeFrom(mqtt::Arrived first);
    void wait(std::chrono::milliseconds patience);
    void publish(const std::vector<Message>& answers);
    [[nodiscard]] mqtt::Message state(wire::Presence presence) const;

    mqtt::Client client_;
    wire::HubEpoch epoch_;
    Take take_;
    std::optional<Desk> desk_;
    mqtt::RequestId upSubscription_ = 0;
    std::mt19937 random_{std::random_device{}()};
    std::chrono::milliseconds backOff_;
    std::atomic<bool> isEnding_{false};
    std::atomic<bool> isOnline_{false};
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace tapport::hub
