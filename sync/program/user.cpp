// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/program/user.h"

#include <array>
#include <charconv>

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tapport::program {

Result<User> findUser(const std::string& name) {
    std::array<char, 4096> room{};
    passwd entry{};
    passwd* found = nullptr;
    ::getpwnam_r(name.c_str(), &entry, room.data(), room.size(), &found);
    if (found != nullptr) {
        return User{found->pw_uid, found->pw_gid, name};
    }
    uid_t number = 0;
    const auto* const end = name.data() + name.size();
    if (const auto read = std::from_chars(name.data(), end, number);
        read.ec == std::errc() && read.ptr == end) {
        return User{number, number, name};
    }
    return fail(Code::InvalidConfig, "no user '" + name + "' on this machine");
}

std::string userName(uid_t user) {
    std::array<char, 4096> room{};
    passwd entry{};
    passwd* found = nullptr;
    ::getpwuid_r(user, &entry, room.data(), room.size(), &found);
    return found == nullptr ? std::to_string(user) : std::string(found->pw_name);
}

std::optional<uid_t> peerUser(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
        return std::nullopt;
    }
    return peer.uid;
}

Result<> becomeUser(const User& user) {
    if (::geteuid() == user.id) {
        return {};
    }
    if (::geteuid() != 0 || ::setgroups(0, nullptr) != 0 || ::setgid(user.group) != 0 ||
        ::setuid(user.id) != 0) {
        return fail(Code::InvalidConfig, "cannot become user '" + user.name + "', being '" +
                                             userName(::geteuid()) + "'");
    }
    return {};
}

}  // namespace tapport::program
