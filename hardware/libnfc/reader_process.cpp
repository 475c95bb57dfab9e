// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/libnfc/reader_process.h"

#include "hardware/libnfc/libnfc_device.h"
#include "sync/program/log.h"

#include <array>
#include <chrono>

#include <poll.h>
#include <sys/socket.h>

namespace tapport::libnfc {
namespace {

using Clock = std::chrono::steady_clock;

/// A single bad reply is mended by opening the device anew; this many without a good exchange in
/// between are left to the parent and its pauses.
constexpr int kMostFailures = 3;
constexpr std::chrono::seconds kHeartbeat{1};

class ReaderProcess {
  public:
    ReaderProcess(const ReaderSettings& settings, int socket)
        : settings_(settings), socket_(socket), loop_(settings.loop) {}

    Result<> run(int endFd) {
        for (auto opened = open(); opened; opened = turn()) {
            std::array<pollfd, 2> waiting{{{socket_, POLLIN, 0}, {endFd, POLLIN, 0}}};
            (void)::poll(waiting.data(), waiting.size(), static_cast<int>(loop_.pause().count()));
            if ((waiting[1].revents & POLLIN) != 0) {
                return {};
            }
            if (waiting[0].revents != 0 && !receive()) {
                return {};
            }
        }
        tell(reader::DeviceFailed{lastError_.context});
        return tl::unexpected(lastError_);
    }

  private:
    void tell(const reader::FromChild& message) {
        const auto bytes = encode(message);
        // A parent that has gone shows as the end of the socket at the next look.
        (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        lastTold_ = Clock::now();
    }

    Result<> open() {
        device_.reset();
        auto device = LibnfcDevice::open(settings_.connstring);
        if (!device) {
            return failed(device.error());
        }
        device_ = std::move(*device);
        tell(reader::Opened{});
        return {};
    }

    Result<> failed(const Error& error) {
        lastError_ = error;
        return tl::unexpected(error);
    }

    Result<> turn() {
        const auto messages = loop_.turn(*device_);
        if (!messages) {
            program::logWarning("{}", messages.error().context);
            if (++failures_ >= kMostFailures) {
                return failed(messages.error());
            }
            loop_.deviceReopened();
            return open();
        }
        failures_ = 0;
        for (const auto& message : *messages) {
            tell(message);
        }
        if (Clock::now() - lastTold_ >= kHeartbeat) {
            tell(reader::Heartbeat{});
        }
        return {};
    }

    /// False when the parent has gone or talks nonsense.
    bool receive() {
        std::array<std::uint8_t, 4096> buffer{};
        const auto count = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (count <= 0) {
            return false;
        }
        packets_.feed(ByteView(buffer).first(static_cast<std::size_t>(count)));
        for (;;) {
            const auto packet = packets_.next();
            if (!packet) {
                return false;
            }
            if (!*packet) {
                return true;
            }
            auto request = reader::decodeWriteRequest(**packet);
            if (!request) {
                return false;
            }
            loop_.write(std::move(*request));
        }
    }

    const ReaderSettings& settings_;
    int socket_;
    reader::BadgeLoop loop_;
    reader::PacketSplitter packets_;
    std::unique_ptr<LibnfcDevice> device_;
    Error lastError_{Code::Reader, {}};
    Clock::time_point lastTold_;
    int failures_ = 0;
};

}  // namespace

Result<> serveParent(const ReaderSettings& settings, int socket, int endFd) {
    return ReaderProcess(settings, socket).run(endFd);
}

}  // namespace tapport::libnfc
