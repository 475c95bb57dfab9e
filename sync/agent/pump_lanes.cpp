// SPDX-License-Identifier: GPL-3.0-or-later
// The half of OutboxPump that is about rows: what goes when on which lane, and what became of it.
#include "sync/agent/pump.h"

namespace tapport::agent {

using record::Millis;
using record::SeqRanges;

/// What it says of batches that were sent from here, on whatever connection. All others are another
/// copy's of this card: the hub may hold that one's records at the positions of these.
void OutboxPump::settle(const wire::Ack& ack) {
    const std::size_t before = flights_.bytesOut();
    SeqRanges received;
    SeqRanges quarantined;
    Instant oldest = now_.steady;
    for (const wire::Answered& answer : ack.batches) {
        if (const auto outcome = sent_.settle(ack.epoch, answer)) {
            received.merge(outcome->received);
            quarantined.merge(outcome->quarantined);
            oldest = std::min(oldest, outcome->sentAt);
        }
    }
    if (received.empty() && quarantined.empty()) {
        return;
    }
    flights_.settle(received);
    flights_.settle(quarantined);
    if (oldest >= askedSince_) {
        flights_.measured(std::chrono::duration_cast<Millis>(now_.steady - oldest));
        window_.answered(before - flights_.bytesOut(), before, oldest, now_.steady);
    }
    if (!received.empty()) {
        actions_.emplace_back(MarkReceived{std::move(received)});
    }
    if (!quarantined.empty()) {
        actions_.emplace_back(MarkQuarantined{std::move(quarantined)});
    }
    if (flights_.bytesOut() == 0) {
        for (Path& path : paths_) {
            path.notBefore = now_.steady;
        }
    }
}

void OutboxPump::on(const RecordAdded&) {
    path(Lane::Urgent).mayHaveMore = true;
    // With the backlog read to its end, that cursor stands before the new row; but the backlog
    // waits for what is repeated.
    const bool hasOlder = path(Lane::Backlog).mayHaveMore || flights_.longestDue();
    offer(hasOlder ? Lane::Live : Lane::Backlog);
}

void OutboxPump::on(const RowsRead& event) {
    isReading_ = false;
    if (!mayAsk() || resume_ != Resume::Done) {
        return;
    }
    Path& lane = path(event.lane);
    if (event.lane == Lane::Repeat) {
        const std::uint64_t asked = lane.cursor + 1;
        if (event.rows.empty() || event.rows.front().number != asked) {
            // It does not wait any more, whoever saw to that: else it would be asked for for ever.
            record::SeqRanges gone;
            gone.add(asked);
            flights_.settle(gone);
        }
        send(event.rows);
        return;
    }
    if (event.rows.empty()) {
        lane.mayHaveMore = false;
        return;
    }
    lane.cursor = event.rows.back().number;
    if (event.lane == Lane::Backlog) {
        path(Lane::Live).cursor = std::max(path(Lane::Live).cursor, lane.cursor);
    }
    send(event.rows);
}

void OutboxPump::on(const Pruned& event) {
    if (event.hasMore) {
        pruning_.hasMore(now_.steady);
    }
}

/// The next piece of what may be dropped, and the next batch of whose turn it is.
void OutboxPump::sendOn() {
    if (now_.steady >= pruning_.dueAt()) {
        const std::uint64_t base = epochs_.back().base;
        actions_.emplace_back(Prune{{base + 1, base + pruning_.take()}});
    }
    const auto lane = nextLane();
    if (!lane) {
        return;
    }
    if (*lane != Lane::Urgent) {
        wasLive_ = *lane == Lane::Live;
    }
    std::size_t rows = std::max(options_.readRows, options_.batchRows);
    if (*lane == Lane::Repeat) {
        const std::uint64_t first = *flights_.longestDue();
        path(*lane).cursor = first - 1;
        rows = std::min(rows, flights_.dueFrom(first));
    }
    isReading_ = true;
    actions_.emplace_back(ReadRows{
        *lane,
        {path(*lane).cursor, *lane == Lane::Urgent, rows, std::min(batchBytes(), roomFor(*lane))}});
}

/// A new record goes at once when nothing is on its way; else others may still come to go with it.
void OutboxPump::offer(Lane lane) {
    Path& to = path(lane);
    if (!to.mayHaveMore) {
        to.mayHaveMore = true;
        to.notBefore = flights_.bytesOut() == 0 ? now_.steady : now_.steady + options_.gather;
    }
}

void OutboxPump::send(const std::vector<OutboxRow>& rows) {
    wire::Batch batch{options_.event, options_.kiosk, {}, now_.wall, wire::Codec::None, {}};
    SentBatches::Batch kept;
    std::size_t packed = 0;
    const auto dispatch = [&] {
        if (!batch.runs.empty()) {
            Bytes payload = wire::encode(batch, options_.sign);
            sent_.add(wire::nameOf(payload), std::exchange(kept, {}));
            actions_.emplace_back(SendUp{std::move(payload)});
            batch.runs.clear();
            packed = 0;
        }
    };
    for (const OutboxRow& row : rows) {
        if (!flights_.takeOff({row.number, row.sealed.size(), row.isUrgent}, now_.steady)) {
            continue;
        }
        const OutboxEpoch& epoch = epochOf(row.number);
        if (epoch.epoch != batch.epoch || packed == options_.batchRows) {
            dispatch();
            batch.epoch = epoch.epoch;
        }
        const std::uint64_t seq = row.number - epoch.base;
        if (batch.runs.empty()) {
            kept = {epoch.epoch, epoch.base, {}, now_.steady};
        }
        if (batch.runs.empty() || seq != batch.runs.back().first + batch.runs.back().units.size()) {
            batch.runs.push_back({seq, row.before, {}});
        }
        batch.runs.back().units.push_back({row.id, Blob::lentBy(row.sealed)});
        kept.numbers.add(row.number);
        ++packed;
    }
    dispatch();
}

void OutboxPump::repeatExpired() {
    const std::vector<Flights::Row> expired = flights_.expire(now_.steady);
    if (!expired.empty()) {
        window_.missed(now_.steady);
    }
    for (const Flights::Row& row : expired) {
        if (row.isUrgent) {
            Path& urgent = path(Lane::Urgent);
            urgent = {std::min(urgent.cursor, row.number - 1), true, now_.steady};
        }
        // What the backlog would have come to next does not wait for what is repeated.
        path(Lane::Live).mayHaveMore = true;
    }
}

Instant OutboxPump::lanesDueAt() const {
    Instant due = std::min(flights_.nextExpiry(), pruning_.dueAt());
    for (const Path& path : paths_) {
        if (path.mayHaveMore && path.notBefore > now_.steady) {
            due = std::min(due, path.notBefore);
        }
    }
    return due;
}

const OutboxEpoch& OutboxPump::epochOf(std::uint64_t number) const {
    std::size_t at = epochs_.size() - 1;
    while (epochs_[at].base >= number && at > 0) {
        --at;
    }
    return epochs_[at];
}

bool OutboxPump::isReady(Lane lane) const {
    if (lane == Lane::Repeat) {
        return flights_.longestDue() && roomFor(lane) > 0;
    }
    const Path& its = path(lane);
    return its.mayHaveMore && its.notBefore <= now_.steady && roomFor(lane) > 0;
}

std::optional<Lane> OutboxPump::nextLane() const {
    const auto old = flights_.longestDue() ? Lane::Repeat : Lane::Backlog;
    const auto first = wasLive_ ? old : Lane::Live;
    const auto second = wasLive_ ? Lane::Live : old;
    for (const Lane lane : {Lane::Urgent, first, second}) {
        if (isReady(lane)) {
            return lane;
        }
    }
    return std::nullopt;
}

/// The backlog and what is repeated leave a quarter of the window free, so that on a slow link a
/// new record does not wait for them, and wait for room that is worth a batch. While something is
/// to be repeated, new records leave half of it: a hub that answers nothing frees room by time-outs
/// only, and enough of them to take all of that would keep every repeat waiting. With nothing on
/// its way one batch may go, whatever the credit: else a credit of nothing could never be raised
/// again.
std::size_t OutboxPump::roomFor(Lane lane) const {
    const std::size_t out = flights_.bytesOut();
    const std::size_t all = window_.bytes();
    if (out == 0) {
        return std::max<std::size_t>(all, 1);
    }
    const auto left = [](std::size_t of, std::size_t taken) { return of - std::min(of, taken); };
    if (lane == Lane::Live && flights_.longestDue()) {
        return std::min(left(all, out), left(all / 2, out - flights_.bytesRepeated()));
    }
    if (lane == Lane::Urgent || lane == Lane::Live) {
        return left(all, out);
    }
    const std::size_t most = all / 4 * 3;
    const std::size_t room = left(most, out);
    // Of what new records leave there must always be enough.
    const std::size_t worth = lane == Lane::Repeat ? all / 8 : std::min(batchBytes(), most) / 2;
    return room >= worth ? room : 0;
}

}  // namespace tapport::agent
