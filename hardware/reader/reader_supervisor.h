// SPDX-License-Identifier: GPL-3.0-or-later
// The BadgeReader of the kiosk: runs tapport-reader as a child and keeps it running. libnfc can
// abort, fail an assertion or hang; whatever it does costs the child, and the child comes back.
#pragma once

#include "hardware/reader/backoff.h"
#include "hardware/reader/protocol.h"
#include "sync/program/socket_child.h"

#include <mutex>
#include <thread>

namespace tapport::reader {

struct SupervisorSettings {
    std::filesystem::path program;              ///< tapport-reader
    std::string connstring;                     ///< for libnfc, such as "pn532_uart:/dev/ttyS1"
    std::filesystem::path config{};             ///< the child's TOML file; empty: none
    std::chrono::milliseconds leastPause{200};  ///< before a restart; doubles up to mostPause
    std::chrono::milliseconds mostPause{5'000};
    std::chrono::milliseconds watchdog{5'000};  ///< a child silent for so long is killed
};

class ReaderSupervisor : public BadgeReader {
  public:
    explicit ReaderSupervisor(SupervisorSettings settings);
    /// Ends the child; no event arrives after this.
    ~ReaderSupervisor() override;
    ReaderSupervisor(const ReaderSupervisor&) = delete;
    ReaderSupervisor& operator=(const ReaderSupervisor&) = delete;

    void start(std::function<void(const ReaderEvent&)> listener) override;
    void write(Bytes message) override;

  private:
    using Clock = std::chrono::steady_clock;
    void run();
    /// Until the child is lost or the end is near; why.
    [[nodiscard]] std::string attend(const program::SocketChild& child);
    /// False at the end of the stream or when it makes no sense any more.
    [[nodiscard]] bool receive(const program::SocketChild& child, PacketSplitter& packets);
    void hear(const FromChild& message);
    /// Hands write requests on, to `child` or, while there is none, to their failure.
    void takeRequests(const program::SocketChild* child);
    void reportLost(const std::string& why);
    void endRequest(bool succeeded, std::string why);
    /// Waits, but not longer than until the end is near.
    void rest(std::chrono::milliseconds pause);
    [[nodiscard]] bool isEnding();

    SupervisorSettings settings_;
    std::function<void(const ReaderEvent&)> listener_;
    program::FileDescriptor wake_;  ///< eventfd: requests or the end

    std::mutex mutex_;  ///< guards the two below
    std::vector<Bytes> requests_;
    bool isEnding_ = false;

    // The thread's own.
    enum class Link : std::uint8_t { Unknown, Up, Lost };
    Link link_ = Link::Unknown;
    std::string childSaid_;  ///< its own reason for ending
    Clock::time_point openedAt_;
    std::uint64_t lastRequest_ = 0;
    bool isWritePending_ = false;
    std::thread thread_;
};

}  // namespace tapport::reader
