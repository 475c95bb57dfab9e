// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/interceptor.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tapport::support {
namespace {

constexpr std::string_view kAcks = "tapport/1/ack/";

bool reaches(Interceptor::Mode mode) {
    return mode == Interceptor::Mode::Pass || mode == Interceptor::Mode::NoAcks;
}

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int connectTo(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(fd);
        return -1;
    }
    return fd;
}

/// To one that may be gone: it is told by the next read, not by a signal.
void sendTo(int fd, std::string_view bytes) {
    (void)::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

}  // namespace

Interceptor::Interceptor(int brokerPort)
    : brokerPort_(brokerPort),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      wake_(::eventfd(0, EFD_CLOEXEC)) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("no port for the interceptor");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

Interceptor::~Interceptor() {
    const std::uint64_t one = 1;
    (void)!::write(wake_, &one, sizeof one);
    thread_.join();
    for (const Side& side : sides_) {
        ::close(side.fd);
    }
    ::close(listener_);
    ::close(wake_);
}

void Interceptor::run() {
    for (;;) {
        std::vector<pollfd> waiting{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
        const std::vector<Side> sides = sides_;
        for (const Side& side : sides) {
            waiting.push_back({side.fd, POLLIN, 0});
        }
        ::poll(waiting.data(), waiting.size(), -1);
        if (waiting[0].revents != 0) {
            return;
        }
        if (waiting[1].revents != 0) {
            accept();
        }
        for (std::size_t i = 0; i < sides.size(); ++i) {
            const bool isThere = std::any_of(sides_.begin(), sides_.end(), [&](const Side& side) {
                return side.fd == sides[i].fd;
            });
            if (waiting[i + 2].revents != 0 && isThere) {
                carry(sides[i]);
            }
        }
    }
}

void Interceptor::accept() {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    ++connections_;
    const Mode mode = mode_;
    const int broker = reaches(mode) ? connectTo(brokerPort_) : -1;
    sides_.push_back({client, broker});
    if (broker >= 0) {
        sides_.push_back({broker, client, std::make_shared<PacketFilter>()});
    }
}

void Interceptor::carry(const Side& from) {
    constexpr std::string_view kPage =
        "HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\nContent-Length: 0\r\n\r\n";
    std::array<char, 16384> bytes{};
    ssize_t size = ::read(from.fd, bytes.data(), bytes.size());
    if (size > losesAbove_) {
        losesAbove_ = std::numeric_limits<int>::max();
        hasLost_ = true;
        size = 0;
    }
    const Mode mode = mode_;
    if (mode == Mode::Portal && size > 0) {
        sendTo(from.fd, kPage);
    }
    if (size <= 0 || mode == Mode::Portal || (reaches(mode) && from.peer < 0)) {
        close(from.fd);
        if (from.peer >= 0) {
            close(from.peer);
        }
    } else if (reaches(mode)) {
        passOn(from, {bytes.data(), static_cast<std::size_t>(size)}, mode);
    }
}

void Interceptor::passOn(const Side& from, std::string_view bytes, Mode mode) {
    std::string rest;
    if (from.filter) {
        const std::size_t before = from.filter->lost();
        rest = from.filter->pass(bytes, mode == Mode::NoAcks ? kAcks : std::string_view());
        lost_ += from.filter->lost() - before;
        bytes = rest;
    }
    if (!bytes.empty()) {
        sendTo(from.peer, bytes);
    }
}

void Interceptor::close(int fd) {
    ::close(fd);
    sides_.erase(std::remove_if(sides_.begin(), sides_.end(),
                                [&](const Side& side) { return side.fd == fd; }),
                 sides_.end());
}

}  // namespace tapport::support
