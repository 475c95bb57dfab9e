// SPDX-License-Identifier: GPL-3.0-or-later
// The pseudo-terminal that stands for the reader's serial port. Keeps a descriptor of its own on
// the far end, so that a host may come and go without the near end seeing an error.
#pragma once

#include "sync/base/bytes.h"
#include "sync/base/error.h"
#include "sync/program/file_descriptor.h"

#include <filesystem>

namespace tapport::pn532sim {

class Pty {
  public:
    /// A raw terminal; Internal when the system has none left.
    [[nodiscard]] static Result<Pty> open();

    [[nodiscard]] const std::filesystem::path& device() const { return device_; }
    /// Poll it for input.
    [[nodiscard]] int fd() const { return near_.get(); }
    /// Nothing when there is nothing to read.
    [[nodiscard]] Bytes read() const;
    /// Drops what a host does not take off the line, as a wire would.
    void write(ByteView bytes) const;

  private:
    Pty(program::FileDescriptor near, program::FileDescriptor far, std::filesystem::path device)
        : near_(std::move(near)), far_(std::move(far)), device_(std::move(device)) {}

    program::FileDescriptor near_;
    program::FileDescriptor far_;
    std::filesystem::path device_;
};

}  // namespace tapport::pn532sim
