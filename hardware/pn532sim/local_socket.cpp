// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/local_socket.h"

#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tapport::pn532sim {
namespace {

constexpr std::size_t kMaxPacket = 4096;
constexpr int kPatienceMs = 1000;

Result<sockaddr_un> addressOf(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto& name = path.native();
    if (name.empty() || name.size() >= sizeof(address.sun_path)) {
        return fail(Code::InvalidConfig, "the socket's path is empty or too long");
    }
    std::memcpy(address.sun_path, name.data(), name.size());
    return address;
}

program::FileDescriptor newSocket() {
    return program::FileDescriptor(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
}

}  // namespace

Result<program::FileDescriptor> listenLocal(const std::filesystem::path& path) {
    const auto address = addressOf(path);
    if (!address) {
        return tl::unexpected(address.error());
    }
    if (connectLocal(path)) {
        return fail(Code::Busy, "another simulator listens at this socket");
    }
    ::unlink(path.c_str());
    auto socket = newSocket();
    const auto* plain = reinterpret_cast<const sockaddr*>(&*address);
    if (!socket.isOpen() || ::bind(socket.get(), plain, sizeof(*address)) != 0 ||
        ::listen(socket.get(), 4) != 0) {
        return fail(Code::Storage, "the control socket cannot be made at this path");
    }
    return socket;
}

Result<program::FileDescriptor> connectLocal(const std::filesystem::path& path) {
    const auto address = addressOf(path);
    if (!address) {
        return tl::unexpected(address.error());
    }
    auto socket = newSocket();
    const auto* plain = reinterpret_cast<const sockaddr*>(&*address);
    if (!socket.isOpen() || ::connect(socket.get(), plain, sizeof(*address)) != 0) {
        return fail(Code::NotFound, "no simulator listens at this socket");
    }
    return socket;
}

void sendPacket(int socket, ByteView packet) {
    (void)::send(socket, packet.data(), packet.size(), MSG_NOSIGNAL);
}

Bytes receivePacket(int socket) {
    pollfd waiting{socket, POLLIN, 0};
    if (::poll(&waiting, 1, kPatienceMs) != 1) {
        return {};
    }
    Bytes packet(kMaxPacket);
    const auto count = ::recv(socket, packet.data(), packet.size(), 0);
    packet.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return packet;
}

}  // namespace tapport::pn532sim
