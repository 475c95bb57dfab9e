// SPDX-License-Identifier: GPL-3.0-or-later
// A directory of a test's own, gone with it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tapport::support {

class TempDir {
  public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(const std::filesystem::path& name) const {
        return path_ / name;
    }

  private:
    std::filesystem::path path_;
};

/// The whole file; empty when there is none.
[[nodiscard]] std::string readFile(const std::filesystem::path& file);
void writeFile(const std::filesystem::path& file, std::string_view text);
/// As writeFile(), for a file that others read meanwhile: they see the old one or the new one,
/// whole.
void replaceFile(const std::filesystem::path& file, std::string_view text);

}  // namespace tapport::support
