// SPDX-License-Identifier: GPL-3.0-or-later
// How many bytes may be on their way. What is there already is what a new record waits behind, and
// what is repeated when it takes longer than a time-out: so few while nothing is known of the link,
// fewer when answers come late, and more as long as they come at once, because a hub commits what
// is there as one transaction. Pure. Private to the pump.
#pragma once

#include "sync/record/time.h"

#include <algorithm>
#include <chrono>

namespace tapport::agent {

class SendWindow {
  public:
    using Instant = std::chrono::steady_clock::time_point;

    /// Begins with `first`; when answers are slow never below `least`, or `first` if that is less.
    SendWindow(std::size_t first, std::size_t least, std::size_t most)
        : first_(first),
          least_(std::min(first, least)),
          most_(std::max(first, most)),
          size_(first),
          credit_(most_) {}

    /// Another connection, or another hub: what was learned of the way does not count.
    void begin(Instant now) {
        size_ = first_;
        idle_ = record::Millis(0);
        changed_ = now;
    }
    /// So long a message takes there and its answer back when nothing else is on its way. Unheard
    /// of, it takes no time.
    void answeredIdle(record::Millis roundTrip) { idle_ = roundTrip; }
    /// An answer came. `bytes` it took out of the air, of `bytesOut` that were there.
    void answered(std::size_t bytes, std::size_t bytesOut, Instant sentAt, Instant now) {
        const auto roundTrip = std::chrono::duration_cast<record::Millis>(now - sentAt);
        const record::Millis waited = roundTrip - std::min(idle_, roundTrip);
        idle_ = std::min(idle_, roundTrip);
        // One that hardly anything was on its way with says nothing of more.
        if (waited <= kFast && bytesOut >= size_ / 2) {
            // At that rate so many times as much is answered before it would count as late.
            const auto times = static_cast<std::size_t>(kFast / std::max(roundTrip, kShortest));
            size_ = std::min(most_, size_ + std::max(kEagerness, times) * bytes);
        } else if (waited > kSlow && sentAt >= changed_) {
            shrink(std::max(least_, size_ / 2), now);
        }
    }
    /// No answer came in time.
    void missed(Instant now) { shrink(std::clamp(size_ / 2, least_, first_), now); }
    /// What the hub would take at most.
    void limit(std::size_t credit) { credit_ = credit; }

    [[nodiscard]] std::size_t bytes() const { return std::min(size_, credit_); }

  private:
    static constexpr record::Millis kFast{250};
    static constexpr record::Millis kSlow{1000};
    static constexpr record::Millis kShortest{1};
    static constexpr std::size_t kEagerness = 2;  ///< three times as much each round trip, at least

    void shrink(std::size_t to, Instant now) {
        size_ = to;
        changed_ = now;  // what was sent before is late for the same reason
    }

    std::size_t first_;
    std::size_t least_;
    std::size_t most_;
    std::size_t size_;
    std::size_t credit_;
    record::Millis idle_{0};
    Instant changed_{};
};

}  // namespace tapport::agent
