// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows of the current epoch the kiosk may drop: what the hub has opened and backed up it will
// never ask for again. But of two clones' records at the same positions it has one kiosk's, so only
// as far as the hello has shown whose. Nothing of an epoch that was left is dropped: whose it is,
// nobody knows. Pure: the time is handed in. Private to the pump.
#pragma once

#include "sync/agent/flights.h"

namespace tapport::agent {

class Pruning {
  public:
    /// `pause`: between two pieces, so that a visit that is confirmed does not wait for all.
    explicit Pruning(record::Millis pause) : pause_(pause) {}

    /// A new hello is due: until its answer nothing is known.
    void forget() { *this = Pruning(pause_); }
    /// Up to here the chain says that the hub's records are these.
    void verified(std::uint64_t seq) { verified_ = seq; }
    /// Of an acknowledgement for the current epoch.
    void allow(std::uint64_t watermark, Instant now) {
        const std::uint64_t through = std::min(watermark, verified_);
        if (through > through_) {
            through_ = through;
            dueAt_ = now;
        }
    }
    /// A piece was dropped, and it was not all.
    void hasMore(Instant now) { dueAt_ = through_ > 0 ? now + pause_ : Instant::max(); }
    [[nodiscard]] Instant dueAt() const { return dueAt_; }
    /// Up to where to drop now; nothing is due any more.
    [[nodiscard]] std::uint64_t take() {
        dueAt_ = Instant::max();
        return through_;
    }

  private:
    record::Millis pause_;
    std::uint64_t verified_ = 0;
    std::uint64_t through_ = 0;
    Instant dueAt_ = Instant::max();
};

}  // namespace tapport::agent
