// SPDX-License-Identifier: GPL-3.0-or-later
// Nobody answers a kiosk that is connected: the hub is frozen beyond its time-outs, or all
// acknowledgements are lost. It repeats what it has sent seldom and within its window, does not
// grow, and everything is acknowledged when there are answers again.
#include "sync/agent/pump.h"
#include "tests/fault/scale.h"
#include "tests/fault/schedules/fault_site.h"
#include "tests/fault/schedules/up_watcher.h"
#include "tests/support/process_size.h"

#include <csignal>

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace tapport::fault {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// How often a record may have been sent within so long without an answer.
unsigned mostTimes(Seconds silence) {
    const agent::PumpOptions shipped;
    unsigned times = 1;
    Seconds timeOut = shipped.shortestTimeOut;
    for (Seconds due = timeOut; due <= silence; due += timeOut) {
        ++times;
        timeOut = std::min(2 * timeOut, Seconds(shipped.longestTimeOut));
    }
    return times;
}

/// How much may have been sent: what was on its way fills the window, which a time-out makes small,
/// and leaves it with a time-out only.
std::size_t mostBytes(Seconds silence) {
    const agent::PumpOptions shipped;
    const auto windows = static_cast<std::size_t>(silence / shipped.shortestTimeOut) + 1;
    return shipped.mostWindowBytes + windows * shipped.windowBytes;
}

class NoAnswer : public testing::Test {
  protected:
    NoAnswer() {
        // More than fill the window within a time-out: repeats have a share of it all the same.
        kiosk_.arguments = {"--as-shipped", "--pause", "5"};
        site_.startKiosk(kiosk_);
    }
    void beSilent() {
        watcher_.forget();
        since_ = Clock::now();
    }
    [[nodiscard]] Seconds silence() const { return Clock::now() - since_; }
    /// Until a record was sent so often, and that long at least.
    [[nodiscard]] bool areTimeOutsOver(unsigned times, Seconds atLeast) const {
        return support::waitUntil(
            [&] { return silence() >= atLeast && watcher_.heard().most() >= times; }, 5min);
    }
    /// That the kiosk did not send more than it may.
    void expectFewRepeats() const {
        // What was on its way when it began is older.
        constexpr Seconds kUnderWay = 1s;
        const UpWatcher::Heard heard = watcher_.heard();
        const Seconds silence = this->silence() + kUnderWay;
        EXPECT_LE(heard.most(), mostTimes(silence)) << silence.count();
        EXPECT_LE(heard.bytes, mostBytes(silence)) << silence.count();
        fmt::print("{:.1f} s: {} records, one up to {} times, {} KiB\n", silence.count(),
                   heard.times.size(), heard.most(), heard.bytes / 1024);
    }

    FaultSite site_{1};
    FaultSite::Kiosk& kiosk_ = site_.kiosk(0);
    UpWatcher watcher_{site_.hub().broker().port()};
    Clock::time_point since_;
};

TEST_F(NoAnswer, OfAFrozenHubMakesForFewRepeatsAndItGoesOnWhenItIsBack) {
    ASSERT_TRUE(support::waitUntil([&] { return site_.receivedBy(kiosk_) > 4; }));

    ::kill(site_.hub().hubPid(), SIGSTOP);
    beSilent();
    EXPECT_TRUE(areTimeOutsOver(2, scaled(3, 10) * 1s));
    expectFewRepeats();
    const std::size_t before = site_.diary().confirmed.size();
    EXPECT_LT(site_.receivedBy(kiosk_), before);
    ::kill(site_.hub().hubPid(), SIGCONT);

    EXPECT_TRUE(site_.isServed(kiosk_)) << "what waited, and what is recorded since";
    EXPECT_TRUE(support::waitUntil([&] { return site_.diary().confirmed.size() > before + 4; }));
    EXPECT_TRUE(site_.isServed(kiosk_));
    site_.expectAllAtTheHubOnce();
}

TEST_F(NoAnswer, ThatArrivesMakesForFewRepeatsAndNoGrowth) {
    constexpr std::size_t kSomeKibibytes = 8UL * 1024;
    ASSERT_TRUE(support::waitUntil([&] { return site_.receivedBy(kiosk_) > 4; }));

    kiosk_.cable->set(support::Interceptor::Mode::NoAcks);
    beSilent();
    ASSERT_TRUE(areTimeOutsOver(2, 0s));
    const std::size_t before = support::sizeOf(kiosk_.process->pid()).kibibytes;
    EXPECT_TRUE(areTimeOutsOver(scaled(2, 3), scaled(3, 60) * 1s));
    expectFewRepeats();
    const std::size_t after = support::sizeOf(kiosk_.process->pid()).kibibytes;
    EXPECT_LT(after, before + kSomeKibibytes);
    fmt::print("{} KiB, then {} KiB\n", before, after);
    EXPECT_GT(kiosk_.cable->lost(), 0U);
    EXPECT_LT(site_.receivedBy(kiosk_), site_.diary().confirmed.size());
    EXPECT_EQ(kiosk_.cable->connections(), 1) << "nothing else was wrong";
    kiosk_.cable->set(support::Interceptor::Mode::Pass);

    EXPECT_TRUE(site_.isServed(kiosk_));
    EXPECT_EQ(kiosk_.cable->connections(), 1);
    site_.expectAllAtTheHubOnce();
}

}  // namespace
}  // namespace tapport::fault
