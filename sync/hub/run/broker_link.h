// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's end of the broker: says that the hub is online, hands over what kiosks publish as it
// queued up, publishes the answers. Reconnects by itself, with back-off. One thread of its own.
// Of several workers each serves its shards, and whoever is there corrects a partner's last will.
#pragma once

#include "sync/hub/ingest/ingest.h"
#include "sync/mqtt/mqtt_client.h"
#include "sync/program/seldom.h"
#include "sync/wire/topics.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

namespace tapport::hub {

class BrokerLink {
  public:
    /// Most messages in one transaction, and when there are bytes enough: what a kiosk that drains
    /// has on its way is more than this, so that it sends on while the hub commits.
    static constexpr std::size_t kMostMessages = 64;
    static constexpr std::size_t kMostBytes = 512 * 1024;
    /// What may be published now; an error acknowledges nothing. Any thread, exactly once.
    using Answered = std::function<void(Result<Taken>)>;
    /// Has messages taken, and `answered` called once they are. Called on the link's thread, never
    /// before the last one was answered; does not wait.
    using Take = std::function<void(std::vector<Decoded>, Answered answered)>;

    /// What kiosks are to be told now, besides the answers; asked every kTellEvery while the hub is
    /// online, and at once again for as long as there is something. On the link's thread.
    using Tell = std::function<Result<std::vector<Message>>()>;
    static constexpr std::chrono::milliseconds kTellEvery{500};

    /// Subscribes to these at first; none: says nothing until serve() names some.
    using Filters = std::set<std::string>;

    /// What else comes over the broker: heeded and answered at once, on the link's thread.
    struct Desk {
        std::string filter;  ///< of the topics; none of wire::kUpFilter
        std::function<bool(const std::string& topic)> isFor;
        std::function<std::vector<Message>(const Message&)> answer;
        /// What came before may be over, and what comes meanwhile is missed.
        std::function<void()> lost = [] {};
    };

    BrokerLink(mqtt::Options options, wire::HubEpoch epoch, Filters filters, Take take, Tell tell,
               std::vector<Desk> desks = {});
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
    /// What a lost connection says of somebody who connects under the same name.
    void judge(const mqtt::Lost& lost);
    /// To come back at once would throw the other out, and so on for ever: away as long as there is
    /// nothing to serve, for of two runs of one worker only the later has shards, or else for
    /// seconds, then for minutes.
    void yield();
    [[nodiscard]] bool hasNothingToServe();
    /// None: it is for the store, or about the hub.
    [[nodiscard]] const Desk* deskFor(const std::string& topic) const;
    [[nodiscard]] bool isUp(const std::string& topic) const {
        return topic != wire::kHubTopic && deskFor(topic) == nullptr;
    }
    /// What came for topics that are another worker's, or were since the link looked last: behind
    /// what that one took it would come too late. Who sent it sends it again.
    void dropUnserved(std::vector<Decoded>& messages);
    /// False when the connection is of no use any more.
    bool handle(const mqtt::Event& event);
    /// What is said of the hub on its topic: a worker that died said too much for those who live.
    bool heed(const mqtt::Arrived& presence);
    /// The first message, and what else waits or comes while the store has what came before:
    /// decoded meanwhile. Whatever else came up follows.
    bool takeFrom(mqtt::Arrived first);
    /// Once what was handed over before is answered. Nothing of what is not served then.
    void hand(std::vector<Decoded> messages);
    /// Publishes what was taken; with nothing under way, or not yet answered, nothing. `patience`
    /// says whether to wait for it.
    enum class Patience : std::uint8_t { None, UntilAnswered };
    void answer(Patience patience);
    /// When it is time.
    void tell();
    void wait(std::chrono::milliseconds patience);
    void publish(const std::vector<Message>& answers);
    [[nodiscard]] mqtt::Message state(wire::Presence presence) const;

    std::string name_;  ///< at the broker
    mqtt::Client client_;
    wire::HubEpoch epoch_;
    Take take_;
    Tell tell_;
    std::vector<Desk> desks_;
    std::mutex mutex_;
    Filters wanted_;                      ///< under mutex_
    Filters dropped_;                     ///< once, since subscribe() looked; under mutex_
    bool isNew_ = true;                   ///< what subscribe() looks at; under mutex_
    std::optional<Result<Taken>> taken_;  ///< under mutex_
    std::condition_variable answered_;
    struct Subscription {
        mqtt::RequestId request = 0;
        bool isAnswered = false;
    };
    std::map<std::string, Subscription> subscribed_;  ///< the thread's own, like the next
    bool isConnected_ = false;                        ///< desks have subscribed
    bool isTaking_ = false;                           ///< handed over and not published
    std::size_t asked_ = 0;                           ///< subscriptions without an answer
    std::chrono::steady_clock::time_point tellAt_{};
    std::mt19937 random_{std::random_device{}()};
    std::chrono::milliseconds backOff_;
    std::chrono::steady_clock::time_point connectedAt_{};
    int short_ = 0;        ///< connections in a row that came about at once and did not last
    bool yields_ = false;  ///< before the next connection
    std::chrono::milliseconds away_;
    program::Seldom untaken_;  ///< log lines, while something keeps the hub from its work
    program::Seldom untold_;
    program::Seldom refused_;
    program::Seldom unreached_;
    std::atomic<bool> isEnding_{false};
    std::atomic<bool> isOnline_{false};
    std::atomic<int> refusal_{0};
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace tapport::hub
