// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/pty.h"

#include <cstdlib>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace tapport::pn532sim {

Result<Pty> Pty::open() {
    program::FileDescriptor near(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    std::array<char, 64> name{};
    if (!near.isOpen() || ::grantpt(near.get()) != 0 || ::unlockpt(near.get()) != 0 ||
        ::ptsname_r(near.get(), name.data(), name.size()) != 0) {
        return fail(Code::Internal, "no pseudo-terminal to be had");
    }
    program::FileDescriptor far(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    termios settings{};
    if (!far.isOpen() || ::tcgetattr(far.get(), &settings) != 0) {
        return fail(Code::Internal, "the pseudo-terminal does not open");
    }
    ::cfmakeraw(&settings);
    if (::tcsetattr(far.get(), TCSANOW, &settings) != 0) {
        return fail(Code::Internal, "the pseudo-terminal does not become raw");
    }
    return Pty(std::move(near), std::move(far), name.data());
}

Bytes Pty::read() const {
    Bytes bytes(1024);
    const auto count = ::read(near_.get(), bytes.data(), bytes.size());
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
}

void Pty::write(ByteView bytes) const {
    while (!bytes.empty()) {
        const auto count = ::write(near_.get(), bytes.data(), bytes.size());
        if (count <= 0) {
            return;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

}  // namespace tapport::pn532sim
