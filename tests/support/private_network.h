// SPDX-License-Identifier: GPL-3.0-or-later
// Network namespaces: this process moves into one of its own and has cables to others, in which it
// starts programs. A cable can be pulled, made deaf in one direction, or slow. Nothing outside is
// touched, and nothing is left when the process has ended, however it ends.
//
// Addresses are 127.77.<place>.1 at our end and .2 at the other: without TLS the programs speak to
// 127.* only, and these travel over a cable like any other once "lo" gives them up.
#pragma once

#include "tests/support/child_process.h"

#include <memory>
#include <optional>

namespace tapport::support {

class PrivateNetwork {
  public:
    /// Why there can be none: it needs root, and a kernel and iproute2 that make such.
    [[nodiscard]] static std::optional<std::string> whyNot();
    /// Call on the first thread, before there are others: only what is started later is inside.
    /// Throws std::runtime_error.
    explicit PrivateNetwork(std::size_t places);

    [[nodiscard]] std::size_t places() const { return places_.size(); }
    /// In front of a command that is to run there.
    [[nodiscard]] std::vector<std::string> runAt(std::size_t place) const;
    [[nodiscard]] std::string addressOfUsFor(std::size_t place) const;
    /// mosquitto's: one listener at our end of each cable, on the port that stands for "{port}".
    [[nodiscard]] std::string listenersLines() const;

    enum class Cable : std::uint8_t {
        Whole,
        Pulled,     ///< at our end: both see it
        DropsSent,  ///< what we send is lost, what we hear is not: neither sees anything
        DropsHeard,
    };
    void set(std::size_t place, Cable cable) const;

    /// Why a cable cannot be slow: it needs the kernel's token bucket (tbf).
    [[nodiscard]] static std::optional<std::string> whyNotSlow();
    /// So many bits a second in each direction, Ethernet frames counted, with half a second of
    /// them, and at least ten frames, waiting in front of it; what comes on top is lost, as a
    /// modem's.
    void slowDown(std::size_t place, std::uint64_t bitsPerSecond) const;
    void hurry(std::size_t place) const;
    /// What came from there to our end of the cable, frames counted.
    [[nodiscard]] std::uint64_t bytesFrom(std::size_t place) const;

  private:
    std::vector<std::unique_ptr<ChildProcess>> places_;  ///< each holds one namespace open
};

}  // namespace tapport::support
