// SPDX-License-Identifier: GPL-3.0-or-later
// Time as a kiosk without a battery-backed clock can honestly state it. Order is by Position, never
// by wall time.
#pragma once

#include "sync/record/ids.h"

#include <chrono>

namespace tapport::record {

using Millis = std::chrono::milliseconds;
using WallTime = std::chrono::sys_time<Millis>;

enum class ClockQuality : std::uint8_t {
    Unset,     ///< never set since boot: wall time is the last known time or the build's
    Holdover,  ///< was set, the source is gone
    Synced,    ///< disciplined by NTP now
    Stepped,   ///< was set, and jumped since; nobody has confirmed it yet
};

/// One look at all clocks.
struct ClockReading {
    WallTime wall;
    ClockQuality quality = ClockQuality::Unset;
    BootId boot;
    Millis monotonic{};  ///< since boot; compares within the same `boot` only
    bool operator==(const ClockReading&) const = default;
};

/// No build of this program is older: a clock that reads less is wrong. The day that the build
/// gives (TAPPORT_RELEASED in CMakeLists.txt), which every release raises.
[[nodiscard]] WallTime releasedAt();

/// The present, as far as it can be trusted. Whoever asks "has it ended?" takes latest(): a clock
/// that runs ahead then ends things too early, which can be made good. Whoever destroys asks
/// isCertain() first, because that cannot.
class TrustedNow {
  public:
    /// `floor`: the latest time that is known to have passed, such as the last arrival that was
    /// stamped with a synced clock.
    explicit TrustedNow(const ClockReading& clock, WallTime floor = releasedAt())
        : reading_(clock.wall),
          floor_(std::max(floor, releasedAt())),
          isSynced_(clock.quality == ClockQuality::Synced) {}

    /// What the clock says, for stamps: never to be compared.
    [[nodiscard]] WallTime reading() const { return reading_; }
    [[nodiscard]] WallTime latest() const { return std::max(reading_, floor_); }
    /// A synced clock, no earlier than what is known, and not a leap ahead of it.
    [[nodiscard]] bool isCertain() const {
        constexpr std::chrono::days kLongestSilence(366);
        return isSynced_ && reading_ >= floor_ && reading_ - floor_ <= kLongestSilence;
    }

  private:
    WallTime reading_;
    WallTime floor_;
    bool isSynced_;
};

/// 2026-11-22T15:04:05.678Z
[[nodiscard]] std::string isoText(WallTime time);
[[nodiscard]] std::string_view nameOf(ClockQuality quality);

}  // namespace tapport::record
