// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's end of the broker: says that the hub is online, hands over what kiosks publish as it
// queued up, publishes the answers. Reconnects by itself, with back-off. One thread of its own.
// Of several workers each serves its shards, and whoever is there corrects a partner's last will.
#pragma once

#include "sync/hub/ingest/ingest.h"
#include "sync/mqtt/mqtt_client.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <random>
#include <set>
#include <thread>

namespace tapport::hub {

class BrokerLink {
  public:
    /// Most messages in one transaction.
    static constexpr std::size_t kMostMessages = 64;
    /// Takes messages and gives what may be published now. Called on the link's thread; an error
    /// acknowledges nothing.
    using Take = std::function<Result<Taken>(std::vector<Message>)>;

    /// What kiosks are to be told now, besides the answers; asked every kTellEvery while the hub is
    /// online, and at once again for as long as there is something. On the link's thread.
    using Tell = std::function<Result<std::vector<Message>>()>;
    static constexpr std::chrono::milliseconds kTellEvery{500};

    /// Subscribes to these at first; none: says nothing until serve() names some.
    using Filters = std::set<std::string>;

    /// What else the hub is asked over the broker: answered at once, on the link's thread.
    struct Desk {
        std::string filter;  ///< of the topics; none of wire::kUpFilter
        std::function<bool(const std::string& topic)> isFor;
        std::function<std::vector<Message>(const Message&)> answer;
    };

    BrokerLink(mqtt::Options options, wire::HubEpoch epoch, Filters filters, Take take, Tell tell,
               std::optional<Desk> desk = std::nullopt);
    /// Says that the hub is offline and closes, within about a second.
    ~BrokerLink();
    BrokerLink(const BrokerLink&) = delete;
    BrokerLink& operator=(const BrokerLink&) = delete;

    /// From now on these topics, and nothing that comes for others. Any thread.
    void serve(Filters filters);
    [[nodiscard]] bool isOnline() const { return isOnline_; }
    /// Why the broker refused what was published last on this connection; 0: it did not.
    [[nodiscard]] int refusal() const { return refusal_; }

  private:
    void run();
    /// From connecting to the loss of the connection or the end.
    void stayConnected();
    /// Brings the subscriptions to what is wanted. False: the connection is of no use any more.
    bool subscribe();
    bool sayOnline();
    /// For the store, not for the desk or about the hub.
    [[nodiscard]] bool isUp(const std::string& topic) const;
    [[nodiscard]] bool isServed(const std::string& topic) const;
    /// False when the connection is of no use any more.
    bool handle(const mqtt::Event& event);
    /// What is said of the hub on its topic: a worker that died said too much for those who live.
    bool heed(const mqtt::Arrived& presence);
    /// The first message and what else waits; whatever else came up meanwhile follows.
    bool takeFrom(mqtt::Arrived first);
    /// When it is time.
    void tell();
    void wait(std::chrono::milliseconds patience);
    void publish(const std::vector<Message>& answers);
    [[nodiscard]] mqtt::Message state(wire::Presence presence) const;

    mqtt::Client client_;
    wire::HubEpoch epoch_;
    Take take_;
    Tell tell_;
    std::optional<Desk> desk_;
    std::mutex mutex_;
    Filters wanted_;         ///< under mutex_
    Filters subscribed_;     ///< the thread's own, like the next
    std::size_t asked_ = 0;  ///< subscriptions without an answer
    std::chrono::steady_clock::time_point tellAt_{};
    std::mt19937 random_{std::random_device{}()};
    std::chrono::milliseconds backOff_;
    std::atomic<bool> isEnding_{false};
    std::atomic<bool> isOnline_{false};
    std::atomic<int> refusal_{0};
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace tapport::hub
