// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/identity/tls_site.h"

#include "tests/support/wait_until.h"

#include <csignal>
#include <regex>
#include <stdexcept>

#include <fmt/core.h>

namespace tapport::journey {
namespace {

constexpr const char* kHost = "127.0.0.1";

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

void expectDone(const support::Finished& finished) {
    if (finished.status != 0) {
        throw std::runtime_error(finished.out + finished.err);
    }
}

void replaceIn(const std::filesystem::path& file, const std::string& what,
               const std::string& with) {
    const std::string text = support::readFile(file);
    const std::size_t at = text.find(what);
    if (at == std::string::npos) {
        throw std::runtime_error(file.string() + " has no " + what);
    }
    support::writeFile(file, std::string(text).replace(at, what.size(), with));
}

}  // namespace

TlsSite::TlsSite(const std::string& event) {
    const std::string tapport = support::program("tapport");
    expectDone(support::run({tapport, "event", "init", path("fair"), "--broker", kHost}));
    if (event != kExampleEvent) {
        replaceIn(path("fair/event.json"), quoted(kExampleEvent), quoted(event));
        expectDone(support::run({tapport, "event", "publish", path("fair")}));
    }
    configureBroker();
    broker_ = std::make_unique<support::Mosquitto>(path("mosquitto"),
                                                   path("fair/broker/mosquitto.conf"), port_);
    replaceIn(
        path("fair/hub.toml"), "reload = []",
        fmt::format("port = {}\nreload = [\"kill\", \"-HUP\", \"{}\"]", port_, broker_->pid()));
    startHub();
}

void TlsSite::configureBroker() const {
    expectDone(support::run({support::program("tapport"), "broker", "config", path("fair"),
                             "--host", kHost, "--port", std::to_string(port_), "--enrol-port",
                             std::to_string(enrolPort_)}));
    if (broker_) {
        ::kill(broker_->pid(), SIGHUP);
    }
}

void TlsSite::startHub() {
    support::ChildOptions options;
    options.log = path("hub.log");
    hub_ = std::make_unique<support::ChildProcess>(
        std::vector<std::string>{support::program("tapport-hub"), "--config", path("fair/hub.toml"),
                                 "--web-port", "0"},
        options);
    if (!hub_->readLine() ||
        !support::waitUntil([this] { return hubLogHas("online at the broker"); })) {
        throw std::runtime_error("the hub is not online: " + support::readFile(path("hub.log")));
    }
}

support::Finished TlsSite::hub(std::vector<std::string> arguments) const {
    std::vector<std::string> all{support::program("tapport-hub"), "--config",
                                 path("fair/hub.toml")};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return support::run(all);
}

std::string TlsSite::invite(const std::string& kiosk) const {
    const auto said = support::run({support::program("tapport"), "enrol", "--kiosk", kiosk,
                                    "--config", path("fair/hub.toml")});
    expectDone(said);
    std::smatch code;
    if (!std::regex_search(said.out, code, std::regex("--code ([0-9A-Z-]{29})"))) {
        throw std::runtime_error("no code: " + said.out);
    }
    return code[1];
}

std::filesystem::path TlsSite::unpack(const std::string& kiosk, const std::string& folder) const {
    const auto dir = path(folder);
    std::filesystem::create_directories(dir);
    std::filesystem::copy_file(path("fair/kiosk.toml"), dir / "kiosk.toml");
    replaceIn(dir / "kiosk.toml", "\"kiosk-1\"", "\"" + kiosk + "\"");
    replaceIn(dir / "kiosk.toml", "tls_ca",
              fmt::format("port = {}\nenrol_port = {}\ntls_ca", port_, enrolPort_));
    return dir;
}

void TlsSite::enrolThrough(int port, const std::filesystem::path& kioskFolder) const {
    replaceIn(kioskFolder / "kiosk.toml", fmt::format("enrol_port = {}", enrolPort_),
              fmt::format("enrol_port = {}", port));
}

support::Finished TlsSite::enrol(const std::filesystem::path& folder,
                                 const std::string& code) const {
    return support::run(
        {support::program("tapport"), "enrol", "--code", code, "--config", folder / "kiosk.toml"});
}

std::filesystem::path TlsSite::enrolled(const std::string& kiosk) const {
    const auto folder = unpack(kiosk, kiosk);
    expectDone(enrol(folder, invite(kiosk)));
    return folder;
}

mqtt::Options TlsSite::optionsOf(const std::filesystem::path& kioskFolder) const {
    mqtt::Options options;
    options.port = port_;
    options.clientId = "any";  // the broker takes the name in the certificate
    options.connectTimeout = support::kPatience;
    const auto identity = kioskFolder / "identity";
    options.tls = mqtt::Tls{mqtt::Peer::Verified, identity / "ca.crt", identity / "kiosk.crt",
                            identity / "kiosk.key"};
    return options;
}

bool TlsSite::brokerLogHas(const std::string& text) const {
    return support::readFile(path("mosquitto/mosquitto.log")).find(text) != std::string::npos;
}

bool TlsSite::hubLogHas(const std::string& text) const {
    return support::readFile(path("hub.log")).find(text) != std::string::npos;
}

}  // namespace tapport::journey
