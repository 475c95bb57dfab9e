// SPDX-License-Identifier: GPL-3.0-or-later
// What may stand between a kiosk and its broker: a cable, a link that is half open, or a captive
// portal. Listens on a port of its own and passes bytes on to the broker's, or does not.
#pragma once

#include <atomic>
#include <limits>
#include <thread>
#include <vector>

namespace tapport::support {

class Interceptor {
  public:
    enum class Mode : int {
        Pass,
        Swallow,  ///< takes everything and answers nothing; connections stay open
        Portal,   ///< answers as a web server does, then closes
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

  private:
    /// A connection and its other side.
    struct Side {
        int fd = -1;
        int peer = -1;
    };
    void run();
    void accept();
    void carry(const Side& from);
    void close(int fd);

    int brokerPort_;
    int listener_ = -1;
    int wake_ = -1;
    int port_ = 0;
    std::atomic<Mode> mode_{Mode::Pass};
    std::atomic<int> connections_{0};
    std::atomic<int> losesAbove_{std::numeric_limits<int>::max()};
    std::atomic<bool> hasLost_{false};
    std::vector<Side> sides_;
    std::thread thread_;
};

}  // namespace tapport::support
