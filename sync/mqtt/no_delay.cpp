// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/mqtt/no_delay.h"

#include <charconv>
#include <filesystem>
#include <string>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace tapport::mqtt {
namespace {

namespace fs = std::filesystem;

/// 0 for what is no connection over TCP.
int peerPortOf(int descriptor) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0) {
        return 0;
    }
    switch (peer.ss_family) {
        case AF_INET:
            return ntohs(reinterpret_cast<const sockaddr_in&>(peer).sin_port);
        case AF_INET6:
            return ntohs(reinterpret_cast<const sockaddr_in6&>(peer).sin6_port);
        default:
            return 0;
    }
}

}  // namespace

void sendWithoutDelay(int peerPort) {
    std::error_code ignored;
    for (fs::directory_iterator at("/proc/self/fd", ignored), end; at != end;
         at.increment(ignored)) {
        const std::string name = at->path().filename().string();
        int descriptor = -1;
        std::from_chars(name.data(), name.data() + name.size(), descriptor);
        if (peerPortOf(descriptor) == peerPort) {
            const int on = 1;
            (void)::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        }
    }
}

}  // namespace tapport::mqtt
