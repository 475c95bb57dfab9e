// SPDX-License-Identifier: GPL-3.0-or-later
// What the kiosk's end of the protocol does and when (sync/wire/README.md), as a pure state
// machine: events and the time go in, actions come out. No thread, clock, socket or database;
// AgentRunner does what it says, the simulation test runs it under a seed.
#pragma once

#include "sync/agent/flights.h"
#include "sync/agent/outbox.h"
#include "sync/agent/pruning.h"
#include "sync/agent/send_window.h"
#include "sync/agent/sent_batches.h"

#include <chrono>
#include <functional>

namespace tapport::agent {

struct Now {
    Instant steady;
    record::WallTime wall;
};

struct PumpOptions {
    record::EventId event;
    record::KioskId kiosk;
    wire::Signer sign;                              ///< with the kiosk's key
    std::size_t windowBytes = 32 * 1024;            ///< unacknowledged, on a new connection
    std::size_t leastWindowBytes = 16 * 1024;       ///< while answers come late
    std::size_t mostWindowBytes = 2 * 1024 * 1024;  ///< while they come at once
    std::size_t readRows = 200;                     ///< at once, for one batch or several
    std::size_t batchRows = 200;
    std::size_t batchBytes = 4 * 1024;  ///< or a quarter of the window, if that is more
    record::Millis bootSpread{5000};    ///< the first connect comes at a random time within
    record::Millis firstBackOff{100};
    record::Millis longestBackOff{30'000};
    record::Millis shortestTimeOut{3000};
    record::Millis longestTimeOut{60'000};
    /// Between two pieces of what may be dropped: a confirmed visit must not wait for all of it.
    record::Millis prunePause{100};
    /// While something is on its way, new records wait that long for others to go with.
    record::Millis gather{50};
    /// A broker that does not tell by then whether the hub is there may not know: it is asked.
    record::Millis announcePatience{1000};
};

/// Four ways through the outbox. Each reads ascending from its own cursor; what is on its way
/// already is passed over.
enum class Lane : std::uint8_t {
    Urgent,   ///< withdrawals: always first
    Live,     ///< recorded since the hub answered the hello
    Backlog,  ///< everything that waits, in turn with Live
    Repeat,   ///< what was not answered in time, longest first; before the backlog, in its turn
};

// Events: what happened.
struct Started {};
struct BrokerConnected {};
struct BrokerLost {};
struct HubAnnounced {
    wire::HubState state;
};
struct Acknowledged {
    wire::Ack ack;
};
struct AskAgain {};     ///< the hub, while it is there, what it holds of every epoch
struct RecordAdded {};  ///< the outbox may have more rows than it had
struct TimePassed {};   ///< nextWake() has come
struct EpochsRead {
    std::vector<OutboxEpoch> epochs;
    wire::DownState downstream{};  ///< what the kiosk has
};
struct ChainRead {
    std::optional<record::ChainHash> chain;
};
struct RowsRead {
    Lane lane;
    std::vector<OutboxRow> rows;
};
struct Pruned {
    bool hasMore = false;
};
struct OutboxFailed {};  ///< instead of an answer to a read, or after a mark
using PumpEvent =
    std::variant<Started, BrokerConnected, BrokerLost, HubAnnounced, Acknowledged, AskAgain,
                 RecordAdded, TimePassed, EpochsRead, ChainRead, RowsRead, Pruned, OutboxFailed>;

// Actions, to be done in order.
struct Connect {};     ///< ends in BrokerConnected or BrokerLost
struct ReadEpochs {};  ///< ends in EpochsRead or OutboxFailed
struct ReadChain {     ///< of the current epoch; ends in ChainRead or OutboxFailed
    std::uint64_t seq = 0;
};
struct ReadRows {  ///< ends in RowsRead or OutboxFailed
    Lane lane;
    OutboxQuery query;
};
struct SendUp {  ///< publish on the kiosk's up topic
    Bytes payload;
};
struct MarkReceived {
    record::SeqRanges numbers;
};
struct MarkQuarantined {
    record::SeqRanges numbers;
};
struct MarkWaiting {
    record::SeqRanges numbers;
};
struct StartEpoch {  ///< an alarm: this kiosk or its card was restored or cloned
    record::Epoch left;
};
/// Before anything is marked of what a hub says that may not be the one that said the rest.
struct StartHub {
    wire::HubEpoch hub;
};
struct Prune {  ///< ends in Pruned or OutboxFailed
    SeqRange numbers;
};
using PumpAction = std::variant<Connect, ReadEpochs, ReadChain, ReadRows, SendUp, MarkReceived,
                                MarkQuarantined, MarkWaiting, StartEpoch, StartHub, Prune>;

class OutboxPump {
  public:
    /// `random` gives numbers in [0, 1).
    OutboxPump(PumpOptions options, std::function<double()> random);

