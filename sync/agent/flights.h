// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that were sent and not acknowledged yet: how many bytes they are, how long an answer takes,
// which have waited too long for one. Pure: the time is handed in. Private to the pump.
#pragma once

#include "sync/record/seq_ranges.h"
#include "sync/record/time.h"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace tapport::agent {

using Instant = std::chrono::steady_clock::time_point;

class Flights {
  public:
    struct Row {
        std::uint64_t number = 0;
        std::size_t bytes = 0;
        bool isUrgent = false;
    };

    Flights(record::Millis shortestTimeOut, record::Millis longestTimeOut)
        : shortestTimeOut_(shortestTimeOut), longestTimeOut_(longestTimeOut) {}

    /// False when the row is on its way already.
    bool takeOff(const Row& row, Instant now);
    /// Takes acknowledged rows out of the air, those of them that are in it.
    void settle(const record::SeqRanges& numbers);
    /// So long one answer took. It names what it answers: a repeated row cannot mislead. One that
    /// came after the time-out counts as if it had come with it.
    void measured(record::Millis roundTrip);
    /// Rows that have waited too long, also by what was measured since they were sent; to be sent
    /// again, they are not counted as bytes meanwhile.
    [[nodiscard]] std::vector<Row> expire(Instant now);
    /// Of the rows that are to be sent again, urgent ones not counted, the one that has waited
    /// longest for it.
    [[nodiscard]] std::optional<std::uint64_t> longestDue() const;
    /// So many, from that number on without a gap, are to be sent again.
    [[nodiscard]] std::size_t dueFrom(std::uint64_t number) const;
    void groundAll();

    [[nodiscard]] std::size_t bytesOut() const { return bytesOut_; }
    /// Of these, what was sent before.
    [[nodiscard]] std::size_t bytesRepeated() const { return bytesRepeated_; }
    /// Smoothed; 0 before the first answer.
    [[nodiscard]] record::Millis roundTrip() const { return roundTrip_; }
    /// Not after the first row's.
    [[nodiscard]] Instant nextExpiry() const { return nextExpiry_; }
    /// How long to wait for an answer to what was sent before that many times.
    [[nodiscard]] record::Millis timeOut(unsigned repeats) const;

  private:
    struct Flight {
        Row row;
        Instant sentAt;
        Instant expiresAt;  ///< or, not out, when it was found to have
        unsigned repeats = 0;
        bool isOut = false;  ///< false: timed out then, to be read and sent again
    };
    void land(Flight& flight);

    record::Millis shortestTimeOut_;
    record::Millis longestTimeOut_;
    std::map<std::uint64_t, Flight> flights_;
    std::set<std::pair<Instant, std::uint64_t>> due_;  ///< since when, number
    std::size_t bytesOut_ = 0;
    std::size_t bytesRepeated_ = 0;
    Instant nextExpiry_ = Instant::max();
    record::Millis roundTrip_{0};
};

}  // namespace tapport::agent
