// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/verifier/script.h"

#include "sync/base/bytes.h"
#include "tests/journey/verifier/browser.h"

#include <regex>

namespace tapport::journey {

nlohmann::json evaluate(const std::vector<std::string>& files, const std::string& expression,
                        const nlohmann::json& given) {
    support::TempDir dir;
    std::string scripts;
    for (const std::string& file : files) {
        scripts += support::readFile(TAPPORT_VERIFIER_FOLDER "/" + file);
    }
    // One vector has "</script>" as a key.
    const std::string text = std::regex_replace(given.dump(), std::regex("<"), "\\u003c");
    support::writeFile(dir / "page.html", "<!DOCTYPE html><meta charset='utf-8'><body><script>" +
                                              scripts + "\nconst given = " + text +
                                              ";\nPromise.resolve(" + expression +
                                              ").then((found) => document.body.dataset.found = "
                                              "toHex(bytesOf(JSON.stringify(found))));"
                                              "</script></body>");
    const auto bytes = fromHex(Browser().open(dir / "page.html").attribute("data-found"));
    return nlohmann::json::parse(bytes && !bytes->empty() ? textOf(*bytes) : "null");
}

}  // namespace tapport::journey