    [[nodiscard]] std::vector<PumpAction> step(const PumpEvent& event, Now now);
    /// When TimePassed is due.
    [[nodiscard]] Instant nextWake() const;

    [[nodiscard]] bool isConnected() const { return link_ == Link::Up; }
    /// It said so, or answered, since the connection was made.
    [[nodiscard]] bool isHubOnline() const { return isConnected() && hubSeen_ == HubSeen::Online; }
    /// The epoch of the hub that is there; what it means while none is, only the pump knows.
    [[nodiscard]] const wire::HubEpoch& hub() const { return hub_; }

  private:
    enum class Link : std::uint8_t { Down, Connecting, Up };
    /// A broker of several nodes may keep what the hub said of itself on another one, and repeat
    /// something older here: that the hub is away is believed for a while only.
    enum class HubSeen : std::uint8_t { Unheard, Offline, Presumed, Online };
    /// Of the hellos, one an epoch, without which nothing is sent.
    enum class Resume : std::uint8_t { Due, Reading, Asked, Comparing, Done };
    struct Path {
        std::uint64_t cursor = 0;
        bool mayHaveMore = false;
        Instant notBefore{};  ///< gathering until then
    };
    // Broker and hub (pump.cpp).
    void on(const Started&);
    void on(const BrokerConnected&);
    void on(const BrokerLost&);
    void on(const HubAnnounced& event);
    void on(const Acknowledged& event);
    void on(const AskAgain&);
    void on(const TimePassed&);
    void on(const EpochsRead& event);
    void on(const ChainRead& event);
    void on(const OutboxFailed&);
    void proceed();
    void scheduleConnect(record::Millis within);
    [[nodiscard]] bool mayAsk() const {
        return isHubOnline() || (isConnected() && hubSeen_ == HubSeen::Presumed);
    }
    void askAgain();
    void sayHello();
    void consider(const wire::Ack& answer);
    void accept(const wire::Ack& answer);
    void leaveEpoch();
    void resume();
    [[nodiscard]] const OutboxEpoch* find(const record::Epoch& epoch) const;
    [[nodiscard]] bool isCurrent(const OutboxEpoch& epoch) const {
        return &epoch == &epochs_.back();
    }

    // Rows (pump_lanes.cpp).
    void on(const RecordAdded&);
    void on(const RowsRead& event);
    void on(const Pruned& event);
    void settle(const wire::Ack& ack);
    void sendOn();
    void offer(Lane lane);
    void send(const std::vector<OutboxRow>& rows);
    void repeatExpired();
    [[nodiscard]] Instant lanesDueAt() const;
    [[nodiscard]] const OutboxEpoch& epochOf(std::uint64_t number) const;
    [[nodiscard]] bool isReady(Lane lane) const;
    [[nodiscard]] std::optional<Lane> nextLane() const;
    [[nodiscard]] std::size_t roomFor(Lane lane) const;
    [[nodiscard]] std::size_t batchBytes() const {
        return std::max(options_.batchBytes, window_.bytes() / 4);
    }
    [[nodiscard]] Path& path(Lane lane) { return paths_[static_cast<std::size_t>(lane)]; }
    [[nodiscard]] const Path& path(Lane lane) const {
        return paths_[static_cast<std::size_t>(lane)];
    }

    PumpOptions options_;
    std::function<double()> random_;
    Now now_;
    std::vector<PumpAction> actions_;

    // Broker and hub.
    Link link_ = Link::Down;
    Instant linkDueAt_ = Instant::max();  ///< Down: connect then; Connecting: give up then
    Instant linkSince_;
    unsigned failedConnects_ = 0;

    HubSeen hubSeen_ = HubSeen::Unheard;
    Instant presumeAt_ = Instant::max();  ///< Unheard, Offline: say hello all the same then
    wire::HubEpoch hub_;
    std::optional<wire::HubEpoch> marksOf_;  ///< the hub of which the outbox's marks are
    Resume resume_ = Resume::Due;
    Instant resumeDueAt_ = Instant::max();  ///< Due: read then; Asked: ask again then
    Instant askedSince_{};                  ///< what is on its way was sent after that
    Instant helloAt_{};
    unsigned helloRepeats_ = 0;
    std::vector<OutboxEpoch> epochs_;
    wire::DownState downstream_;
    std::size_t asking_ = 0;  ///< which of them the hub is being asked about
    wire::Ack answer_;        ///< its answer, while the outbox is asked for the same chain value

    // Rows.
    std::array<Path, 4> paths_;
    bool isReading_ = false;
    bool wasLive_ = false;  ///< which of Live and Backlog had the last turn
    Flights flights_;
    SentBatches sent_;
    Pruning pruning_;
    SendWindow window_;
};

}  // namespace tapport::agent
