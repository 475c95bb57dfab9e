// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/verifier/browser.h"

#include "tests/support/child_process.h"

#include <stdexcept>

#include <nlohmann/json.hpp>

namespace tapport::journey {
namespace {

/// What stands between `begin` and `end`, behind the first of them.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
    const std::size_t at = text.find(begin);
    if (at == std::string::npos) {
        return "";
    }
    const std::size_t from = at + begin.size();
    return text.substr(from, text.find(end, from) - from);
}

/// What the page shows, without the script's own words.
std::string withoutScripts(std::string dom) {
    const std::string end = "</script>";
    for (std::size_t at = dom.find("<script"); at != std::string::npos; at = dom.find("<script")) {
        dom.erase(at, dom.find(end, at) + end.size() - at);
    }
    return dom;
}

/// The browser asks for things of its own (updates, the time): those have no page as initiator.
std::vector<std::string> requestsOfPages(const std::filesystem::path& networkLog) {
    const auto log = nlohmann::json::parse(support::readFile(networkLog), nullptr, false);
    if (!log.is_object()) {
        throw std::runtime_error("the browser wrote no network log");
    }
    std::vector<std::string> requests;
    for (const auto& event : log.at("events")) {
        const auto params = event.value("params", nlohmann::json::object());
        if (params.contains("url") && params.contains("initiator") &&
            params.at("initiator") != "not an origin") {
            requests.push_back(params.at("url"));
        }
    }
    return requests;
}

}  // namespace

std::string Visited::attribute(const std::string& name) const {
    return between(between(dom, "<body", ">"), name + "=\"", "\"");
}

std::string Visited::text(const std::string& id) const {
    return between(between(dom, "id=\"" + id + "\"", "</"), ">", "<");
}

Visited Browser::open(const std::filesystem::path& page, const std::string& fragment) {
    const std::filesystem::path log = profile_ / "network.json";
    std::filesystem::remove(log);
    // --no-sandbox: its own sandbox refuses to run as root, as tests in containers do. The proxy is
    // a port that nobody listens on.
    const support::Finished finished = support::run(
        {"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", "--disable-component-update",
         "--proxy-server=http://127.0.0.1:9", "--user-data-dir=" + (profile_ / "data").string(),
         "--log-net-log=" + log.string(), "--virtual-time-budget=10000", "--dump-dom",
         "file://" + page.string() + (fragment.empty() ? "" : "#" + fragment)});
    if (finished.status != 0) {
        throw std::runtime_error("chromium: " + finished.err);
    }
    return {withoutScripts(finished.out), requestsOfPages(log)};
}

}  // namespace tapport::journey
