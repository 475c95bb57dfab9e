// SPDX-License-Identifier: GPL-3.0-or-later
// The end of an event on a kiosk: what is on it is destroyed, keys first, and it does not start
// again on this data folder.
#pragma once

#include "sync/base/error.h"

#include <filesystem>
#include <vector>

namespace tapport::store {

/// Overwrites and removes `keys`, each with what an enrolment that was broken off left beside it,
/// and every file in `dataDir`, where only a note stays that says why isRetired(). Nothing in them
/// may be open. Again after a failure or a power cut: what is gone stays gone, and once all of it
/// is, nothing more is touched. How much of it a flash card keeps in worn blocks, nobody can tell:
/// without the keys it is sealed records and closed entries.
[[nodiscard]] Result<> retire(const std::filesystem::path& dataDir,
                              const std::vector<std::filesystem::path>& keys);

[[nodiscard]] bool isRetired(const std::filesystem::path& dataDir);

}  // namespace tapport::store
