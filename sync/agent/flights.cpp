// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/agent/flights.h"

namespace tapport::agent {

using record::Millis;

bool Flights::takeOff(const Row& row, Instant now) {
    Flight& flight = flights_[row.number];
    if (flight.isOut) {
        return false;
    }
    due_.erase({flight.expiresAt, row.number});
    flight.row = row;
    flight.sentAt = now;
    flight.expiresAt = now + timeOut(flight.repeats);
    flight.isOut = true;
    nextExpiry_ = std::min(nextExpiry_, flight.expiresAt);
    bytesOut_ += row.bytes;
    bytesRepeated_ += flight.repeats > 0 ? row.bytes : 0;
    return true;
}

void Flights::settle(const record::SeqRanges& numbers) {
    for (const record::SeqRange& range : numbers.view()) {
        auto flight = flights_.lower_bound(range.first);
        while (flight != flights_.end() && flight->first <= range.last) {
            land(flight->second);
            due_.erase({flight->second.expiresAt, flight->first});
            flight = flights_.erase(flight);
        }
    }
}

void Flights::measured(Millis roundTrip) {
    constexpr int kWeight = 8;  // RFC 6298 section 2
    // On a slow link it grows with each answer. One that was late because somebody was frozen must
    // not have everything that is lost later wait for a minute.
    roundTrip = std::min(roundTrip, timeOut(0));
    roundTrip_ =
        roundTrip_ == Millis{0} ? roundTrip : (roundTrip_ * (kWeight - 1) + roundTrip) / kWeight;
}

std::vector<Flights::Row> Flights::expire(Instant now) {
    std::vector<Row> expired;
    if (now < nextExpiry_) {
        return expired;
    }
    nextExpiry_ = Instant::max();
    for (auto& [number, flight] : flights_) {
        if (!flight.isOut) {
            continue;
        }
        // On a link that turned out to be slow, what went together is answered one by one.
        const Instant due = std::max(flight.expiresAt, flight.sentAt + timeOut(flight.repeats));
        if (now < due) {
            nextExpiry_ = std::min(nextExpiry_, due);
            continue;
        }
        land(flight);
        ++flight.repeats;
        flight.expiresAt = now;
        if (!flight.row.isUrgent) {
            due_.emplace(now, number);
        }
        expired.push_back(flight.row);
    }
    return expired;
}

std::optional<std::uint64_t> Flights::longestDue() const {
    return due_.empty() ? std::nullopt : std::optional(due_.begin()->second);
}

std::size_t Flights::dueFrom(std::uint64_t number) const {
    std::size_t rows = 0;
    auto flight = flights_.find(number);
    while (flight != flights_.end() && flight->first == number + rows && !flight->second.isOut) {
        ++rows;
        ++flight;
    }
    return rows;
}

void Flights::groundAll() {
    flights_.clear();
    due_.clear();
    bytesOut_ = 0;
    bytesRepeated_ = 0;
    nextExpiry_ = Instant::max();
}

void Flights::land(Flight& flight) {
    if (std::exchange(flight.isOut, false)) {
        bytesOut_ -= flight.row.bytes;
        bytesRepeated_ -= flight.repeats > 0 ? flight.row.bytes : 0;
    }
}

Millis Flights::timeOut(unsigned repeats) const {
    constexpr unsigned kMostDoublings = 8;
    const Millis base = std::max(shortestTimeOut_, roundTrip_ * 4);
    return std::min(longestTimeOut_, base * (1 << std::min(repeats, kMostDoublings)));
}

}  // namespace tapport::agent
