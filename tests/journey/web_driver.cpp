// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/web_driver.h"

#include "tests/support/wait_until.h"

#include <stdexcept>

#include <nlohmann/json.hpp>

namespace tapport::journey {
namespace {

using nlohmann::json;

/// The answer's value; null as long as nobody listens there.
json ask(int port, const std::string& method, const std::string& path, const json& body) {
    std::vector<std::string> command{"curl", "--silent", "--request", method,
                                     "http://127.0.0.1:" + std::to_string(port) + path};
    if (!body.is_null()) {
        command.insert(command.end(),
                       {"--header", "Content-Type: application/json", "--data", body.dump()});
    }
    const json answer = json::parse(support::run(command).out, nullptr, false);
    const json value = answer.is_object() ? answer.value("value", json()) : json();
    if (value.is_object() && value.contains("error")) {
        throw std::runtime_error("chromedriver: " + value.value("message", ""));
    }
    return value;
}

}  // namespace

WebDriver::WebDriver()
    : driver_({"chromedriver", "--port=" + std::to_string(port_), "--log-level=OFF"}) {
    const bool isReady = support::waitUntil([this] {
        const json status = ask(port_, "GET", "/status", {});
        return status.is_object() && status.value("ready", false);
    });
    if (!isReady) {
        throw std::runtime_error("chromedriver did not start");
    }
    // --no-sandbox: its own sandbox refuses to run as root, as tests in containers do.
    const json options{{"args",
                        {"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                         "--disable-background-networking", "--disable-component-update",
                         "--user-data-dir=" + profile_.path().string()}}};
    const json session =
        ask(port_, "POST", "/session",
            {{"capabilities", {{"alwaysMatch", {{"goog:chromeOptions", options}}}}}});
    session_ = "/session/" + session.at("sessionId").get<std::string>();
}

WebDriver::~WebDriver() {
    try {
        (void)ask(port_, "DELETE", session_, {});
    } catch (const std::exception&) {  // ends with the driver then
    }
}

void WebDriver::open(const std::string& url) {
    (void)ask(port_, "POST", session_ + "/url", {{"url", url}});
}

std::string WebDriver::find(const std::string& element) {
    const json found =
        ask(port_, "POST", session_ + "/element", {{"using", "css selector"}, {"value", element}});
    return session_ + "/element/" + found.begin().value().get<std::string>();
}

void WebDriver::type(const std::string& element, const std::string& text) {
    (void)ask(port_, "POST", find(element) + "/value", {{"text", text}});
}

void WebDriver::click(const std::string& element) {
    (void)ask(port_, "POST", find(element) + "/click", json::object());
}

void WebDriver::resize(int width, int height) {
    (void)ask(port_, "POST", session_ + "/window/rect", {{"width", width}, {"height", height}});
}

int WebDriver::number(const std::string& expression) {
    return ask(port_, "POST", session_ + "/execute/sync",
               {{"script", "return " + expression}, {"args", json::array()}});
}

std::string WebDriver::address() {
    return ask(port_, "GET", session_ + "/url", {});
}

std::string WebDriver::source() {
    return ask(port_, "GET", session_ + "/source", {});
}

}  // namespace tapport::journey
