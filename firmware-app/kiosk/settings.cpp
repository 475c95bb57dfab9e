// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/kiosk/settings.h"

#include "sync/mqtt/broker_config.h"
#include "sync/program/config.h"

namespace tapport::kiosk {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

visit::Timing readTiming(program::Config& config) {
    visit::Timing timing;
    const auto secondsOf = [&config](std::string_view key, record::Millis fallback, int least,
                                     int most) {
        const auto whole = std::chrono::duration_cast<seconds>(fallback).count();
        return record::Millis(seconds(config.integer(key, whole, least, most)));
    };
    // Kiosk guidance: 30-180 s idle and a warning of at least 20 s. Shorter ones are for bench and
    // demo.
    timing.idle = secondsOf("timing.idle_seconds", timing.idle, 2, 180);
    timing.warning = secondsOf("timing.warning_seconds", timing.warning, 1, 120);
    timing.done = secondsOf("timing.done_seconds", timing.done, 2, 120);
    timing.lastVisitKept = minutes(config.integer("timing.last_visit_minutes", 10, 1, 120));
    timing.inputGuard =
        record::Millis(config.integer("timing.input_guard_ms", timing.inputGuard.count(), 0, 2000));
    return timing;
}

}  // namespace

Result<Settings> readSettings(const std::filesystem::path& file) {
    auto config = program::Config::load(file);
    if (!config) {
        return tl::unexpected(config.error());
    }
    Settings settings;
    settings.kiosk = {config->requiredText("kiosk")};
    settings.eventFile = config->requiredPath("event");
    settings.dataDir = config->path("data", "kiosk");
    settings.connstring = config->text("reader.connstring", "");
    settings.readerProgram = config->path("reader.program", "");
    const std::string uidBadges = config->text("reader.uid_badges", "refuse");
    settings.uidBadges = uidBadges == "accept" ? UidBadges::Accept : UidBadges::Refuse;
    settings.broker = mqtt::readBroker(*config);
    settings.enrolPort =
        static_cast<int>(config->integer("broker.enrol_port", mqtt::kEnrolPort, 1, 65535));
    settings.timing = readTiming(*config);
    settings.pitchMillimetres =
        static_cast<double>(config->integer("display.pitch_um", 193, 50, 1000)) / 1000.0;
    settings.beeper = config->path("board.beeper", "");
    settings.logLevel = config->text("log.level", "info");
    if (const auto finished = config->finish(); !finished) {
        return tl::unexpected(finished.error());
    }
    if (!record::isName(settings.kiosk.value)) {
        return fail(Code::InvalidConfig,
                    file.filename().string() + ": 'kiosk' must be 1 to 32 of a-z, 0-9 and '-'");
    }
    if (uidBadges != "accept" && uidBadges != "refuse") {
        return fail(
            Code::InvalidConfig,
            file.filename().string() + ": 'reader.uid_badges' must be \"refuse\" or \"accept\"");
    }
    if (const auto broker = mqtt::checkBroker(settings.broker); !broker) {
        return tl::unexpected(broker.error().in(file.filename().string()));
    }
    return settings;
}

}  // namespace tapport::kiosk
