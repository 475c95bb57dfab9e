// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/program/seldom.h"

#include <utility>

namespace tapport::program {

std::optional<std::string> Seldom::next(const std::string& line, Time now) {
    std::erase_if(said_, [&](const auto& one) { return now - one.second >= kBetweenLines; });
    if (said_.contains(line) || said_.size() >= kMostLines) {
        ++leftOut_;
        return std::nullopt;
    }
    said_.emplace(line, now);
    const std::uint64_t leftOut = std::exchange(leftOut_, 0);
    return leftOut == 0 ? line : fmt::format("{} ({} such lines were left out)", line, leftOut);
}

void Seldom::log(LogLevel level, const std::string& line) {
    if (const auto said = next(line, std::chrono::steady_clock::now())) {
        logText(level, *said);
    }
}

}  // namespace tapport::program
