// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/program/config.h"

#include <map>
#include <set>

#include <fmt/core.h>
#include <toml++/toml.h>

namespace tapport::program {

struct Config::State {
    toml::table table;
    std::filesystem::path file;
    std::set<std::string, std::less<>> known;
    // By line: problems are reported in the order in which the operator reads the file.
    std::multimap<toml::source_index, std::string> problems;

    /// The key's value, or nullptr when the file does not have it.
    const toml::node* look(std::string_view key) {
        known.emplace(key);
        return table.at_path(key).node();
    }
    void wrongType(std::string_view key, const toml::node& node, std::string_view wanted) {
        report(node.source().begin.line, fmt::format("'{}' must be {}", key, wanted));
    }
    void report(toml::source_index line, std::string what) {
        problems.emplace(line, std::move(what));
    }
    template <typename T>
    std::optional<T> value(std::string_view key, std::string_view wanted) {
        const toml::node* node = look(key);
        if (node == nullptr) {
            return std::nullopt;
        }
        std::optional<T> result = node->value_exact<T>();
        if (!result) {
            wrongType(key, *node, wanted);
        }
        return result;
    }
    std::optional<std::string> requiredValue(std::string_view key) {
        if (look(key) == nullptr) {
            report(0, fmt::format("'{}' is missing", key));
            return std::nullopt;
        }
        return value<std::string>(key, "a text in quotes");
    }
    std::filesystem::path resolve(const std::filesystem::path& path) const {
        return path.empty() || path.is_absolute() ? path : file.parent_path() / path;
    }
    /// True for a key that was asked for, and for a table that could hold one.
    bool isKnown(const std::string& key) const {
        const auto inside = known.lower_bound(key + '.');
        return known.count(key) == 1 || (inside != known.end() && inside->rfind(key + '.', 0) == 0);
    }
    void collectUnknown(const toml::table& in, const std::string& prefix,
                        std::multimap<toml::source_index, std::string>& out) const {
        for (auto&& [name, node] : in) {
            const std::string key = prefix + std::string(name.str());
            if (!isKnown(key)) {
                out.emplace(name.source().begin.line, fmt::format("unknown key '{}'", key));
            } else if (const toml::table* inner = node.as_table(); inner != nullptr) {
                collectUnknown(*inner, key + '.', out);
            }
        }
    }
};

Config::Config(std::unique_ptr<State> state) : state_(std::move(state)) {}
Config::Config(Config&&) noexcept = default;
Config& Config::operator=(Config&&) noexcept = default;
Config::~Config() = default;

Result<Config> Config::load(const std::filesystem::path& file) {
    auto state = std::make_unique<State>();
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) {
        return fail(Code::InvalidConfig, fmt::format("{}: no such file", file.string()));
    }
    try {
        state->table = toml::parse_file(file.string());
    } catch (const toml::parse_error& error) {
        const toml::source_position at = error.source().begin;
        return fail(Code::InvalidConfig, fmt::format("{}:{}:{}: {}", file.string(), at.line,
                                                     at.column, error.description()));
    }
    state->file = file;
    return Config(std::move(state));
}

Config Config::empty() {
    return Config(std::make_unique<State>());
}

std::string Config::text(std::string_view key, std::string_view fallback) {
    return state_->value<std::string>(key, "a text in quotes").value_or(std::string(fallback));
}

std::string Config::requiredText(std::string_view key) {
    return state_->requiredValue(key).value_or(std::string());
}

std::filesystem::path Config::path(std::string_view key, std::string_view fallback) {
    return state_->resolve(text(key, fallback));
}

std::filesystem::path Config::requiredPath(std::string_view key) {
    return state_->resolve(requiredText(key));
}

std::int64_t Config::integer(std::string_view key, std::int64_t fallback, std::int64_t least,
                             std::int64_t most) {
    const auto value = state_->value<std::int64_t>(key, "a whole number");
    if (value && (*value < least || *value > most)) {
        state_->wrongType(key, *state_->look(key), fmt::format("from {} to {}", least, most));
        return fallback;
    }
    return value.value_or(fallback);
}

bool Config::flag(std::string_view key, bool fallback) {
    return state_->value<bool>(key, "true or false").value_or(fallback);
}

std::vector<std::string> Config::texts(std::string_view key) {
    constexpr std::string_view kWanted = "a list of texts in quotes";
    std::vector<std::string> result;
    const toml::node* node = state_->look(key);
    if (node == nullptr) {
        return result;
    }
    const toml::array* items = node->as_array();
    if (items == nullptr) {
        state_->wrongType(key, *node, kWanted);
        return result;
    }
    for (const toml::node& item : *items) {
        if (const auto text = item.value_exact<std::string>(); text) {
            result.push_back(*text);
        } else {
            state_->wrongType(key, item, kWanted);
        }
    }
    return result;
}

void Config::refuse(std::string_view key, std::string_view wanted) {
    if (const toml::node* node = state_->look(key); node != nullptr) {
        state_->wrongType(key, *node, wanted);
    }
}

Result<> Config::finish() const {
    auto problems = state_->problems;
    state_->collectUnknown(state_->table, "", problems);
    if (problems.empty()) {
        return {};
    }
    std::string all;
    for (const auto& [line, what] : problems) {
        const std::string at = line == 0 ? "" : fmt::format(":{}", line);
        all += fmt::format("{}{}{}: {}", all.empty() ? "" : "\n", state_->file.string(), at, what);
    }
    return fail(Code::InvalidConfig, std::move(all));
}

}  // namespace tapport::program
