// SPDX-License-Identifier: GPL-3.0-or-later
// Owns one file descriptor and closes it. Not for sharing: move it.
#pragma once

#include <cerrno>
#include <utility>

#include <unistd.h>

namespace tapport::program {

class FileDescriptor {
  public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~FileDescriptor() { reset(); }

    /// Negative when it owns none, as after a failed open().
    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] bool isOpen() const { return fd_ >= 0; }
    void reset() {
        if (isOpen()) {
            ::close(std::exchange(fd_, -1));
        }
    }

  private:
    int fd_ = -1;
};

/// Whether what was written to this file or folder is on the disk; else errno says why not. Yes as
/// well where its file system knows no such call, for folders above all (a shared folder of
/// VirtualBox, some of FUSE): nothing would be gained by refusing to work there.
[[nodiscard]] inline bool isSynced(int fd) {
    return ::fsync(fd) == 0 || errno == EINVAL || errno == EOPNOTSUPP;
}

}  // namespace tapport::program
