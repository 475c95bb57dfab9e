// SPDX-License-Identifier: GPL-3.0-or-later
// kiosk.toml as values: what this kiosk is, where its files, reader and broker are.
#pragma once

#include "firmware-app/visit/visit_session.h"
#include "sync/mqtt/mqtt_client.h"

#include <filesystem>
#include <string>

namespace tapport::kiosk {

/// Badges without a message we can use: told so, or taken by their UID, which anyone can copy.
enum class UidBadges { Refuse, Accept };

struct Settings {
    record::KioskId kiosk;
    std::filesystem::path eventFile;
    std::filesystem::path dataDir;
    std::string
        connstring;  ///< of the badge reader; empty: there is none, and staff see it as lost
    std::filesystem::path readerProgram;  ///< empty: tapport-reader beside this program
    UidBadges uidBadges = UidBadges::Refuse;
    mqtt::Options broker;
    int enrolPort = 0;
    visit::Timing timing;
    double pitchMillimetres = 0;   ///< one pixel of the display; the screens think in millimetres
    std::filesystem::path beeper;  ///< evdev device of a buzzer; empty: silent
    std::string logLevel;
};

/// InvalidConfig names every key that is missing, unknown or out of range.
[[nodiscard]] Result<Settings> readSettings(const std::filesystem::path& file);

}  // namespace tapport::kiosk
