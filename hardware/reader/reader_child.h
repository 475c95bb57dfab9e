// SPDX-License-Identifier: GPL-3.0-or-later
// The tapport-reader process as its parent holds it: a pid and one end of a socket pair.
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

namespace tapport::reader {

class ReaderChild {
  public:
    /// Starts `program --fd 3 arguments...` in a process group of its own, with no
    /// signal blocked. Reader when it cannot be started.
    [[nodiscard]] static Result<ReaderChild> start(const std::filesystem::path& program,
                                                   const std::vector<std::string>& arguments);
    ReaderChild(ReaderChild&& other) noexcept
        : pid_(std::exchange(other.pid_, -1)), socket_(std::move(other.socket_)) {}
    ReaderChild& operator=(ReaderChild&&) = delete;
    /// finish() without patience.
    ~ReaderChild();

    [[nodiscard]] int socket() const { return socket_.get(); }
    /// A failure shows as the end of the socket.
    void send(ByteView bytes) const;
    /// Closes the socket, at which the child ends; SIGKILL after `patience`. How it ended, in
    /// words.
    std::string finish(std::chrono::milliseconds patience);

  private:
    ReaderChild(pid_t pid, program::FileDescriptor socket)
        : pid_(pid), socket_(std::move(socket)) {}

    pid_t pid_ = -1;
    program::FileDescriptor socket_;
};

}  // namespace tapport::reader
