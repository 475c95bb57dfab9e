// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/event/json_reader.h"

#include "sync/record/ids.h"

#include <set>

#include <fmt/core.h>

namespace tapport::event {
namespace {

constexpr std::size_t kLongestText = 4000;  ///< bytes of one string
constexpr std::size_t kLongestList = 64;

std::string positionText(std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t lineStart = before.rfind('\n') + 1;  // npos + 1 is 0
    return fmt::format("line {}, column {}", line, before.size() - lineStart + 1);
}

bool hasControlCharacter(std::string_view text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

Result<Json> parseJson(std::string_view text) {
    std::vector<std::set<std::string>> open;
    std::string twice;
    const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
        if (event == Json::parse_event_t::object_start) {
            open.emplace_back();
        } else if (event == Json::parse_event_t::object_end) {
            open.pop_back();
        } else if (event == Json::parse_event_t::key) {
            if (!open.back().insert(parsed.get<std::string>()).second && twice.empty()) {
                twice = parsed.get<std::string>();
            }
        }
        return true;
    };
    try {
        Json json = Json::parse(text, watch);
        if (!twice.empty()) {
            return fail(Code::InvalidConfig,
                        fmt::format("the key '{}' stands twice in one object", twice));
        }
        return json;
    } catch (const Json::parse_error& error) {
        // what() quotes the text around the place, which may be a name.
        return fail(Code::InvalidConfig,
                    fmt::format("no JSON at {}", positionText(text, error.byte)));
    }
}

void Place::report(std::string_view what) const {
    if (json_.is_null()) {
        return;  // its absence was reported already, by the place above
    }
    problems_.push_back(name_.empty() ? std::string(what) : fmt::format("{}: {}", name_, what));
}

void Place::allow(const std::vector<std::string>& allowed) const {
    if (!json_.is_object()) {
        report("must be an object");
        return;
    }
    for (const auto& item : json_.items()) {
        if (std::find(allowed.begin(), allowed.end(), item.key()) == allowed.end()) {
            report(fmt::format("unknown key '{}'", item.key()));
        }
    }
}

bool Place::has(std::string_view key) const {
    return json_.is_object() && json_.contains(key);
}

const Json& Place::value(std::string_view key) const {
    static const Json kNothing;
    return has(key) ? json_.at(std::string(key)) : kNothing;
}

bool Place::checkText(std::string_view key, const Json& value) const {
    if (value.is_null()) {
        report(fmt::format("has no '{}'", key));
    } else if (!value.is_string()) {
        report(fmt::format("'{}' must be a text", key));
    } else if (const auto& text = value.get_ref<const std::string&>();
               text.find_first_not_of(' ') == std::string::npos) {
        report(fmt::format("'{}' is empty", key));
    } else if (text.size() > kLongestText) {
        report(fmt::format("'{}' is longer than {} bytes", key, kLongestText));
    } else if (hasControlCharacter(text)) {
        report(fmt::format("'{}' holds a control character", key));
    } else {
        return true;
    }
    return false;
}

std::string Place::text(std::string_view key) const {
    const Json& found = value(key);
    return checkText(key, found) ? found.get<std::string>() : "";
}

std::string Place::paragraphs(std::string_view key) const {
    std::string joined;
    for (const std::string& paragraph : texts(key)) {
        joined += (joined.empty() ? "" : "\n\n") + paragraph;
    }
    return joined;
}

std::string Place::name(std::string_view key) const {
    std::string found = text(key);
    if (!found.empty() && !record::isName(found)) {
        report(fmt::format("'{}' must be 1 to 32 of a-z 0-9 -", key));
        found.clear();
    }
    return found;
}

std::vector<std::string> Place::texts(std::string_view key, Empty empty) const {
    std::vector<std::string> result;
    const Json& found = value(key);
    const std::size_t least = empty == Empty::Allowed ? 0 : 1;
    if (found.is_null()) {
        report(fmt::format("has no '{}'", key));
    } else if (!found.is_array() || found.size() < least || found.size() > kLongestList) {
        report(fmt::format("'{}' must be a list of {} to {} texts", key, least, kLongestList));
    } else {
        for (const Json& item : found) {
            if (checkText(key, item)) {
                result.push_back(item.get<std::string>());
            }
        }
    }
    return result;
}

std::int64_t Place::integer(std::string_view key, std::int64_t least, std::int64_t most) const {
    const Json& found = value(key);
    if (found.is_null()) {
        report(fmt::format("has no '{}'", key));
    } else if (!found.is_number_integer() || found < least || found > most) {
        report(fmt::format("'{}' must be a whole number from {} to {}", key, least, most));
    } else {
        return found.get<std::int64_t>();
    }
    return least;
}

Bytes Place::hex(std::string_view key, std::size_t size) const {
    const Json& found = value(key);
    auto decoded = found.is_string() ? fromHex(found.get_ref<const std::string&>()) : std::nullopt;
    if (!decoded || decoded->size() != size) {
        report(fmt::format("'{}' must be {} hexadecimal digits", key, 2 * size));
        return {};
    }
    return std::move(*decoded);
}

std::vector<std::string> Place::keys() const {
    std::vector<std::string> keys;
    if (!json_.is_object() || json_.empty() || json_.size() > kLongestList) {
        report(fmt::format("must be an object of 1 to {} entries", kLongestList));
        return keys;
    }
    for (const auto& item : json_.items()) {
        keys.push_back(item.key());
    }
    return keys;
}

std::string Place::nameOf(std::string_view key) const {
    return name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
}

Place Place::at(std::string_view key) const {
    const Json& found = value(key);
    if (found.is_null()) {
        report(fmt::format("has no '{}'", key));
    }
    return {found, nameOf(key), problems_};
}

std::vector<Place> Place::list(std::string_view key) const {
    std::vector<Place> items;
    const Json& found = value(key);
    if (!found.is_array() || found.empty() || found.size() > kLongestList) {
        report(fmt::format("'{}' must be a list of 1 to {} entries", key, kLongestList));
        return items;
    }
    for (const Json& item : found) {
        std::string name = fmt::format("{}[{}]", nameOf(key), items.size());
        if (item.is_null()) {
            report(fmt::format("{}[{}] must be an object", key, items.size()));
        }
        items.emplace_back(item, std::move(name), problems_);
    }
    return items;
}

}  // namespace tapport::event
