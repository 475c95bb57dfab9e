// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/opener_line.h"

#include "sync/hub/opener/opener_listener.h"

#include <cerrno>
#include <system_error>

#include <sys/socket.h>

namespace tapport::hub {

Result<OpenerLine> OpenerLine::start(const std::filesystem::path& program,
                                     std::vector<std::string> arguments) {
    return program::SocketChild::start(program, std::move(arguments))
        .map([](program::SocketChild child) { return OpenerLine(std::move(child)); });
}

Result<OpenerLine> OpenerLine::connect(const std::filesystem::path& socket,
                                       const std::optional<program::User>& user) {
    const auto address = addressOf(socket);
    if (!address) {
        return tl::unexpected(address.error());
    }
    program::FileDescriptor end(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    // Does not wait for one that is frozen and takes no calls.
    if (::connect(end.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
        return fail(Code::Busy, socket.string() + ": " + std::system_category().message(errno));
    }
    const auto peer = program::peerUser(end.get());
    if (user && peer != user->id && peer != 0U) {
        return fail(Code::InvalidConfig, socket.string() + ": user '" +
                                             (peer ? program::userName(*peer) : "unknown") +
                                             "' listens there, not '" + user->name + "'");
    }
    return OpenerLine(std::move(end));
}

int OpenerLine::socket() const {
    if (const auto* child = std::get_if<program::SocketChild>(&end_)) {
        return child->socket();
    }
    return std::get<program::FileDescriptor>(end_).get();
}

std::string OpenerLine::finish(std::chrono::milliseconds patience) {
    if (auto* child = std::get_if<program::SocketChild>(&end_)) {
        return "its process " + child->finish(patience);
    }
    std::get<program::FileDescriptor>(end_).reset();
    return "hung up";
}

}  // namespace tapport::hub
