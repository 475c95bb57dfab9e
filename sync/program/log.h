// SPDX-License-Identifier: GPL-3.0-or-later
// Logging for programs and runners, on spdlog; pure folders do not log. One line an entry on
// stderr: time, level, program, message. Never personal data: no name, address, note, badge token
// or key. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/core.h>

namespace tapport::program {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };

/// Once, in main. `level` is one of debug, info, warning, error; another word counts as info.
void startLogging(std::string_view program, std::string_view level);
void logText(LogLevel level, std::string_view message);

template <typename... Args>
void logDebug(fmt::format_string<Args...> format, Args&&... args) {
    logText(LogLevel::Debug, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void logInfo(fmt::format_string<Args...> format, Args&&... args) {
    logText(LogLevel::Info, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void logWarning(fmt::format_string<Args...> format, Args&&... args) {
    logText(LogLevel::Warning, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void logError(fmt::format_string<Args...> format, Args&&... args) {
    logText(LogLevel::Error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace tapport::program
