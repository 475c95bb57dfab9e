// SPDX-License-Identifier: GPL-3.0-or-later
// What the hub's acknowledgements say of this kiosk's clock. A hint: it tells people, and says how
// far a clock that nobody sets can be believed. No time that was written down is ever changed by
// it. Pure.
#pragma once

#include "sync/record/time.h"

#include <optional>

namespace tapport::agent {

/// By the hub's clock it was at least `wall` when the kiosk's monotonic clock said `monotonic`: an
/// acknowledgement is on its way for a while, so the one that took least time tells most.
struct HubTime {
    record::WallTime wall;
    record::Millis monotonic{};
    bool operator==(const HubTime&) const = default;
};

/// Keeps what tells more. One that comes late, or is played again, tells less.
void keepBest(std::optional<HubTime>& best, const HubTime& heard);

/// How far the clock is ahead of the hub's; behind: negative.
[[nodiscard]] record::Millis aheadOf(const HubTime& hub, const record::ClockReading& reading);

/// Less does no harm to anybody, and more than that no link takes.
inline constexpr std::chrono::minutes kClockTolerance{1};

/// A clock that no time server sets now is good for a record while it agrees with the hub's
/// (Holdover), and is not when it does not (Unset). One that is synced is left alone: then it may
/// be the hub's that is wrong.
[[nodiscard]] record::ClockReading judged(record::ClockReading reading,
                                          const std::optional<HubTime>& hub);

/// Sees every reading of the clocks, and so when somebody moved the wall clock: it then moved by
/// more than kClockTolerance against the monotonic one.
class ClockWatch {
  public:
    /// As judged(); and Stepped instead of Holdover from a jump on until a time server disciplines
    /// the clock or the hub's agrees.
    [[nodiscard]] record::ClockReading judge(const record::ClockReading& reading,
                                             const std::optional<HubTime>& hub);

  private:
    std::optional<record::ClockReading> last_;
    bool hasJumped_ = false;
};

}  // namespace tapport::agent
