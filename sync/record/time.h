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
    Stepped,   ///< jumped during the visit
};

/// One look at all clocks.
struct ClockReading {
    WallTime wall;
    ClockQuality quality = ClockQuality::Unset;
    BootId boot;
    Millis monotonic{};  ///< since boot; compares within the same `boot` only
    bool operator==(const ClockReading&) const = default;
};

/// 2026-11-22T15:04:05.678Z
[[nodiscard]] std::string isoText(WallTime time);
[[nodiscard]] std::string_view nameOf(ClockQuality quality);

}  // namespace tapport::record
