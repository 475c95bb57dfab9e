// SPDX-License-Identifier: GPL-3.0-or-later
// The one way in which tests wait: for a condition, up to a deadline. Nothing sleeps for a fixed
// time.
#pragma once

#include <chrono>
#include <functional>

namespace tapport::support {

/// For what takes a second or two on a quiet machine: a test program has others beside it, and a
/// condition that holds ends the wait at once.
inline constexpr std::chrono::seconds kPatience{60};
/// Within it, what ends of itself has ended even on a busy machine; without what it proves, the
/// wait would be several times longer, or for ever.
inline constexpr std::chrono::seconds kSoon{15};

/// Asks `holds` every few milliseconds, or as rarely as `between` where asking holds up what is
/// waited for; false when it did not hold within `patience`.
[[nodiscard]] bool waitUntil(const std::function<bool()>& holds,
                             std::chrono::milliseconds patience = kPatience,
                             std::chrono::milliseconds between = std::chrono::milliseconds(5));

}  // namespace tapport::support
