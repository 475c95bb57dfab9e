// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/ndef/unicode.h"

namespace tapport::ndef {
namespace {

constexpr char32_t kLastCodePoint = 0x10FFFF;

bool isSurrogate(char32_t value) {
    return value >= 0xD800 && value <= 0xDFFF;
}

/// Number of continuation bytes and the payload bits of a lead byte (RFC 3629).
struct Lead {
    int more;
    char32_t bits;
    char32_t least;  ///< a smaller value would be an overlong form
};

std::optional<Lead> leadOf(std::uint8_t byte) {
    if (byte < 0x80) {
        return Lead{0, byte, 0};
    }
    if (byte >= 0xC2 && byte <= 0xDF) {
        return Lead{1, static_cast<char32_t>(byte & 0x1F), 0x80};
    }
    if (byte >= 0xE0 && byte <= 0xEF) {
        return Lead{2, static_cast<char32_t>(byte & 0x0F), 0x800};
    }
    if (byte >= 0xF0 && byte <= 0xF4) {
        return Lead{3, static_cast<char32_t>(byte & 0x07), 0x10000};
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::u32string> decodeUtf8(std::string_view text) {
    std::u32string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = leadOf(static_cast<std::uint8_t>(text[i++]));
        if (!lead) {
            return std::nullopt;
        }
        auto value = lead->bits;
        for (int more = lead->more; more > 0; --more) {
            const auto byte = i < text.size() ? static_cast<std::uint8_t>(text[i++]) : 0;
            if ((byte & 0xC0) != 0x80) {
                return std::nullopt;
            }
            value = value << 6 | (byte & 0x3F);
        }
        if (value < lead->least || isSurrogate(value) || value > kLastCodePoint) {
            return std::nullopt;
        }
        out.push_back(value);
    }
    return out;
}

std::optional<std::u32string> decodeUtf16(ByteView bytes) {
    if (bytes.size() % 2 != 0) {
        return std::nullopt;
    }
    bool isLittle = false;
    if (bytes.size() >= 2 &&
        ((bytes[0] == 0xFE && bytes[1] == 0xFF) || (bytes[0] == 0xFF && bytes[1] == 0xFE))) {
        isLittle = bytes[0] == 0xFF;
        bytes = bytes.subspan(2);
    }
    const auto unit = [&](std::size_t i) -> char32_t {
        const char32_t first = bytes[i];
        const char32_t second = bytes[i + 1];
        return isLittle ? second << 8 | first : first << 8 | second;
    };
    std::u32string out;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        const auto high = unit(i);
        if (!isSurrogate(high)) {
            out.push_back(high);
            continue;
        }
        const auto low = i + 2 < bytes.size() ? unit(i + 2) : 0;
        if (high > 0xDBFF || low < 0xDC00 || low > 0xDFFF) {
            return std::nullopt;
        }
        out.push_back(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
        i += 2;
    }
    return out;
}

std::string encodeUtf8(std::u32string_view codePoints) {
    std::string out;
    const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    for (const auto point : codePoints) {
        if (point < 0x80) {
            put(point);
        } else if (point < 0x800) {
            put(0xC0 | point >> 6);
            put(0x80 | (point & 0x3F));
        } else if (point < 0x10000) {
            put(0xE0 | point >> 12);
            put(0x80 | (point >> 6 & 0x3F));
            put(0x80 | (point & 0x3F));
        } else {
            put(0xF0 | point >> 18);
            put(0x80 | (point >> 12 & 0x3F));
            put(0x80 | (point >> 6 & 0x3F));
            put(0x80 | (point & 0x3F));
        }
    }
    return out;
}

bool isControl(char32_t codePoint) {
    return codePoint < 0x20 || (codePoint >= 0x7F && codePoint <= 0x9F);
}

bool isFormatting(char32_t codePoint) {
    return codePoint == 0x00AD || codePoint == 0x061C || codePoint == 0xFEFF ||
           (codePoint >= 0x200B && codePoint <= 0x200F) ||
           (codePoint >= 0x2028 && codePoint <= 0x202E) ||
           (codePoint >= 0x2060 && codePoint <= 0x206F) ||
           (codePoint >= 0xFFF9 && codePoint <= 0xFFFB) ||
           (codePoint >= 0xE0000 && codePoint <= 0xE007F);
}

}  // namespace tapport::ndef
