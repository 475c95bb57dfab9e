// SPDX-License-Identifier: GPL-3.0-or-later
// For lines that come with every batch while something lasts, such as a full disk: a log that they
// fill tells nothing, and may fill the next disk. Each is said at once, and then once in a while
// with how many were left out. One thread's own.
#pragma once

#include "sync/program/log.h"

#include <chrono>
#include <map>
#include <optional>

namespace tapport::program {

class Seldom {
  public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::minutes kBetweenLines{10};
    /// Different ones within that time. A text with a number in it would be a new one each time.
    static constexpr std::size_t kMostLines = 8;

    /// What to log of it now; nothing when it was said a short while ago.
    [[nodiscard]] std::optional<std::string> next(const std::string& line, Time now);
    void log(LogLevel level, const std::string& line);

  private:
    std::map<std::string, Time> said_;
    std::uint64_t leftOut_ = 0;  ///< since something was said
};

}  // namespace tapport::program
