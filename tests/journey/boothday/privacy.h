// SPDX-License-Identifier: GPL-3.0-or-later
// Looks for attendees where none may be: everything that the kiosk and the broker keep, and every
// log. Only the hub's database, the export and the badges themselves hold personal data in clear.
#pragma once

#include "tests/journey/boothday/day_plan.h"

#include <filesystem>

namespace tapport::boothday {

/// Each finding names the file and the attendee's number, not what was found.
[[nodiscard]] std::vector<std::string> personalDataBelow(const std::filesystem::path& dir,
                                                         const Day& day);

}  // namespace tapport::boothday
