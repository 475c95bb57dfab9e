// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/program/log.h"

#include <algorithm>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace tapport::program {
namespace {

spdlog::level::level_enum spdlogLevel(LogLevel level) {
    switch (level) {
        case LogLevel::Debug:
            return spdlog::level::debug;
        case LogLevel::Info:
            return spdlog::level::info;
        case LogLevel::Warning:
            return spdlog::level::warn;
        case LogLevel::Error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

LogLevel levelNamed(std::string_view name) {
    if (name == "debug") {
        return LogLevel::Debug;
    }
    if (name == "warning") {
        return LogLevel::Warning;
    }
    return name == "error" ? LogLevel::Error : LogLevel::Info;
}

bool isControl(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

}  // namespace

void startLogging(std::string_view program, std::string_view level) {
    auto logger = std::make_shared<spdlog::logger>(
        std::string(program), std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-7l %n: %v", spdlog::pattern_time_type::utc);
    logger->set_level(spdlogLevel(levelNamed(level)));
    logger->flush_on(spdlog::level::debug);
    spdlog::set_default_logger(std::move(logger));
}

void logText(LogLevel level, std::string_view message) {
    // One entry is one line whatever a library put into its error text: a reader of the log, and
    // the test that greps it, must not be led astray by a forged second line.
    std::string line(message);
    std::replace_if(line.begin(), line.end(), isControl, ' ');
    spdlog::default_logger_raw()->log(spdlogLevel(level), spdlog::string_view_t(line));
}

}  // namespace tapport::program
