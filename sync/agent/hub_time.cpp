// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/agent/hub_time.h"

namespace tapport::agent {
namespace {

/// Between two that tell nearly the same, nobody need be told.
constexpr record::Millis kWorthwhile{100};

}  // namespace

void keepBest(std::optional<HubTime>& best, const HubTime& heard) {
    if (!best || heard.wall - best->wall > heard.monotonic - best->monotonic + kWorthwhile) {
        best = heard;
    }
}

record::Millis aheadOf(const HubTime& hub, const record::ClockReading& reading) {
    return reading.wall - hub.wall - (reading.monotonic - hub.monotonic);
}

record::ClockReading judged(record::ClockReading reading, const std::optional<HubTime>& hub) {
    if (hub && reading.quality != record::ClockQuality::Synced) {
        const bool agrees = std::chrono::abs(aheadOf(*hub, reading)) <= kClockTolerance;
        reading.quality = agrees ? record::ClockQuality::Holdover : record::ClockQuality::Unset;
    }
    return reading;
}

record::ClockReading ClockWatch::judge(const record::ClockReading& reading,
                                       const std::optional<HubTime>& hub) {
    if (last_ && last_->boot == reading.boot) {
        const record::Millis moved =
            reading.wall - last_->wall - (reading.monotonic - last_->monotonic);
        hasJumped_ = hasJumped_ || std::chrono::abs(moved) > kClockTolerance;
    }
    last_ = reading;
    record::ClockReading result = judged(reading, hub);
    const bool isConfirmed = result.quality == record::ClockQuality::Synced ||
                             (hub && result.quality == record::ClockQuality::Holdover);
    hasJumped_ = hasJumped_ && !isConfirmed;
    if (hasJumped_ && result.quality == record::ClockQuality::Holdover) {
        result.quality = record::ClockQuality::Stepped;
    }
    return result;
}

}  // namespace tapport::agent
