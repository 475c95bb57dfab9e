// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk's end of the transport on a thread of its own: does what OutboxPump says with a real
// broker and a real outbox. Holds no protocol rule itself.
#pragma once

#include "sync/agent/downstream_sink.h"
#include "sync/agent/drain_proof.h"
#include "sync/agent/hub_time.h"
#include "sync/agent/pump.h"
#include "sync/mqtt/mqtt_client.h"
#include "sync/program/seldom.h"

#include <atomic>
#include <deque>
#include <thread>

namespace tapport::agent {

struct AgentOptions {
    mqtt::Options broker;  ///< the client id is always the kiosk's
    PumpOptions pump;
    /// Whether the hub's key made the signature: nothing else releases a record.
    std::function<bool(const record::Signature&, ByteView covered)> isHubs;
    /// Takes what the hub tells; called on the runner's thread, outlives the runner. None: nothing
    /// is listened to.
    DownstreamSink* sink = nullptr;
    /// Whether the event is over here. While it is, the hub is asked again every `askAgain` until
    /// it has proven that it holds everything, opened and backed up; told each time. Both on the
    /// runner's thread.
    std::function<bool()> isEnding = [] { return false; };
    std::function<void(const DrainProof&)> onDrained = [](const DrainProof&) {};
    record::Millis askAgain{30'000};
};

struct AgentStatus {
    bool isConnected = false;
    bool isHubOnline = false;
    OutboxCounts counts;
    std::uint64_t forgeries = 0;       ///< messages of the hub's that its key did not sign
    std::optional<Error> trouble;      ///< why not connected, or what was refused last
    std::optional<HubTime> hubTime{};  ///< as heard since the hub was announced last
    bool operator==(const AgentStatus&) const = default;
};

class AgentRunner {
  public:
    using StatusHandler = std::function<void(const AgentStatus&)>;

    /// Starts at once. `outbox` outlives this and is called on this thread only, as is `onStatus`:
    /// when something changed, at most ten times a second.
    AgentRunner(AgentOptions options, Outbox& outbox, StatusHandler onStatus);
    /// stop().
    ~AgentRunner();
    AgentRunner(const AgentRunner&) = delete;
    AgentRunner& operator=(const AgentRunner&) = delete;

    /// After each commit of a new row. Any thread; returns at once.
    void recordAdded();
    /// Says goodbye to the broker where there is one, and ends the thread: below 3 s in any state
    /// of the network.
    void stop();
    /// stop(), with a last word: the event is over here (wire::Farewell). Unless it is not any
    /// more: the hub may have taken that back just now.
    void leave();

  private:
    void run();
    void feed(PumpEvent event);
    void handle(const mqtt::Event& event);
    void on(const mqtt::Connected&);
    void on(const mqtt::Lost& event);
    void on(const mqtt::Arrived& event);
    /// Whether this is of the hub that is there: another's word may be from before a restore.
    [[nodiscard]] bool isPresent(const wire::HubEpoch& hub) const {
        return pump_.isHubOnline() && hub == pump_.hub();
    }
    void heedHub(const mqtt::Arrived& said);
    void heedAck(ByteView payload);
    void heedChunk(ByteView payload);
    void askForProof();
    /// Counts and tells it, when not.
    bool isHubs(const record::Signature& signature, ByteView covered);
    void on(const mqtt::Published& event);
    void on(const mqtt::Subscribed& event);
    std::optional<PumpEvent> perform(const PumpAction& action);
    std::optional<PumpEvent> perform(const Connect&);
    std::optional<PumpEvent> perform(const ReadEpochs&);
    std::optional<PumpEvent> perform(const ReadChain& action);
    std::optional<PumpEvent> perform(const ReadRows& action);
    std::optional<PumpEvent> perform(const SendUp& action);
    std::optional<PumpEvent> perform(const MarkReceived& action);
    std::optional<PumpEvent> perform(const MarkQuarantined& action);
    std::optional<PumpEvent> perform(const MarkWaiting& action);
    std::optional<PumpEvent> perform(const StartEpoch& action);
    std::optional<PumpEvent> perform(const StartHub& action);
    std::optional<PumpEvent> perform(const Prune& action);
    template <typename T>
    std::optional<PumpEvent> failed(const Result<T>& result);
    [[nodiscard]] mqtt::Message stateMessage(wire::Presence presence) const;
    void send(const mqtt::Message& message);
    void trouble(Error error);
    void report();
    void sayGoodbye();

    AgentOptions options_;
    Outbox& outbox_;
    StatusHandler onStatus_;
    mqtt::Client client_;
    OutboxPump pump_;
    wire::ConnectionId connection_;
    DrainProof proof_;
    std::optional<HubTime> hubTime_;  ///< since the hub was announced last
    Instant askAgainAt_{};

    AgentStatus status_;  ///< as reported
    std::optional<Error> trouble_;
    program::Seldom unreached_;  ///< log lines, while no broker is there
    std::uint64_t forgeries_ = 0;
    bool countsChanged_ = true;
    Instant nextReport_{};

    std::atomic<bool> recordAdded_{false};
    std::atomic<bool> isStopping_{false};
    std::atomic<bool> isLeaving_{false};
    std::thread thread_;
};

}  // namespace tapport::agent
