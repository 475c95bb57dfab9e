// SPDX-License-Identifier: GPL-3.0-or-later
// Users of this machine: who a process is, who is at the other end of a socket.
#pragma once

#include "sync/base/error.h"

#include <optional>
#include <string>

#include <sys/types.h>

namespace tapport::program {

struct User {
    uid_t id = 0;
    gid_t group = 0;
    std::string name;
};

/// By name; or by number, which need not have a name. InvalidConfig: there is none.
[[nodiscard]] Result<User> findUser(const std::string& name);
/// Its name, or the number.
[[nodiscard]] std::string userName(uid_t user);

/// Who connected to a Unix socket, or for whoever connected: who listens there. As the kernel says.
[[nodiscard]] std::optional<uid_t> peerUser(int socket);

/// From root, for good: this user, its own group and no other. Nothing to do for who is it already.
/// Call before any thread starts. InvalidConfig: neither.
[[nodiscard]] Result<> becomeUser(const User& user);

}  // namespace tapport::program
