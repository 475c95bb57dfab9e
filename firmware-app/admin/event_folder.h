// SPDX-License-Identifier: GPL-3.0-or-later
// The files that `event init` makes. It overwrites none, and where a run was cut off, by a full
// disk or the power, the next goes on: with the keys that are there, and everything else anew,
// since nobody was shown the PINs and the password in it. What that run wrote, it noted before
// (`event-init.unfinished`: digest and name a line, until all is there); nothing else is touched.
#pragma once

#include "firmware-app/admin/new_file.h"
#include "sync/program/file_descriptor.h"

#include <optional>
#include <string>
#include <vector>

namespace tapport::admin {

class EventFolder {
  public:
    struct File {
        const char* name;  ///< in the folder
        std::string content;
        Access access;
    };

    /// Ours alone until destroyed. Conflict: one of `keys` or `others` is there, and not from a run
    /// that was cut off; nothing is changed then. Busy: another run is at work. Storage.
    [[nodiscard]] static Result<EventFolder> takeUp(const std::filesystem::path& dir,
                                                    const std::vector<const char*>& keys,
                                                    const std::vector<const char*>& others);

    /// What the run that was cut off left in this key's file; nothing when there is none.
    [[nodiscard]] Result<std::optional<std::string>> kept(const char* key) const;
    /// The keys that are there stay. In this order. Conflict, Storage: as placeNewFile().
    [[nodiscard]] Result<> write(const std::vector<File>& keys,
                                 const std::vector<File>& others) const;

  private:
    EventFolder(std::filesystem::path dir, program::FileDescriptor lock)
        : dir_(std::move(dir)), lock_(std::move(lock)) {}

    std::filesystem::path dir_;
    program::FileDescriptor lock_;
};

}  // namespace tapport::admin
