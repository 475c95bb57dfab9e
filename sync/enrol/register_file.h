// SPDX-License-Identifier: GPL-3.0-or-later
// The register of kiosks as a file beside the authority's key. It is only ever appended to, under a
// lock, so that the running hub and a command may both write; a line counts once it is on the disk.
// What was read is kept until the file is another one: with a thousand kiosks reading takes 0.2 s.
#pragma once

#include "sync/enrol/kiosk_register.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>

namespace tapport::enrol {

/// One thread at a time.
class RegisterFile {
  public:
    explicit RegisterFile(std::filesystem::path path) : path_(std::move(path)) {}

    /// As it is now; empty when there is no file. InvalidConfig names the line that is not ours.
    [[nodiscard]] Result<KioskRegister> read() const;
    /// `decide` sees the register as it is and gives what is to be added; nobody else writes
    /// meanwhile. Its error is handed on, and nothing is added.
    using Decide = std::function<Result<std::vector<Entry>>(const KioskRegister& before)>;
    [[nodiscard]] Result<> change(record::WallTime at, const Decide& decide) const;
    /// `use` sees the register as it is, and nobody writes meanwhile. Its error is handed on.
    [[nodiscard]] Result<> hold(const std::function<Result<>(const KioskRegister&)>& use) const;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// How often the file was read so far.
    [[nodiscard]] std::size_t reads() const { return reads_; }

  private:
    /// A file as it was at a time: it is only ever appended to.
    struct Stamp {
        std::uintmax_t device = 0;
        std::uintmax_t inode = 0;
        std::intmax_t size = 0;
        std::chrono::nanoseconds changedAt{};
        bool operator==(const Stamp&) const = default;
    };
    struct Known {
        Stamp stamp;
        KioskRegister entries;
        std::size_t size = 0;  ///< in bytes, up to the last line end
    };
    [[nodiscard]] static std::optional<Stamp> stampOf(int fd);
    /// Points into known_. Reads the file when it is another one than that.
    [[nodiscard]] Result<Known*> refresh(int fd) const;

    std::filesystem::path path_;
    mutable std::optional<Known> known_;
    mutable std::size_t reads_ = 0;
};

}  // namespace tapport::enrol
