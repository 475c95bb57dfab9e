// SPDX-License-Identifier: GPL-3.0-or-later
// A file that was not there before: never overwrites, and is on the disk when it returns.
#pragma once

#include "sync/base/error.h"

#include <cstdint>
#include <filesystem>

namespace tapport::admin {

enum class Access : std::uint8_t {
    Owner,     ///< 0600
    Everyone,  ///< 0644, less the umask
};

/// Conflict: there is one already. Storage: cannot be written.
[[nodiscard]] Result<> writeNewFile(const std::filesystem::path& file, std::string_view content,
                                    Access access);
/// InvalidInput when there is none, or more than `most` bytes.
[[nodiscard]] Result<std::string> readWholeFile(const std::filesystem::path& file,
                                                std::size_t most);

}  // namespace tapport::admin
