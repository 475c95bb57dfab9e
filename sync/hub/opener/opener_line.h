// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's end of its talk with an opener: a child that it started, or one that somebody else
// runs, as another user.
#pragma once

#include "sync/program/socket_child.h"
#include "sync/program/user.h"

#include <variant>

namespace tapport::hub {

class OpenerLine {
  public:
    /// As SocketChild::start.
    [[nodiscard]] static Result<OpenerLine> start(const std::filesystem::path& program,
                                                  std::vector<std::string> arguments);
    /// Busy: nobody listens there. InvalidConfig: who does is neither `user` nor root, who listens
    /// for it under a service manager; without a user anybody may.
    [[nodiscard]] static Result<OpenerLine> connect(const std::filesystem::path& socket,
                                                    const std::optional<program::User>& user);

    [[nodiscard]] int socket() const;
    /// Hangs up; a child is ended after `patience`. What became of it, in words.
    std::string finish(std::chrono::milliseconds patience);

  private:
    using End = std::variant<program::SocketChild, program::FileDescriptor>;
    explicit OpenerLine(End end) : end_(std::move(end)) {}
    End end_;
};

}  // namespace tapport::hub
