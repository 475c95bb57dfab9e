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

std::optional<Fields> parseMultipart(std::string_view contentType, std::string_view body) {
    constexpr std::string_view kBoundary = "boundary=";
    constexpr std::string_view kName = " name=\"";
    constexpr std::string_view kEndOfHead = "\r\n\r\n";
    const std::size_t at = contentType.find(kBoundary);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view boundary = contentType.substr(at + kBoundary.size());
    boundary = boundary.substr(0, boundary.find(';'));
    if (boundary.size() >= 2 && boundary.front() == '"' && boundary.back() == '"') {
        boundary = boundary.substr(1, boundary.size() - 2);
    }
    if (boundary.empty()) {
        return std::nullopt;
    }
    // Each part begins behind a delimiter, and the last delimiter is followed by "--".
    const std::string delimiter = "\r\n--" + std::string(boundary);
    if (!body.starts_with(std::string_view(delimiter).substr(2))) {
        return std::nullopt;
    }
    body.remove_prefix(delimiter.size() - 2);
    Fields fields;
    while (!body.starts_with("--")) {
        const std::size_t end = body.find(delimiter);
        const std::string_view part = body.substr(0, end);
        const std::size_t head = part.find(kEndOfHead);
        const std::size_t name = part.substr(0, head).find(kName);
        if (end == std::string_view::npos || head == std::string_view::npos ||
            name == std::string_view::npos) {
            return std::nullopt;
        }
        const std::string_view quoted = part.substr(0, head).substr(name + kName.size());
        fields.try_emplace(std::string(quoted.substr(0, quoted.find('"'))),
                           part.substr(head + kEndOfHead.size()));
        body.remove_prefix(end + delimiter.size());
    }
    return fields;
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
    std::optional<Fields> form = Fields{};
    if (parts.method == HttpMethod::Post) {
        form = parts.contentType.starts_with("multipart/form-data")
                   ? parseMultipart(parts.contentType, parts.body)
                   : parseForm(parts.body);
    }
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
