// SPDX-License-Identifier: GPL-3.0-or-later
// A file that is either the old one or the whole new one, also after a power cut.
#pragma once

#include "sync/base/error.h"

#include <filesystem>

namespace tapport::hub {

/// Written beside `file`, synced, renamed over it, the folder synced. Readable by its owner only:
/// it holds leads. Storage or StorageFull: `file` is as it was.
[[nodiscard]] Result<> writeAtomically(const std::filesystem::path& file, std::string_view bytes);

}  // namespace tapport::hub
