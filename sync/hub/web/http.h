// SPDX-License-Identifier: GPL-3.0-or-later
// A request and a response as plain values, so that pages know no HTTP library and tests need no
// socket. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tapport::hub {

enum class HttpMethod : std::uint8_t { Get, Head, Post, Other };

using Fields = std::map<std::string, std::string, std::less<>>;

struct HttpRequest {
    HttpMethod method = HttpMethod::Get;
    std::string path;  ///< as sent, without the query: compared, never resolved
    Fields query;      ///< decoded
    Fields form;       ///< decoded; of a body that is no multipart/form-data urlencoded
    Fields cookies;
    std::string host;
    std::string origin;  ///< empty when the browser sent none
};

/// What a request says, as it was sent.
struct HttpParts {
    HttpMethod method = HttpMethod::Get;
    std::string_view target;
    std::string_view cookie;
    std::string_view host;
    std::string_view origin;
    std::string_view body;
    std::string_view contentType{};
};
/// Nothing for a broken escape in query or form, or a multipart body that does not end.
[[nodiscard]] std::optional<HttpRequest> requestFrom(const HttpParts& parts);

struct HttpResponse {
    int status = 200;
    std::string contentType = "text/html; charset=utf-8";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers{};
    /// Not sent earlier than this after the request: what takes how long then tells nothing.
    std::chrono::milliseconds earliest{0};
};

/// "a=1&b=x%20y+z". Nothing for a broken escape; the first of equal names counts.
[[nodiscard]] std::optional<Fields> parseForm(std::string_view text);
/// The fields of a multipart/form-data body (RFC 7578), as RFC 8058 permits them; files are fields,
/// too. Nothing without a boundary, or where the body does not end as it says.
[[nodiscard]] std::optional<Fields> parseMultipart(std::string_view contentType,
                                                   std::string_view body);
/// "a=1; b=2" of a Cookie header; what has no '=' is skipped.
[[nodiscard]] Fields parseCookies(std::string_view header);

[[nodiscard]] HttpResponse redirectTo(std::string location);

}  // namespace tapport::hub
