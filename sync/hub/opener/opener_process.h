// SPDX-License-Identifier: GPL-3.0-or-later
// The opener in a process of its own, which alone holds the event's key: a child that is started
// when it is first needed, ended and started again when it died or fell silent, with a pause that
// doubles, and dies with its owner; or one that somebody else runs, called again in the same way.
#pragma once

#include "sync/hub/opener/opener.h"
#include "sync/hub/opener/opener_line.h"

#include <mutex>

namespace tapport::hub {

class OpenerProcess final : public UnitOpener {
  public:
    struct Settings {
        std::filesystem::path program;
        std::vector<std::string> arguments;  ///< its own name first
        /// Where another's opener listens; then no program is started.
        std::filesystem::path socket;
        std::optional<program::User> user;  ///< whose that one must be
        /// For which event it must have the key: another's would refuse every unit.
        record::EventId event;
        /// For one answer; then it is taken for hung.
        std::chrono::milliseconds patience{5'000};
        std::chrono::milliseconds leastPause{100};  ///< before the next start
        std::chrono::milliseconds mostPause{10'000};
    };
    explicit OpenerProcess(Settings settings);

    /// Starts or calls it and waits until it says that it has the key. InvalidConfig: it does not.
    /// Busy: nobody answers the call.
    [[nodiscard]] Result<> start();

    [[nodiscard]] Result<std::vector<Opened>> open(std::span<const Waiting> units) override;
    void keepReady() override;
    [[nodiscard]] std::optional<std::string> trouble() const override;

  private:
    using Clock = std::chrono::steady_clock;
    /// A line that is up; Busy when there is none and it is too soon for another.
    [[nodiscard]] Result<> ensure();
    [[nodiscard]] Result<> launch();
    [[nodiscard]] Result<OpenerLine> call() const;
    [[nodiscard]] Result<> greet();
    [[nodiscard]] bool hasEnded() const;
    /// Hangs up, and remembers why for trouble().
    void giveUp(std::string why);

    Settings settings_;
    std::mutex mutex_;  ///< one request at a time
    std::optional<OpenerLine> line_;
    std::chrono::milliseconds pause_;
    Clock::time_point notBefore_{};
    mutable std::mutex troubleMutex_;  ///< apart: who asks how it is does not wait for an answer
    std::optional<std::string> trouble_{"it was not started"};
};

}  // namespace tapport::hub
