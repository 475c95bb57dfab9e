// SPDX-License-Identifier: GPL-3.0-or-later
// How often a receipt's holder may post to its page. Only what is known counts, so that guesses at
// others use up nobody's turns and fill no memory. Not thread-safe. Time is handed in.
#pragma once

#include "sync/record/ids.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <utility>

namespace tapport::hub {

class Brake {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::size_t kMost = 10;  ///< of one receipt, within kWindow
    static constexpr std::chrono::minutes kWindow{1};

    [[nodiscard]] bool isTooOften(const record::ReceiptId& id, Time now) {
        while (!posts_.empty() && posts_.front().first + kWindow <= now) {
            posts_.pop_front();
        }
        const auto own = std::count_if(posts_.begin(), posts_.end(),
                                       [&](const auto& post) { return post.second == id; });
        return static_cast<std::size_t>(own) >= kMost;
    }
    void note(const record::ReceiptId& id, Time now) { posts_.emplace_back(now, id); }

  private:
    std::deque<std::pair<Time, record::ReceiptId>> posts_;
};

}  // namespace tapport::hub
