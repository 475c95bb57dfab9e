// SPDX-License-Identifier: GPL-3.0-or-later
// Files of the command line, on the disk when it returns: new ones, which overwrite nothing, and
// published ones, which are the old or the new one at any time.
#pragma once

#include "sync/base/error.h"

#include <cstdint>
#include <filesystem>

namespace tapport::admin {

enum class Access : std::uint8_t {
    Owner,     ///< 0600
    Everyone,  ///< 0644, less the umask
};

/// Whole or not at all, even when the power is cut meanwhile; where a file system can neither link
/// nor rename without replacing, a cut may leave it empty. Drafts of it that a cut left (its name,
/// a dot, a record id) and that are ours go with it. Conflict: isInTheWay(). Storage: cannot be
/// written, or is not known to be on the disk.
[[nodiscard]] Result<> placeNewFile(const std::filesystem::path& file, std::string_view content,
                                    Access access);
/// Conflict: something has this name; whether it is worth anything.
[[nodiscard]] tl::unexpected<Error> isInTheWay(const std::filesystem::path& file);
/// What was renamed to, or removed from where, `file` is. Storage: is not known to be on the disk.
[[nodiscard]] Result<> syncFolderOf(const std::filesystem::path& file);
/// Readable by everyone. Storage: cannot be written, and the old one is still there; or the new one
/// is, and is not known to be on the disk.
[[nodiscard]] Result<> replaceFile(const std::filesystem::path& file, std::string_view content);
/// InvalidInput when there is none, or more than `most` bytes.
[[nodiscard]] Result<std::string> readWholeFile(const std::filesystem::path& file,
                                                std::size_t most);

}  // namespace tapport::admin
