// SPDX-License-Identifier: GPL-3.0-or-later
// The one way in which tests wait: for a condition, up to a deadline. Nothing sleeps for a fixed
// time.
#pragma once

#include <chrono>
#include <functional>

namespace tapport::support {

inline constexpr std::chrono::seconds kPatience{20};  ///< generous: sanitizers on a busy machine

/// Asks `holds` every few milliseconds; false when it did not hold within `patience`.
[[nodiscard]] bool waitUntil(const std::function<bool()>& holds,
                             std::chrono::milliseconds patience = kPatience);

}  // namespace tapport::support
