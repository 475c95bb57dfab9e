// SPDX-License-Identifier: GPL-3.0-or-later
// A program's TOML file, read strictly: a misspelt key is an error, not a silent default.
#pragma once

#include "sync/base/error.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tapport::program {

/// Read every key the program knows (dotted: "broker.port"), then ask `finish()` once: it names
/// each key that is unknown, missing, of the wrong type or out of range, with its line.
class Config {
  public:
    /// InvalidConfig with line and column when the file is missing or no TOML.
    [[nodiscard]] static Result<Config> load(const std::filesystem::path& file);
    /// No file given: every key has its default.
    [[nodiscard]] static Config empty();
    Config(Config&&) noexcept;
    Config& operator=(Config&&) noexcept;
    ~Config();

    [[nodiscard]] std::string text(std::string_view key, std::string_view fallback);
    [[nodiscard]] std::string requiredText(std::string_view key);
    /// A relative path is taken from the file's own folder.
    [[nodiscard]] std::filesystem::path path(std::string_view key, std::string_view fallback);
    [[nodiscard]] std::filesystem::path requiredPath(std::string_view key);
    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t fallback,
                                       std::int64_t least, std::int64_t most);
    [[nodiscard]] bool flag(std::string_view key, bool fallback);
    [[nodiscard]] std::vector<std::string> texts(std::string_view key);

    /// A value that only who asked for it can judge: finish() says that `key` must be `wanted`.
    void refuse(std::string_view key, std::string_view wanted);

    [[nodiscard]] Result<> finish() const;

  private:
    struct State;
    explicit Config(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tapport::program
