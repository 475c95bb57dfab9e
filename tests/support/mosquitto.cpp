// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/mosquitto.h"

#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

#include <stdexcept>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tapport::support {

Mosquitto::Mosquitto(std::filesystem::path dir, std::string_view more)
    : dir_(std::move(dir)), port_(freePort()) {
    constexpr std::string_view kPort = "{port}";
    std::string lines(more);
    for (std::size_t at = 0; (at = lines.find(kPort)) != std::string::npos;) {
        lines.replace(at, kPort.size(), std::to_string(port_));
    }
    writeConfiguration("listener " + std::to_string(port_) +
                       " 127.0.0.1\n"
                       "allow_anonymous true\n"
                       "persistence false\n"
                       "max_inflight_messages 0\n"
                       "max_queued_messages 100000\n"
                       "set_tcp_nodelay true\n" +
                       lines);
    start();
}

Mosquitto::Mosquitto(std::filesystem::path dir, const std::filesystem::path& configuration,
                     int port)
    : dir_(std::move(dir)), port_(port) {
    writeConfiguration(readFile(configuration));
    start();
}

void Mosquitto::writeConfiguration(std::string text) {
    std::filesystem::create_directories(dir_);
    if (::geteuid() == 0) {
        // mosquitto drops to its own account otherwise and cannot read our directory.
        text = "user root\n" + text;
    }
    writeFile(dir_ / "mosquitto.conf", text + '\n');
}

void Mosquitto::start() {
    ChildOptions options;
    options.log = dir_ / "mosquitto.log";
    options.appendStdoutToLog = true;
    const std::size_t before = readFile(options.log).size();
    // It says so once it listens: another's broker at this port would accept connections, too.
    const auto isUp = [&] {
        return readFile(options.log).find(" running\n", before) != std::string::npos &&
               accepts(port_);
    };
    child_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{"mosquitto", "-c", (dir_ / "mosquitto.conf").string()}, options);
    if (!waitUntil([&] { return isUp() || !child_->isRunning(); }) || !child_->isRunning()) {
        throw std::runtime_error("mosquitto did not start: see " + options.log.string());
    }
}

void Mosquitto::stop() {
    child_->terminate();
}

void Mosquitto::kill() {
    child_->kill();
}

bool accepts(int port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    const bool connected =
        ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    return connected;
}

}  // namespace tapport::support
