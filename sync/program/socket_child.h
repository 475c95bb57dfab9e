// SPDX-License-Identifier: GPL-3.0-or-later
// A program of ours that runs as a child, as its parent holds it: a pid and one end of a socket
// pair. The child has the other end and ends when this one is closed, however its parent ends.
#pragma once

#include "sync/base/bytes.h"
#include "sync/base/error.h"
#include "sync/program/file_descriptor.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace tapport::program {

class SocketChild {
  public:
    /// Where the child finds its end of the pair.
    static constexpr int kFd = 3;

    /// Starts `program` with these arguments, its own name first, in a process group of its own,
    /// with no signal blocked. NotFound when it cannot be started.
    [[nodiscard]] static Result<SocketChild> start(const std::filesystem::path& program,
                                                   std::vector<std::string> arguments);
    SocketChild(SocketChild&& other) noexcept
        : pid_(std::exchange(other.pid_, -1)), socket_(std::move(other.socket_)) {}
    SocketChild& operator=(SocketChild&&) = delete;
    /// finish() without patience.
    ~SocketChild();

    [[nodiscard]] int socket() const { return socket_.get(); }
    /// A failure shows as the end of the socket.
    void send(ByteView bytes) const;
    /// Closes the socket, at which the child ends; SIGKILL after `patience`. How it ended, in
    /// words: "was ended by signal 9".
    std::string finish(std::chrono::milliseconds patience);

  private:
    SocketChild(pid_t pid, FileDescriptor socket) : pid_(pid), socket_(std::move(socket)) {}

    pid_t pid_ = -1;
    FileDescriptor socket_;
};

}  // namespace tapport::program
