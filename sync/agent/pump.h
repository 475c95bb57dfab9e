// SPDX-License-Identifier: GPL-3.0-or-later
// What the kiosk's end of the protocol does and when (sync/wire/README.md), as a pure state
// machine: events and the time go in, actions come out. No thread, clock, socket or database;
// AgentRunner does what it says, the simulation test runs it under a seed.
#pragma once

#include "sync/agent/outbox.h"
#include "sync/wire/messages.h"

#include <chrono>
#include <functional>
#include <map>

namespace tapport::agent {

using Instant = std::chrono::steady_clock::time_point;

struct Now {
    Instant steady;
    record::WallTime wall;
};

struct PumpOptions {
    record::EventId event;
    record::KioskId kiosk;
    std::size_t windowBytes = 256 * 1024;  ///< most payload unacknowledged
    std::size_t batchRows = 200;
    std::size_t batchBytes = 64 * 1024;
    record::Millis bootSpread{5000};  ///< the first connect comes at a random time within
    record::Millis firstBackOff{100};
    record::Millis longestBackOff{30'000};
    record::Millis shortestTimeOut{3000};
    record::Millis longestTimeOut{60'000};
};

/// Three ways through the outbox. Each reads ascending from its own cursor; what is on its way
/// already is passed over.
enum class Lane : std::uint8_t {
    Urgent,   ///< withdrawals: always first
    Live,     ///< recorded since the hub answered the hello
    Backlog,  ///< everything that waits, in turn with Live
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
struct RecordAdded {};  ///< the outbox may have more rows than it had
struct TimePassed {};   ///< nextWake() has come
struct SpanRead {
    OutboxSpan span;
};
struct RowsRead {
    Lane lane;
    std::vector<OutboxRow> rows;
};
struct OutboxFailed {};  ///< instead of an answer to a read, or after a mark
using PumpEvent = std::variant<Started, BrokerConnected, BrokerLost, HubAnnounced, Acknowledged,
                               RecordAdded, TimePassed, SpanRead, RowsRead, OutboxFailed>;

// Actions, to be done in order.
struct Connect {};   ///< ends in BrokerConnected or BrokerLost
struct ReadSpan {};  ///< ends in SpanRead or OutboxFailed
struct ReadRows {    ///< ends in RowsRead or OutboxFailed
    Lane lane;
    OutboxQuery query;
};
struct SendUp {  ///< publish on the kiosk's up topic
    Bytes payload;
};
struct MarkReceived {
    record::SeqRanges ranges;
};
struct MarkQuarantined {
    record::SeqRanges ranges;
};
struct MarkWaiting {
    record::SeqRanges ranges;
};
using PumpAction =
    std::variant<Connect, ReadSpan, ReadRows, SendUp, MarkReceived, MarkQuarantined, MarkWaiting>;

class OutboxPump {
  public:
    /// `random` gives numbers in [0, 1).
    OutboxPump(PumpOptions options, std::function<double()> random);

    [[nodiscard]] std::vector<PumpAction> step(const PumpEvent& event, Now now);
    /// When TimePassed is due.
    [[nodiscard]] Instant nextWake() const;

    [[nodiscard]] bool isConnected() const { return link_ == Link::Up; }
    [[nodiscard]] bool isHubOnline() const { return isConnected() && isHubOnline_; }

  private:
    enum class Link : std::uint8_t { Down, Connecting, Up };
    /// Of the hello, without which nothing is sent.
    enum class Resume : std::uint8_t { Due, Reading, Asked, Done };
    struct Path {
        std::uint64_t cursor = 0;
        bool mayHaveMore = false;
    };
    struct Flight {
        std::size_t bytes = 0;
        Instant sentAt;
        Instant expiresAt;
        unsigned repeats = 0;
        bool isUrgent = false;
        bool isOut = false;  ///< false: timed out, to be read and sent again
    };

    void on(const Started&);
    void on(const BrokerConnected&);
    void on(const BrokerLost&);
    void on(const HubAnnounced& event);
    void on(const Acknowledged& event);
    void on(const RecordAdded&);
    void on(const TimePassed&);
    void on(const SpanRead& event);
    void on(const RowsRead& event);
    void on(const OutboxFailed&);

    void scheduleConnect(record::Millis within);
    void askAgain();
    void resumeFrom(const wire::Ack& ack);
    void settle(const record::SeqRanges& ranges);
    void expireFlights();
    void groundAll();
    void sendBatch(const std::vector<OutboxRow>& rows);
    void proceed();
    [[nodiscard]] std::optional<Lane> nextLane() const;
    [[nodiscard]] std::size_t roomFor(Lane lane) const;
    [[nodiscard]] record::Millis timeOut(unsigned repeats) const;
    [[nodiscard]] Path& path(Lane lane) { return paths_[static_cast<std::size_t>(lane)]; }
    [[nodiscard]] const Path& path(Lane lane) const {
        return paths_[static_cast<std::size_t>(lane)];
    }

    PumpOptions options_;
    std::function<double()> random_;
    Now now_;
    std::vector<PumpAction> actions_;

    Link link_ = Link::Down;
    Instant linkDueAt_ = Instant::max();  ///< Down: connect then; Connecting: give up then
    Instant linkSince_;
    unsigned failedConnects_ = 0;

    bool isHubOnline_ = false;
    wire::HubEpoch hub_;
    Resume resume_ = Resume::Due;
    Instant resumeDueAt_ = Instant::max();  ///< Due: read then; Asked: ask again then
    unsigned helloRepeats_ = 0;
    OutboxSpan span_;

    std::array<Path, 3> paths_;
    bool isReading_ = false;
    bool wasLive_ = false;  ///< which of Live and Backlog had the last turn
    std::map<std::uint64_t, Flight> flights_;
    std::size_t bytesOut_ = 0;
    Instant nextExpiry_ = Instant::max();  ///< not after the first flight's
    std::size_t credit_;
    record::Millis roundTrip_{0};
};

}  // namespace tapport::agent
