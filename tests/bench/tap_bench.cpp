// SPDX-License-Identifier: GPL-3.0-or-later
// Badge in the field -> NDEF message in the application: supervisor, child process, real libnfc,
// simulated PN532; at the speed of the pseudo-terminal, and with the delays of 115200 baud and the
// air.
#include "hardware/reader/reader_supervisor.h"
#include "tests/bench/figures.h"
#include "tests/support/badge_sim.h"

#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include <fmt/format.h>

namespace tapport::bench {
namespace {

constexpr int kTaps = 15;

/// Counts badges read and removed; the reader's thread writes, the measuring one waits.
class Seen {
  public:
    void hear(const reader::ReaderEvent& event) {
        const std::lock_guard lock(mutex_);
        if (std::holds_alternative<reader::BadgeRead>(event)) {
            readAt_ = Clock::now();
            ++reads_;
        } else if (std::holds_alternative<reader::BadgeRemoved>(event)) {
            ++removals_;
        } else if (std::holds_alternative<reader::ReaderBack>(event)) {
            isBack_ = true;
        }
        changed_.notify_all();
    }
    Clock::time_point waitForRead(int count) {
        wait([&] { return reads_ >= count; });
        return readAt_;
    }
    void waitForRemoval(int count) {
        wait([&] { return removals_ >= count; });
    }
    void waitForReader() {
        wait([&] { return isBack_; });
    }

  private:
    template <typename Holds>
    void wait(Holds holds) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, std::chrono::seconds(20), holds)) {
            throw std::runtime_error("the reader did not answer in 20 s");
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    Clock::time_point readAt_;
    int reads_ = 0;
    int removals_ = 0;
    bool isBack_ = false;
};

void measure(const std::string& name, const std::vector<std::string>& simOptions) {
    const support::BadgeSim sim(simOptions);
    Seen seen;
    reader::SupervisorSettings settings;
    settings.program = support::program("tapport-reader");
    settings.connstring = sim.connstring();
    reader::ReaderSupervisor supervisor(settings);
    supervisor.start([&seen](const reader::ReaderEvent& event) { seen.hear(event); });
    seen.waitForReader();
    Samples samples;
    for (int tap = 1; tap <= kTaps; ++tap) {
        // The clock starts when the simulator has taken the command: the badge is in the field.
        sim.ctl({"place", "--uri", "https://badge.tapport.example/b/bench-token-0123456789abcdef",
                 "--type", "ntag215"});
        const auto start = Clock::now();
        const auto read = seen.waitForRead(tap);
        samples.add(std::max(0.0, std::chrono::duration<double, std::milli>(read - start).count()));
        sim.ctl({"remove"});
        seen.waitForRemoval(tap);
    }
    printMillis(name, samples);
}

}  // namespace

void measureTap() {
    measure("tap -> message in hand, pseudo-terminal", {});
    measure("tap -> message in hand, 115200 baud and RF", {"--realtime"});
}

}  // namespace tapport::bench
