// SPDX-License-Identifier: GPL-3.0-or-later
// How many bytes may be on their way: few on a slow link, where a new record would wait behind
// them; more as long as answers come fast, because a hub commits what is there as one transaction.
// Pure. Private to the pump.
#pragma once

#include "sync/record/time.h"

#include <algorithm>

namespace tapport::agent {

class SendWindow {
  public:
    SendWindow(std::size_t usual, std::size_t most)
        : usual_(usual), most_(std::max(usual, most)), size_(usual), credit_(most_) {}

    /// So many bytes were answered, a round trip takes so long now. At that rate as much may go as
    /// is answered within a fast round trip.
    void acknowledged(std::size_t bytes, record::Millis roundTrip) {
        if (roundTrip <= kFast) {
            const auto times = kFast / std::max(roundTrip, record::Millis(1));
            size_ =
                std::min(most_, std::max(size_ + bytes, bytes * static_cast<std::size_t>(times)));
        } else if (roundTrip > kSlow) {
            size_ = usual_;
        }
    }
    /// No answer came in time, or it is another connection now.
    void shrink() { size_ = usual_; }
    /// What the hub would take at most.
    void limit(std::size_t credit) { credit_ = credit; }

    [[nodiscard]] std::size_t bytes() const { return std::min(size_, credit_); }

  private:
    static constexpr record::Millis kFast{250};
    static constexpr record::Millis kSlow{1000};

    std::size_t usual_;
    std::size_t most_;
    std::size_t size_;
    std::size_t credit_;
};

}  // namespace tapport::agent
