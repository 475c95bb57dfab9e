// SPDX-License-Identifier: GPL-3.0-or-later
// How the outbox's rows stand with the hub, as sets of row numbers: whatever is in none of them
// waits. A drain marks ten thousand rows by moving the end of one range; the rows themselves,
// sealed bytes and all, are not written again. Pure; the store keeps the sets in a table.
#pragma once

#include "sync/record/seq_ranges.h"

#include <array>

namespace tapport::store {

/// standing.state
enum class RowState : std::uint8_t {
    Received,
    Quarantined,
    Dropped,  ///< received, and no longer here
};

class Standing {
  public:
    static constexpr std::size_t kStates = 3;

    Standing() = default;
    /// Sets that are apart from each other, by state.
    explicit Standing(const std::array<record::SeqRanges, kStates>& sets);

    /// Of what waits or is quarantined. A number that was never given out is the caller's to leave
    /// away, here and below.
    void receive(const record::SeqRanges& numbers);
    /// Of what waits.
    void quarantine(const record::SeqRanges& numbers);
    /// Of what is here.
    void wait(const record::SeqRanges& numbers);
    /// Of what is received.
    void drop(const record::SeqRanges& numbers);

    [[nodiscard]] const record::SeqRanges& of(RowState state) const {
        return sets_.at(static_cast<std::size_t>(state));
    }
    /// Numbers within that wait.
    [[nodiscard]] record::SeqRanges waiting(record::SeqRange within) const {
        return settled_.holes(within);
    }
    /// How many wait, of `total` that were given out.
    [[nodiscard]] std::uint64_t waitingOf(std::uint64_t total) const {
        return total - settled_.count();
    }

    bool operator==(const Standing&) const = default;

  private:
    [[nodiscard]] record::SeqRanges& set(RowState state) {
        return sets_.at(static_cast<std::size_t>(state));
    }

    std::array<record::SeqRanges, kStates> sets_;
    record::SeqRanges settled_;  ///< all of them
};

}  // namespace tapport::store
