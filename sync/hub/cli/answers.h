// SPDX-License-Identifier: GPL-3.0-or-later
// What a hub answers on its local socket; the same text when a command opens the files itself.
#pragma once

#include "sync/hub/export/desk.h"

namespace tapport::hub {

inline constexpr const char* kStatusText = "status text";
inline constexpr const char* kStatusJson = "status json";
inline constexpr const char* kExportCsv = "export csv";

/// InvalidInput for another request.
[[nodiscard]] Result<std::string> answer(Desk& desk, const std::string& request);

}  // namespace tapport::hub
