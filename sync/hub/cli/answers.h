// SPDX-License-Identifier: GPL-3.0-or-later
// What a hub answers on its local socket; the same text when a command opens the files itself.
#pragma once

#include "sync/hub/export/desk.h"
#include "sync/hub/run/custody.h"
#include "sync/hub/run/tell_desk.h"

namespace tapport::hub {

inline constexpr const char* kStatusText = "status text";
inline constexpr const char* kStatusJson = "status json";
inline constexpr const char* kExportCsv = "export csv";
inline constexpr const char* kReconfirmList = "reconfirm list";

/// Followed by an absolute path.
inline constexpr const char* kRecover = "recover ";
/// Followed by the absolute path of a file that is not there yet.
inline constexpr const char* kBackup = "backup ";
/// Followed by a kiosk's name.
inline constexpr const char* kStandingOf = "standing ";

/// Also of the requests of quarantine_answers.h. `user`: who asks. InvalidInput for another one.
[[nodiscard]] Result<std::string> answer(Desk& desk, Custody& custody, TellDesk& telling,
                                         const std::string& request, const std::string& user);

/// What the hub holds of one sequence of a kiosk: a line of the answer to kStandingOf.
struct Standing {
    record::Epoch epoch;
    std::uint64_t held = 0;       ///< how many
    std::uint64_t sentLast = 0;   ///< the highest that the kiosk itself sent
    std::uint64_t announced = 0;  ///< the highest that it spoke of
    record::WallTime heardAt;     ///< 0: never
};
/// The one heard last comes last. Busy when the answer was cut off.
[[nodiscard]] Result<std::vector<Standing>> standingsFrom(std::string_view answer);

/// What the answer to kExportCsv holds.
struct Exported {
    std::string report;  ///< for people
    std::string manifest;
    std::string csv;
};
/// Busy when the answer was cut off.
[[nodiscard]] Result<Exported> exportedFrom(std::string_view answer);

}  // namespace tapport::hub
