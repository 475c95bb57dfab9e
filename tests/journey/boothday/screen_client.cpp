// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/boothday/screen_client.h"

#include "tests/support/wait_until.h"

#include <algorithm>
#include <stdexcept>

#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tapport::boothday {

using nlohmann::json;

ScreenClient::ScreenClient(const std::filesystem::path& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.string().size() >= sizeof address.sun_path) {
        throw std::runtime_error("socket path too long: " + socket.string());
    }
    socket.string().copy(address.sun_path, sizeof address.sun_path - 1);
    const bool connected = support::waitUntil([&] {
        socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
            return true;
        }
        ::close(socket_);
        socket_ = -1;
        return false;
    });
    if (!connected) {
        throw std::runtime_error("the kiosk does not listen on " + socket.string());
    }
}

ScreenClient::~ScreenClient() {
    if (socket_ >= 0) {
        ::close(socket_);
    }
}

std::string ScreenClient::ask(const std::string& request) {
    const std::string line = request + "\n";
    if (::send(socket_, line.data(), line.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(line.size())) {
        throw std::runtime_error("the kiosk went away");
    }
    std::size_t end = 0;
    while ((end = buffer_.find('\n')) == std::string::npos) {
        char chunk[4096];
        const ssize_t got = ::recv(socket_, chunk, sizeof chunk, 0);
        if (got <= 0) {
            throw std::runtime_error("the kiosk went away");
        }
        buffer_.append(chunk, static_cast<std::size_t>(got));
    }
    std::string reply = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    const json answer = json::parse(reply);
    if (!answer.value("ok", false)) {
        throw std::runtime_error("the screen refused " + request + ": " +
                                 answer.value("error", "no reason given"));
    }
    return reply;
}

void ScreenClient::press(const std::string& target) {
    // The driver's own patience is for a machine with nothing else to do.
    constexpr auto kMillis =
        std::chrono::duration_cast<std::chrono::milliseconds>(support::kPatience).count();
    ask(json{{"do", "press"}, {"target", target}, {"timeoutMs", kMillis}}.dump());
}

void ScreenClient::type(const std::string& text) {
    ask(json{{"do", "type"}, {"text", text}}.dump());
}

std::string ScreenClient::screen() {
    return json::parse(ask(json{{"do", "state"}}.dump())).at("screen");
}

std::string ScreenClient::language() {
    return json::parse(ask(json{{"do", "state"}}.dump())).at("language");
}

bool ScreenClient::hasTarget(const std::string& target) {
    const json state = json::parse(ask(json{{"do", "state"}}.dump()));
    const auto& targets = state.at("targets");
    return std::find(targets.begin(), targets.end(), target) != targets.end();
}

std::string ScreenClient::waitFor(const std::vector<std::string>& screens,
                                  std::chrono::milliseconds patience) {
    std::string now;
    std::string path;  // what it showed instead
    const bool arrived = support::waitUntil(
        [&] {
            if (const std::string next = screen(); next != now) {
                path += (path.empty() ? "" : ", ") + next;
                now = next;
            }
            return std::find(screens.begin(), screens.end(), now) != screens.end();
        },
        patience);
    if (!arrived) {
        throw std::runtime_error("the kiosk showed " + path + ", but not " + screens.front());
    }
    return now;
}

void ScreenClient::waitForTarget(const std::string& target, std::chrono::milliseconds patience) {
    if (!support::waitUntil([&] { return hasTarget(target); }, patience)) {
        throw std::runtime_error("the kiosk stayed on " + screen() + " without " + target);
    }
}

void ScreenClient::grab(const std::filesystem::path& file) {
    ask(json{{"do", "grab"}, {"file", file.string()}}.dump());
}

}  // namespace tapport::boothday
