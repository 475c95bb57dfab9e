// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/json_text.h"

#include <set>

#include <fmt/core.h>

namespace tapport::receipt {
namespace {

/// Beyond this a number is not the same one in every language that reads it (RFC 7493 section 2.2).
constexpr std::int64_t kMostExact = 9'007'199'254'740'991;

bool isAscii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool isExact(const Json& number) {
    if (number.is_number_unsigned()) {
        return number.get<std::uint64_t>() <= static_cast<std::uint64_t>(kMostExact);
    }
    const auto value = number.get<std::int64_t>();
    return -kMostExact <= value && value <= kMostExact;
}

/// Follows the parser and keeps the first broken rule.
class Rules {
  public:
    void see(int depth, Json::parse_event_t what, const Json& value) {
        if (depth > kDeepest) {
            breaks("nested too deeply");
        }
        switch (what) {
            case Json::parse_event_t::object_start:
                open_.emplace_back();
                break;
            case Json::parse_event_t::object_end:
                open_.pop_back();
                break;
            case Json::parse_event_t::key:
                seeKey(value.get_ref<const std::string&>());
                break;
            case Json::parse_event_t::value:
                seeValue(value);
                break;
            case Json::parse_event_t::array_start:
            case Json::parse_event_t::array_end:
                break;
        }
    }
    [[nodiscard]] const std::string& broken() const { return broken_; }

  private:
    void seeKey(const std::string& key) {
        if (!open_.back().insert(key).second) {
            breaks("a key stands twice in one object");
        }
        if (!isAscii(key)) {
            breaks("a key is not ASCII");
        }
    }
    void seeValue(const Json& value) {
        if (!value.is_number()) {
            return;
        }
        if (value.is_number_float()) {
            breaks("a number is not an integer");
        } else if (!isExact(value)) {
            breaks("an integer is too large");
        }
    }
    void breaks(std::string_view rule) {
        if (broken_.empty()) {
            broken_ = rule;
        }
    }

    std::vector<std::set<std::string>> open_;
    std::string broken_;
};

}  // namespace

Result<Json> readJson(std::string_view text) {
    // nlohmann skips a byte order mark and takes a NUL for the end; RFC 8259 has neither.
    if (text.starts_with("\xEF\xBB\xBF") || text.find('\0') != std::string_view::npos) {
        return fail(Code::InvalidInput, "no JSON: a byte order mark or a NUL");
    }
    Rules rules;
    const auto watch = [&rules](int depth, Json::parse_event_t what, const Json& value) {
        rules.see(depth, what, value);
        return true;
    };
    try {
        Json json = Json::parse(text, watch);
        if (!rules.broken().empty()) {
            return fail(Code::InvalidInput, rules.broken());
        }
        return json;
    } catch (const Json::parse_error& error) {
        // what() quotes the text around the place.
        return fail(Code::InvalidInput, fmt::format("no JSON at byte {}", error.byte));
    } catch (const Json::out_of_range&) {
        return fail(Code::InvalidInput, "a number is too large");
    }
}

}  // namespace tapport::receipt
