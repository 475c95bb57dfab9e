// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/visit/plain_text.h"

#include "sync/base/cbor.h"

namespace tapport::visit {
namespace {

constexpr std::size_t kMostEmail = 254;  // RFC 5321 section 4.5.3.1.3, less the angle brackets
constexpr std::size_t kMostLocalPart = 64;
constexpr std::size_t kMostAddress = 200;

std::size_t sequenceLength(char lead) {
    const auto byte = static_cast<std::uint8_t>(lead);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

std::uint32_t codePoint(std::string_view sequence) {
    auto value = static_cast<std::uint32_t>(static_cast<std::uint8_t>(sequence[0]));
    if (sequence.size() > 1) {
        value &= 0x7FU >> sequence.size();
    }
    for (std::size_t i = 1; i < sequence.size(); ++i) {
        value = (value << 6U) | (static_cast<std::uint8_t>(sequence[i]) & 0x3FU);
    }
    return value;
}

bool isUnwanted(std::uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

bool isBreak(std::uint32_t c) {
    return c == '\n' || c == '\r' || c == '\t';
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool isLabel(std::string_view label) {
    if (label.empty() || label.front() == '-' || label.back() == '-') {
        return false;
    }
    return std::all_of(label.begin(), label.end(), [](char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               static_cast<std::uint8_t>(c) >= 0x80;
    });
}

bool isDomain(std::string_view domain) {
    if (domain.find('.') == std::string_view::npos) {
        return false;
    }
    while (true) {
        const auto dot = domain.find('.');
        if (!isLabel(domain.substr(0, dot))) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        domain.remove_prefix(dot + 1);
    }
}

bool isLocalPart(std::string_view local) {
    if (local.empty() || local.size() > kMostLocalPart || local.front() == '.' ||
        local.back() == '.' || local.find("..") != std::string_view::npos) {
        return false;
    }
    return local.find_first_of(" \"(),:;<>[\\]") == std::string_view::npos;
}

std::optional<std::string> emailValue(std::string_view text) {
    const std::string email = plainText(text, kMostEmail + 1);
    const auto at = email.find('@');
    if (at == std::string::npos || email.find('@', at + 1) != std::string::npos ||
        email.size() > kMostEmail) {
        return std::nullopt;
    }
    const std::string_view view = email;
    if (!isLocalPart(view.substr(0, at)) || !isDomain(view.substr(at + 1))) {
        return std::nullopt;
    }
    return email;
}

std::optional<std::string> phoneValue(std::string_view text) {
    std::string written = plainText(text, 64);
    const bool isInternational = written.starts_with('+') || written.starts_with("00");
    if (const auto trunk = written.find("(0)"); isInternational && trunk != std::string::npos) {
        written.erase(trunk, 3);
    }
    std::string_view rest = written;
    if (isInternational) {
        rest.remove_prefix(rest.front() == '+' ? 1 : 2);
    }
    std::string digits;
    for (const char c : rest) {
        if (isDigit(c)) {
            digits.push_back(c);
        } else if (std::string_view(" -/().").find(c) == std::string_view::npos) {
            return std::nullopt;
        }
    }
    const std::size_t least = isInternational ? 7 : 5;
    if (digits.size() < least || digits.size() > 15) {
        return std::nullopt;
    }
    return isInternational ? "+" + digits : digits;
}

std::optional<std::string> addressValue(std::string_view text) {
    std::string address = plainText(text, kMostAddress);
    return address.size() < 5 ? std::nullopt : std::optional(std::move(address));
}

}  // namespace

std::string plainText(std::string_view text, std::size_t most, LineBreaks breaks) {
    std::string plain;
    if (!isUtf8(text)) {
        return plain;
    }
    for (std::size_t at = 0, count = 0; at < text.size() && count < most;) {
        const std::string_view sequence = text.substr(at, sequenceLength(text[at]));
        const std::uint32_t c = codePoint(sequence);
        at += sequence.size();
        const bool isSpace = c == ' ' || isBreak(c);
        if ((isSpace && plain.empty()) || (isUnwanted(c) && !isBreak(c))) {
            continue;
        }
        if (!isSpace) {
            plain.append(sequence);
        } else if (c == '\n' && breaks == LineBreaks::Keep) {
            plain.push_back('\n');
        } else if (c != '\r') {
            plain.push_back(' ');
        } else {
            continue;
        }
        ++count;
    }
    while (!plain.empty() && (plain.back() == ' ' || plain.back() == '\n')) {
        plain.pop_back();
    }
    return plain;
}

std::optional<std::string> contactValue(ContactField field, std::string_view text) {
    switch (field) {
        case ContactField::Email:
            return emailValue(text);
        case ContactField::Phone:
            return phoneValue(text);
        case ContactField::Address:
            return addressValue(text);
        case ContactField::Name:
        case ContactField::Company:
            break;
    }
    std::string name = plainText(text, kMaxName);
    return name.empty() ? std::nullopt : std::optional(std::move(name));
}

std::optional<std::string> badgeCode(std::string_view text) {
    constexpr std::size_t kLeast = 4;
    constexpr std::size_t kMost = 32;
    std::string code;
    for (const char c : text) {
        if (c == ' ' || c == '-') {
            continue;
        }
        const bool isSmall = c >= 'a' && c <= 'z';
        const char sign = isSmall ? static_cast<char>(c - 'a' + 'A') : c;
        if (!(sign >= 'A' && sign <= 'Z') && !(sign >= '0' && sign <= '9')) {
            return std::nullopt;
        }
        code += sign;
    }
    const bool isCode = code.size() >= kLeast && code.size() <= kMost;
    return isCode ? std::optional(code) : std::nullopt;
}

}  // namespace tapport::visit
