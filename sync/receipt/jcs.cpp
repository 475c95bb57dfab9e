// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/jcs.h"

#include "sync/receipt/json_text.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include <fmt/core.h>

namespace tapport::receipt {
namespace {

/// Orders UTF-8 as UTF-16 code units would be (section 3.2.3). The two differ in one thing only:
/// what UTF-16 writes as surrogates (UTF-8 lead byte F0 and up) stands before U+E000 and up (EE,
/// EF).
bool isBefore(std::string_view left, std::string_view right) {
    const auto rank = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte == 0xEE || byte == 0xEF ? byte + 0x10 : static_cast<int>(byte);
    };
    return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end(),
                                        [&](char a, char b) { return rank(a) < rank(b); });
}

/// Section 3.2.2.2.
void writeText(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\b':
                out += "\\b";
                break;
            case '\f':
                out += "\\f";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

/// Section 3.2.2.3: as ECMAScript's Number::toString writes a double, with the shortest digits that
/// read back as the same number.
std::string numberText(double value) {
    if (value == 0) {
        return "0";
    }
    std::array<char, 40> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                       std::abs(value), std::chars_format::scientific);
    const std::string_view text(buffer.data(),
                                static_cast<std::size_t>(written.ptr - buffer.data()));
    const std::size_t mark = text.find('e');
    std::string digits(text.substr(0, mark));
    std::erase(digits, '.');
    int exponent = 0;
    std::from_chars(text.data() + mark + (text[mark + 1] == '+' ? 2 : 1), text.data() + text.size(),
                    exponent);
    const int length = static_cast<int>(digits.size());
    const int point = exponent + 1;  // the value is 0.digits * 10^point
    constexpr int kMostDigits = 21;
    std::string out = value < 0 ? "-" : "";
    if (length <= point && point <= kMostDigits) {
        out += digits + std::string(static_cast<std::size_t>(point - length), '0');
    } else if (0 < point && point <= kMostDigits) {
        const auto whole = static_cast<std::size_t>(point);
        out += digits.substr(0, whole) + '.' + digits.substr(whole);
    } else if (-6 < point && point <= 0) {
        out += "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
    } else {
        out += digits.substr(0, 1);
        if (length > 1) {
            out += '.' + digits.substr(1);
        }
        out += fmt::format("e{:+}", exponent);
    }
    return out;
}

void write(std::string& out, const Json& value);

void writeObject(std::string& out, const Json& object) {
    std::vector<std::string_view> keys;
    for (const auto& member : object.items()) {
        keys.emplace_back(member.key());
    }
    std::sort(keys.begin(), keys.end(), isBefore);
    out += '{';
    for (const std::string_view key : keys) {
        if (out.back() != '{') {
            out += ',';
        }
        writeText(out, key);
        out += ':';
        write(out, object.at(key));
    }
    out += '}';
}

void writeList(std::string& out, const Json& list) {
    out += '[';
    for (const Json& item : list) {
        if (&item != &list.front()) {
            out += ',';
        }
        write(out, item);
    }
    out += ']';
}

void write(std::string& out, const Json& value) {
    switch (value.type()) {
        case Json::value_t::object:
            writeObject(out, value);
            break;
        case Json::value_t::array:
            writeList(out, value);
            break;
        case Json::value_t::string:
            writeText(out, value.get_ref<const std::string&>());
            break;
        case Json::value_t::boolean:
            out += value.get<bool>() ? "true" : "false";
            break;
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned:
        case Json::value_t::number_float:
            // An integer beyond 2^53 is the double next to it, as ECMAScript would read it.
            out += numberText(value.get<double>());
            break;
        case Json::value_t::null:
        case Json::value_t::binary:  // neither parsed nor made here
        case Json::value_t::discarded:
            out += "null";
            break;
    }
}

}  // namespace

std::string canonicalText(const nlohmann::json& value) {
    std::string out;
    write(out, value);
    return out;
}

}  // namespace tapport::receipt
