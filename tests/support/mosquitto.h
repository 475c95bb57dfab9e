// SPDX-License-Identifier: GPL-3.0-or-later
// A real mosquitto on a port of its own, for tests and the demo: stop it, kill it, start it again.
#pragma once

#include "tests/support/child_process.h"

#include <memory>
#include <string_view>

namespace tapport::support {

class Mosquitto {
  public:
    /// Writes its configuration into `dir` (made if missing) and starts. Persistence is off:
    /// durability is end to end, and a broker that forgets is the harder case.
    /// `more` are further lines of configuration, such as an access list; "{port}" in them is its
    /// port.
    explicit Mosquitto(std::filesystem::path dir, std::string_view more = {});

    /// As a product's configuration file says, which is to listen on `port` of this machine.
    Mosquitto(std::filesystem::path dir, const std::filesystem::path& configuration, int port);

    /// Starts again on the same port after stop() or kill().
    void start();
    void stop();
    void kill();
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] pid_t pid() const { return child_->pid(); }

  private:
    void writeConfiguration(std::string text);

    std::filesystem::path dir_;
    int port_;
    std::unique_ptr<ChildProcess> child_;
};

/// True when something accepts connections there.
[[nodiscard]] bool accepts(int port);

}  // namespace tapport::support
