// SPDX-License-Identifier: GPL-3.0-or-later
// An opener that somebody else than the hub runs: a Unix socket, on which each process of the hub's
// user is served, and nobody else.
#pragma once

#include "sync/hub/opener/opener.h"
#include "sync/program/file_descriptor.h"
#include "sync/program/user.h"

#include <filesystem>

#include <sys/un.h>

namespace tapport::hub {

/// InvalidConfig: a path that is too long for a socket's address (107 bytes).
[[nodiscard]] Result<sockaddr_un> addressOf(const std::filesystem::path& socket);

class OpenerListener {
  public:
    /// So many are served at once; the next is told so and hung up.
    static constexpr std::size_t kMostHubs = 32;

    /// The socket that a service manager hands over (sd_listen_fds(3)), or a new one at this path,
    /// which any user may find: who asks is judged when it does. Busy: an opener listens there.
    [[nodiscard]] static Result<OpenerListener> open(const std::filesystem::path& socket);

    /// Answers hubs with `opener`, each on a thread of its own, until `terminationFd` becomes
    /// readable.
    [[nodiscard]] Result<> serve(const LocalOpener& opener, const program::User& hub,
                                 int terminationFd);

  private:
    explicit OpenerListener(program::FileDescriptor listener) : listener_(std::move(listener)) {}
    program::FileDescriptor listener_;
};

}  // namespace tapport::hub
