// SPDX-License-Identifier: GPL-3.0-or-later
// The register of kiosks as a file beside the authority's key. It is only ever appended to, under a
// lock, so that the running hub and a command may both write; a line counts once it is on the disk.
#pragma once

#include "sync/enrol/kiosk_register.h"

#include <filesystem>
#include <functional>

namespace tapport::enrol {

class RegisterFile {
  public:
    explicit RegisterFile(std::filesystem::path path) : path_(std::move(path)) {}

    /// As it is now; empty when there is no file. InvalidConfig names the line that is not ours.
    [[nodiscard]] Result<KioskRegister> read() const;
    /// `decide` sees the register as it is and gives what is to be added; nobody else writes
    /// meanwhile. Its error is handed on, and nothing is added. Gives the register as it is then.
    using Decide = std::function<Result<std::vector<Entry>>(const KioskRegister& before)>;
    [[nodiscard]] Result<KioskRegister> change(record::WallTime at, const Decide& decide) const;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace tapport::enrol
