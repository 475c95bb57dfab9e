// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/admin/verifier_page.h"

#include "firmware-app/admin/verifier_page_html.h"

#include <cassert>

#include <fmt/core.h>

namespace tapport::admin {

std::string verifierPage(const PublishedFiles& files) {
    constexpr std::string_view kNothing = R"({"keys":null,"notices":null,"root":null})";
    std::string json = fmt::format(R"({{"keys":{},"notices":{},"root":"{}"}})", files.keySet,
                                   files.notices, files.rootKey);
    // In JSON '<' stands inside texts only; as itself it could end the script element.
    for (std::size_t at = json.find('<'); at != std::string::npos; at = json.find('<', at)) {
        json.replace(at, 1, "\\u003c");
    }
    std::string page = kVerifierPage;
    const std::size_t at = page.find(kNothing);
    assert(at != std::string::npos);
    return page.replace(at, kNothing.size(), json);
}

}  // namespace tapport::admin
