// SPDX-License-Identifier: GPL-3.0-or-later
// Lets every client in and refuses each subscription (MQTT 3.1.1, 3.9.3: return code 0x80), as a
// node of a cluster does that has lost its fellows. mosquitto cannot be made to.
#pragma once

#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tapport::agent {

class RefusingBroker {
  public:
    RefusingBroker() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* const any = reinterpret_cast<sockaddr*>(&address);
        if (::bind(socket_, any, length) != 0 || ::listen(socket_, 8) != 0 ||
            ::getsockname(socket_, any, &length) != 0) {
            throw std::runtime_error("no socket");
        }
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~RefusingBroker() {
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }
    RefusingBroker(const RefusingBroker&) = delete;
    RefusingBroker& operator=(const RefusingBroker&) = delete;

    [[nodiscard]] int port() const { return port_; }
    /// How often somebody came.
    [[nodiscard]] int connections() const { return connections_; }

  private:
    static constexpr unsigned char kConnect = 0x10;
    static constexpr unsigned char kSubscribe = 0x82;

    void serve() {
        for (int client = 0; (client = ::accept(socket_, nullptr, nullptr)) >= 0;) {
            ++connections_;
            talk(client);
            ::close(client);
        }
    }
    /// Packets of less than 128 bytes after their length; all of ours are.
    static void talk(int client) {
        std::array<unsigned char, 2> header{};
        std::array<unsigned char, 128> body{};
        while (::recv(client, header.data(), header.size(), MSG_WAITALL) == 2 &&
               header[1] < body.size() &&
               ::recv(client, body.data(), header[1], MSG_WAITALL) == header[1]) {
            if (header[0] == kConnect) {
                constexpr std::array<unsigned char, 4> kAccepted{0x20, 2, 0, 0};
                (void)::send(client, kAccepted.data(), kAccepted.size(), MSG_NOSIGNAL);
            } else if (header[0] == kSubscribe) {
                const std::array<unsigned char, 5> refused{0x90, 3, body[0], body[1], 0x80};
                (void)::send(client, refused.data(), refused.size(), MSG_NOSIGNAL);
            }
        }
    }

    int socket_;
    int port_ = 0;
    std::atomic<int> connections_{0};
    std::thread thread_;
};

}  // namespace tapport::agent
