// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/visit/badge_message.h"

#include "firmware-app/visit/vcard.h"
#include "hardware/ndef/content.h"

namespace tapport::visit {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool sameIgnoringCase(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

bool isToken(std::string_view text) {
    if (text.empty() || text.size() > kMaxTokenLength) {
        return false;
    }
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
}

struct TokenPath {
    char kind;  ///< 'b' or 's'
    std::string_view token;
};

std::optional<TokenPath> tokenIn(std::string_view uri, const std::vector<std::string>& hosts) {
    constexpr std::string_view kScheme = "https://";
    if (!sameIgnoringCase(uri.substr(0, kScheme.size()), kScheme)) {
        return std::nullopt;
    }
    uri.remove_prefix(kScheme.size());
    uri = uri.substr(0, uri.find_first_of("?#"));
    const std::string_view host = uri.substr(0, uri.find('/'));
    const std::string_view path = uri.substr(host.size());
    const bool isWelcome = std::any_of(hosts.begin(), hosts.end(), [&](const std::string& ours) {
        return sameIgnoringCase(host, ours);
    });
    const bool isBadgePath = path.starts_with("/b/") || path.starts_with("/s/");
    if (!isWelcome || !isBadgePath || !isToken(path.substr(3))) {
        return std::nullopt;
    }
    return TokenPath{path[1], path.substr(3)};
}

}  // namespace

BadgeMeaning readBadge(ByteView message, const std::vector<std::string>& hosts) {
    const auto contents = ndef::interpretMessage(message);
    if (!contents) {
        return BadgeTrouble::Malformed;
    }
    const auto uri = ndef::firstUri(*contents);
    const auto found = uri ? tokenIn(*uri, hosts) : std::nullopt;
    if (!found) {
        return BadgeTrouble::NotOurs;
    }
    if (found->kind == 's') {
        return StaffBadge{std::string(found->token)};
    }
    AttendeeBadge badge{std::string(found->token), {}};
    if (const ndef::Mime* const card = ndef::findMime(*contents, "text/vcard")) {
        badge.card = readVcard(textOf(card->payload));
    }
    return badge;
}

std::string tokenOfCode(std::string_view code) {
    return "code:" + std::string(code);
}

std::optional<std::string> tokenOfUid(ByteView uid) {
    constexpr std::size_t kSingleSize = 4;
    constexpr std::uint8_t kRandom = 0x08;
    const bool isRandom = uid.size() == kSingleSize && uid[0] == kRandom;
    return uid.empty() || isRandom ? std::nullopt : std::optional("uid:" + toHex(uid));
}

}  // namespace tapport::visit
