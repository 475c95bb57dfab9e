// SPDX-License-Identifier: GPL-3.0-or-later
// SIGKILL at every step of the path: kiosk, hub or broker dies as it enters its n-th write, sync or
// send; then it starts again. What was confirmed before arrives once.
#include "tests/fault/scale.h"
#include "tests/fault/schedules/fault_site.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace tapport::fault {
namespace {

enum class Victim : std::uint8_t { Kiosk, Hub, Broker };

struct Case {
    Victim victim;
    Store store;
};

std::string nameOf(const testing::TestParamInfo<Case>& info) {
    constexpr std::array<const char*, 3> kNames{"Kiosk", "Hub", "Broker"};
    return std::string(kNames.at(static_cast<std::size_t>(info.param.victim))) +
           (info.param.store == Store::Postgres ? "OnPostgres" : "");
}

class KillAtAStep : public testing::TestWithParam<Case> {
  protected:
    [[nodiscard]] pid_t pid() {
        switch (GetParam().victim) {
            case Victim::Kiosk:
                return site_.kiosk(0).process->pid();
            case Victim::Hub:
                return site_.hub().hubPid();
            case Victim::Broker:
                break;
        }
        return site_.hub().broker().pid();
    }
    void restart() {
        switch (GetParam().victim) {
            case Victim::Kiosk:
                return site_.restartKiosk(site_.kiosk(0));
            case Victim::Hub:
                return site_.restartHub();
            case Victim::Broker:
                return site_.restartBroker();
        }
    }
    /// Dies as one of its threads enters that step for the n-th time from now.
    void killAt(int n) {
        const pid_t victim = pid();
        const Injector injector(victim, kSteps, fmt::format("{}:signal=KILL:when={}", kSteps, n));
        ASSERT_TRUE(injector.isAttached()) << "needs ptrace";
        EXPECT_TRUE(support::waitUntil([&] { return isDead(victim); })) << "step " << n;
    }
    static bool isDead(pid_t process) {
        const std::string status = support::readFile(fmt::format("/proc/{}/status", process));
        return status.empty() || status.find("State:\tZ") != std::string::npos;
    }

    FaultSite site_{1, GetParam().store};
};

TEST_P(KillAtAStep, LosesNothingThatWasConfirmedAndTakesNothingTwice) {
    // A visit is about ten steps of each of them.
    const int last = scaled(4, 40);
    site_.startKiosk(site_.kiosk(0));
    for (int n = 1; n <= last; ++n) {
        const std::size_t before = site_.diary().confirmed.size();
        ASSERT_TRUE(support::waitUntil([&] { return site_.diary().confirmed.size() > before; }));

        killAt(n);
        restart();
    }

    site_.expectAllAtTheHubOnce();
    fmt::print("{} confirmed\n", site_.diary().confirmed.size());
}

INSTANTIATE_TEST_SUITE_P(Victims, KillAtAStep,
                         testing::Values(Case{Victim::Kiosk, Store::Sqlite},
                                         Case{Victim::Hub, Store::Sqlite},
                                         Case{Victim::Broker, Store::Sqlite},
                                         Case{Victim::Hub, Store::Postgres}),
                         nameOf);

}  // namespace
}  // namespace tapport::fault
