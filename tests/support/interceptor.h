// SPDX-License-Identifier: GPL-3.0-or-later
// What may stand between a kiosk and its broker: a cable, a link that is half open, or a captive
// portal. Listens on a port of its own and passes bytes on to the broker's, or does not.
#pragma once

#include "tests/support/packet_filter.h"

#include <atomic>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

namespace tapport::support {

class Interceptor {
  public:
    enum class Mode : int {
        Pass,
        Swallow,  ///< takes everything and answers nothing; connections stay open
        Portal,   ///< answers as a web server does, then closes
        NoAcks,   ///< as Pass, but the hub's acknowledgements do not reach the kiosk
    };

    explicit Interceptor(int brokerPort);
    ~Interceptor();
    Interceptor(const Interceptor&) = delete;
    Interceptor& operator=(const Interceptor&) = delete;

    [[nodiscard]] int port() const { return port_; }
    void set(Mode mode) { mode_ = mode; }
    /// The next piece of more bytes than that is lost on the way, and its connection with it.
    void loseNextAbove(int bytes) { losesAbove_ = bytes; }
    [[nodiscard]] bool hasLost() const { return hasLost_; }
    /// How many connections were made so far.
    [[nodiscard]] int connections() const { return connections_; }
    /// How many acknowledgements were lost so far.
    [[nodiscard]] std::size_t lost() const { return lost_; }

  private:
    /// A connection and its other side.
    struct Side {
        int fd = -1;
        int peer = -1;
        std::shared_ptr<PacketFilter> filter{};  ///< of what the broker sends
    };
    void run();
    void accept();
    void carry(const Side& from);
    void passOn(const Side& from, std::string_view bytes, Mode mode);
    void close(int fd);

    int brokerPort_;
    int listener_ = -1;
    int wake_ = -1;
    int port_ = 0;
    std::atomic<Mode> mode_{Mode::Pass};
    std::atomic<int> connections_{0};
    std::atomic<int> losesAbove_{std::numeric_limits<int>::max()};
    std::atomic<bool> hasLost_{false};
    std::atomic<std::size_t> lost_{0};
    std::vector<Side> sides_;
    std::thread thread_;
};

}  // namespace tapport::support
