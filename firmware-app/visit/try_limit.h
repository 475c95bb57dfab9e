// SPDX-License-Identifier: GPL-3.0-or-later
// How often somebody may guess: a few tries at once, then waits that double. Its state is handed in
// and out, since it has to outlive the program. Pure.
#pragma once

#include "sync/record/tries.h"

#include <optional>

namespace tapport::visit {

struct TryPolicy {
    unsigned free;             ///< tries that nobody waits after
    record::Millis firstWait;  ///< after the next one; doubled with each more
    record::Millis longestWait;
    std::optional<record::Millis> forgivenAfter;  ///< one try each time; nothing: by success alone
};

class TryLimit {
  public:
    TryLimit(const TryPolicy& policy, const record::Tries& kept) : policy_(policy), tries_(kept) {}

    /// Comes before the other calls of a step. On another boot's clock nobody knows how long ago
    /// the last try was: the wait for it begins again.
    void look(const record::ClockReading& now);
    /// When the next try may come, on the monotonic clock.
    [[nodiscard]] record::Millis opensAt() const;
    void count();
    void forgive() { tries_.count = 0; }
    [[nodiscard]] const record::Tries& tries() const { return tries_; }

  private:
    TryPolicy policy_;
    record::Tries tries_;
    record::Millis now_{};
};

}  // namespace tapport::visit
