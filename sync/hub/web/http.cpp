// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/web/http.h"

#include "sync/base/bytes.h"

namespace tapport::hub {
namespace {

std::optional<std::string> unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            const auto byte = i + 2 < text.size() ? fromHex(text.substr(i + 1, 2)) : std::nullopt;
            if (!byte) {
                return std::nullopt;
            }
            out += static_cast<char>(byte->front());
            i += 2;
        }
    }
    return out;
}

/// Calls `each` with every part between separators.
template <typename Each>
void split(std::string_view text, char separator, Each each) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        each(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace

std::optional<Fields> parseForm(std::string_view text) {
    Fields fields;
    bool isBroken = false;
    split(text, '&', [&](std::string_view pair) {
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const auto name = unescape(pair.substr(0, equals));
        const auto value = unescape(pair.substr(std::min(equals + 1, pair.size())));
        if (name && value) {
            fields.try_emplace(*name, *value);
        } else {
            isBroken = true;
        }
    });
    return isBroken ? std::nullopt : std::optional(fields);
}

Fields parseCookies(std::string_view header) {
    Fields cookies;
    split(header, ';', [&](std::string_view pair) {
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos) {
            cookies.try_emplace(std::string(pair.substr(0, equals)), pair.substr(equals + 1));
        }
    });
    return cookies;
}

std::optional<HttpRequest> requestFrom(const HttpParts& parts) {
    const std::size_t question = std::min(parts.target.find('?'), parts.target.size());
    auto query = parseForm(parts.target.substr(std::min(question + 1, parts.target.size())));
    auto form = parts.method == HttpMethod::Post ? parseForm(parts.body) : Fields{};
    if (!query || !form) {
        return std::nullopt;
    }
    return HttpRequest{parts.method,
                       std::string(parts.target.substr(0, question)),
                       std::move(*query),
                       std::move(*form),
                       parseCookies(parts.cookie),
                       std::string(parts.host),
                       std::string(parts.origin)};
}

HttpResponse redirectTo(std::string location) {
    HttpResponse response;
    response.status = 303;
    response.headers.emplace_back("Location", std::move(location));
    return response;
}

}  // namespace tapport::hub
