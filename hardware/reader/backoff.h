// SPDX-License-Identifier: GPL-3.0-or-later
// How long to wait before the next try: doubling from the least to the most pause. Pure.
#pragma once

#include <algorithm>
#include <chrono>

namespace tapport::reader {

class Backoff {
  public:
    using Duration = std::chrono::milliseconds;
    Backoff(Duration least, Duration most) : least_(least), most_(most), next_(least) {}

    [[nodiscard]] Duration next() {
        const auto pause = next_;
        next_ = std::min(most_, next_ * 2);
        return pause;
    }
    void reset() { next_ = least_; }

  private:
    Duration least_;
    Duration most_;
    Duration next_;
};

}  // namespace tapport::reader
