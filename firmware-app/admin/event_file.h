// SPDX-License-Identifier: GPL-3.0-or-later
// An event file from the disk, for the commands that look at it.
#pragma once

#include "firmware-app/admin/new_file.h"
#include "sync/event/event.h"

namespace tapport::admin {

/// An event file or published notices as text; InvalidConfig when it cannot be read.
[[nodiscard]] Result<std::string> readEventFile(const std::filesystem::path& file);
/// InvalidConfig with every problem in it, or that it cannot be read.
[[nodiscard]] Result<event::Event> loadEvent(const std::filesystem::path& file);
/// One line for people.
[[nodiscard]] std::string summaryOf(const event::Event& event);

}  // namespace tapport::admin
