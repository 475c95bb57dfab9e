// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/agent/pump.h"

namespace tapport::agent {
namespace {

using record::Millis;
using record::SeqRanges;

/// A connect that has not ended by then never will.
constexpr std::chrono::seconds kConnectPatience{30};
/// A connection that held that long was a good one: the next try comes fast.
constexpr std::chrono::seconds kSteady{10};
/// After the outbox failed; then everything is put right by a hello.
constexpr std::chrono::seconds kOutboxPause{1};

}  // namespace

OutboxPump::OutboxPump(PumpOptions options, std::function<double()> random)
    : options_(std::move(options)), random_(std::move(random)), credit_(options_.windowBytes) {}

std::vector<PumpAction> OutboxPump::step(const PumpEvent& event, Now now) {
    now_ = now;
    std::visit([this](const auto& one) { on(one); }, event);
    proceed();
    return std::exchange(actions_, {});
}

Instant OutboxPump::nextWake() const {
    Instant wake = link_ == Link::Up ? Instant::max() : linkDueAt_;
    if (isHubOnline()) {
        wake = std::min(wake, resume_ == Resume::Done ? nextExpiry_ : resumeDueAt_);
    }
    return wake;
}

void OutboxPump::on(const Started&) {
    scheduleConnect(options_.bootSpread);
}

void OutboxPump::on(const BrokerConnected&) {
    link_ = Link::Up;
    linkSince_ = now_.steady;
    isHubOnline_ = false;  // its retained state comes with the subscription
    askAgain();
}

void OutboxPump::on(const BrokerLost&) {
    if (link_ == Link::Up && now_.steady - linkSince_ >= kSteady) {
        failedConnects_ = 0;
    }
    // Full jitter: kiosks that lost the same broker must not come back at the same time.
    constexpr unsigned kMostDoublings = 16;
    const Millis within =
        std::min(options_.longestBackOff, options_.firstBackOff * (1 << failedConnects_));
    failedConnects_ = std::min(failedConnects_ + 1, kMostDoublings);
    scheduleConnect(within);
}

void OutboxPump::on(const HubAnnounced& event) {
    isHubOnline_ = event.state.presence == wire::Presence::Online;
    hub_ = event.state.hub;
    // Each announcement is a new beginning: what was on its way to an earlier process is gone.
    askAgain();
}

void OutboxPump::on(const Acknowledged& event) {
    const wire::Ack& ack = event.ack;
    if (!isHubOnline() || ack.epoch != span_.epoch) {
        return;
    }
    const bool isAnswer = resume_ == Resume::Asked && (ack.completeThrough != 0 || span_.last == 0);
    if (!isAnswer && ack.hub != hub_) {
        // One of the two is from before the hub was restored: only a fresh answer tells.
        if (resume_ == Resume::Done) {
            askAgain();
        }
        return;
    }
    credit_ = std::min<std::size_t>(options_.windowBytes, ack.creditBytes);
    settle(ack.received);
    settle(ack.quarantined);
    if (!ack.received.empty()) {
        actions_.emplace_back(MarkReceived{ack.received});
    }
    if (!ack.quarantined.empty()) {
        actions_.emplace_back(MarkQuarantined{ack.quarantined});
    }
    if (isAnswer) {
        resumeFrom(ack);
    }
}

void OutboxPump::on(const RecordAdded&) {
    path(Lane::Urgent).mayHaveMore = true;
    // With the backlog read to its end, that cursor stands before the new row.
    path(path(Lane::Backlog).mayHaveMore ? Lane::Live : Lane::Backlog).mayHaveMore = true;
}

void OutboxPump::on(const TimePassed&) {
    if (link_ == Link::Down && now_.steady >= linkDueAt_) {
        link_ = Link::Connecting;
        linkDueAt_ = now_.steady + kConnectPatience;
        actions_.emplace_back(Connect{});
    } else if (link_ == Link::Connecting && now_.steady >= linkDueAt_) {
        on(BrokerLost{});
    }
    if (resume_ == Resume::Asked && now_.steady >= resumeDueAt_) {
        ++helloRepeats_;
        resume_ = Resume::Due;
    }
    if (now_.steady >= nextExpiry_) {
        expireFlights();
    }
}

void OutboxPump::on(const SpanRead& event) {
    isReading_ = false;
    if (resume_ != Resume::Reading) {
        return;
    }
    span_ = event.span;
    resume_ = Resume::Asked;
    resumeDueAt_ = now_.steady + timeOut(helloRepeats_);
    actions_.emplace_back(SendUp{wire::encode(
        wire::Hello{options_.event, options_.kiosk, span_.epoch, span_.firstWaiting, span_.last})});
}

void OutboxPump::on(const RowsRead& event) {
    isReading_ = false;
    if (!isHubOnline() || resume_ != Resume::Done) {
        return;
    }
    Path& lane = path(event.lane);
    if (event.rows.empty()) {
        lane.mayHaveMore = false;
        return;
    }
    lane.cursor = event.rows.back().seq;
    if (event.lane == Lane::Backlog) {
        path(Lane::Live).cursor = std::max(path(Lane::Live).cursor, lane.cursor);
    }
    sendBatch(event.rows);
}

void OutboxPump::on(const OutboxFailed&) {
    isReading_ = false;
    askAgain();
    resumeDueAt_ = now_.steady + kOutboxPause;
}

void OutboxPump::scheduleConnect(Millis within) {
    link_ = Link::Down;
    linkDueAt_ = now_.steady + std::chrono::duration_cast<Millis>(within * random_());
}

/// Nothing more is sent until the hub has said again what it holds.
void OutboxPump::askAgain() {
    groundAll();
    resume_ = Resume::Due;
    resumeDueAt_ = now_.steady;
    helloRepeats_ = 0;
}

void OutboxPump::resumeFrom(const wire::Ack& ack) {
    hub_ = ack.hub;
    resume_ = Resume::Done;
    failedConnects_ = 0;
    if (ack.completeThrough != 0) {
        SeqRanges held = ack.received;
        held.merge(ack.quarantined);
        if (const SeqRanges missing = held.holes({1, ack.completeThrough}); !missing.empty()) {
            actions_.emplace_back(MarkWaiting{missing});
        }
    }
    path(Lane::Urgent) = {0, true};
    path(Lane::Live) = {span_.last, true};
    path(Lane::Backlog) = {0, true};
}

/// Takes acknowledged rows out of the air; the first of them that was sent once tells the round
/// trip (a repeated one cannot: Karn's rule).
void OutboxPump::settle(const SeqRanges& ranges) {
    std::optional<Millis> sample;
    for (const SeqRange& range : ranges.view()) {
        auto flight = flights_.lower_bound(range.first);
        while (flight != flights_.end() && flight->first <= range.last) {
            const Flight& landed = flight->second;
            bytesOut_ -= landed.isOut ? landed.bytes : 0;
            if (!sample && landed.repeats == 0) {
                sample = std::chrono::duration_cast<Millis>(now_.steady - landed.sentAt);
            }
            flight = flights_.erase(flight);
        }
    }
    if (sample) {
        constexpr int kWeight = 8;  // RFC 6298 section 2
        roundTrip_ =
            roundTrip_ == Millis{0} ? *sample : (roundTrip_ * (kWeight - 1) + *sample) / kWeight;
    }
}

void OutboxPump::expireFlights() {
    nextExpiry_ = Instant::max();
    for (auto& [seq, flight] : flights_) {
        if (!flight.isOut) {
            continue;
        }
        if (now_.steady < flight.expiresAt) {
            nextExpiry_ = std::min(nextExpiry_, flight.expiresAt);
            continue;
        }
        flight.isOut = false;
        ++flight.repeats;
        bytesOut_ -= flight.bytes;
        Path& lane = path(flight.isUrgent ? Lane::Urgent : Lane::Backlog);
        lane.cursor = std::min(lane.cursor, seq - 1);
        lane.mayHaveMore = true;
    }
}

void OutboxPump::groundAll() {
    flights_.clear();
    bytesOut_ = 0;
    nextExpiry_ = Instant::max();
}

void OutboxPump::sendBatch(const std::vector<OutboxRow>& rows) {
    wire::Batch batch{options_.event, options_.kiosk,    span_.epoch,
                      now_.wall,      wire::Codec::None, {}};
    for (const OutboxRow& row : rows) {
        Flight& flight = flights_[row.seq];
        if (flight.isOut) {
            continue;
        }
        flight.bytes = row.sealed.size();
        flight.sentAt = now_.steady;
        flight.expiresAt = now_.steady + timeOut(flight.repeats);
        flight.isUrgent = row.isUrgent;
        flight.isOut = true;
        nextExpiry_ = std::min(nextExpiry_, flight.expiresAt);
        bytesOut_ += flight.bytes;
        batch.units.push_back({row.seq, row.id, row.sealed});
    }
    if (!batch.units.empty()) {
        actions_.emplace_back(SendUp{wire::encode(batch)});
    }
}

/// One read at a time; what it brings is sent before the next.
void OutboxPump::proceed() {
    if (!isHubOnline() || isReading_) {
        return;
    }
    if (resume_ == Resume::Due && now_.steady >= resumeDueAt_) {
        resume_ = Resume::Reading;
        isReading_ = true;
        actions_.emplace_back(ReadSpan{});
        return;
    }
    if (resume_ != Resume::Done) {
        return;
    }
    const auto lane = nextLane();
    if (!lane) {
        return;
    }
    if (*lane != Lane::Urgent) {
        wasLive_ = *lane == Lane::Live;
    }
    isReading_ = true;
    actions_.emplace_back(ReadRows{*lane,
                                   {path(*lane).cursor, *lane == Lane::Urgent, options_.batchRows,
                                    std::min(options_.batchBytes, roomFor(*lane))}});
}

std::optional<Lane> OutboxPump::nextLane() const {
    const auto first = wasLive_ ? Lane::Backlog : Lane::Live;
    const auto second = wasLive_ ? Lane::Live : Lane::Backlog;
    for (const Lane lane : {Lane::Urgent, first, second}) {
        if (path(lane).mayHaveMore && roomFor(lane) > 0) {
            return lane;
        }
    }
    return std::nullopt;
}

/// The backlog leaves a quarter of the window free, so that on a slow link a new record does not
/// wait for it, and waits for room that is worth a batch. With nothing on its way one batch may
/// go, whatever the credit: else a credit of nothing could never be raised again.
std::size_t OutboxPump::roomFor(Lane lane) const {
    if (bytesOut_ == 0) {
        return std::max<std::size_t>(credit_, 1);
    }
    const std::size_t most = lane == Lane::Backlog ? credit_ / 4 * 3 : credit_;
    const std::size_t room = most > bytesOut_ ? most - bytesOut_ : 0;
    const std::size_t worth = lane == Lane::Backlog ? std::min(options_.batchBytes, most) / 2 : 0;
    return room >= worth ? room : 0;
}

Millis OutboxPump::timeOut(unsigned repeats) const {
    constexpr unsigned kMostDoublings = 8;
    const Millis base = std::max(options_.shortestTimeOut, roundTrip_ * 4);
    return std::min(options_.longestTimeOut, base * (1 << std::min(repeats, kMostDoublings)));
}

}  // namespace tapport::agent
