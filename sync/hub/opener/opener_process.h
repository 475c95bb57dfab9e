// SPDX-License-Identifier: GPL-3.0-or-later
// The opener in a process of its own, which alone holds the event's key: started when it is first
// needed, ended and started again when it died or fell silent, with a pause that doubles. It dies
// with its owner.
#pragma once

#include "sync/hub/opener/opener.h"
#include "sync/program/socket_child.h"

#include <mutex>

namespace tapport::hub {

class OpenerProcess final : public UnitOpener {
  public:
    struct Settings {
        std::filesystem::path program;
        std::vector<std::string> arguments;  ///< its own name first
        /// For one answer; then it is taken for hung.
        std::chrono::milliseconds patience{5'000};
        std::chrono::milliseconds leastPause{100};  ///< before the next start
        std::chrono::milliseconds mostPause{10'000};
    };
    explicit OpenerProcess(Settings settings);

    /// Starts it and waits until it says that it has the key. InvalidConfig: it does not.
    [[nodiscard]] Result<> start();

    [[nodiscard]] Result<std::vector<Opened>> open(std::span<const Waiting> units) override;
    void keepReady() override;
    [[nodiscard]] std::optional<std::string> trouble() const override;

  private:
    using Clock = std::chrono::steady_clock;
    /// A child that lives; Busy when there is none and it is too soon for another.
    [[nodiscard]] Result<> ensure();
    [[nodiscard]] Result<> launch();
    [[nodiscard]] bool hasEnded() const;
    /// Ends the child, and remembers why for trouble().
    void giveUp(std::string why);

    Settings settings_;
    std::mutex mutex_;  ///< one request at a time
    std::optional<program::SocketChild> child_;
    std::chrono::milliseconds pause_;
    Clock::time_point notBefore_{};
    mutable std::mutex troubleMutex_;  ///< apart: who asks how it is does not wait for an answer
    std::optional<std::string> trouble_;
};

}  // namespace tapport::hub
