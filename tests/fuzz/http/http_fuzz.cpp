// SPDX-License-Identifier: GPL-3.0-or-later
// What any program on the hub's machine, or a page in its browser, may ask the hub's pages, behind
// the HTTP parser: one line each of target, cookie, host, origin, then the body. Every value may be
// shown: escaped it holds no markup.
#include "sync/hub/web/html.h"
#include "sync/hub/web/http.h"

#include <array>
#include <cstdlib>

namespace {

using namespace tapport::hub;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

std::string_view takeLine(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

void show(std::string_view value) {
    const std::string shown = escapeHtml(value);
    require(shown.size() >= value.size());
    require(shown.find_first_of("<>\"'") == std::string::npos);
}

void show(const Fields& fields) {
    for (const auto& [name, value] : fields) {
        show(name);
        show(value);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A copy: a read behind it is seen.
    const std::string input(reinterpret_cast<const char*>(data), size);
    std::string_view rest = input;
    HttpParts parts;
    parts.target = takeLine(rest);
    parts.cookie = takeLine(rest);
    parts.host = takeLine(rest);
    parts.origin = takeLine(rest);
    parts.body = rest;
    for (const HttpMethod method : {HttpMethod::Get, HttpMethod::Post}) {
        parts.method = method;
        const auto request = requestFrom(parts);
        if (!request) {
            continue;
        }
        require(request->path.find('?') == std::string::npos);
        require(method == HttpMethod::Post || request->form.empty());
        show(request->path);
        show(request->query);
        show(request->form);
        show(request->cookies);
    }
    return 0;
}
