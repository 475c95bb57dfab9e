// SPDX-License-Identifier: GPL-3.0-or-later
// Seeded schedules of faults against the real programs: what a kiosk confirmed is at the hub once,
// whatever was cut, killed, frozen, sent twice, or told the wrong time.
#include "tests/fault/scale.h"
#include "tests/fault/schedules/fault_site.h"
#include "tests/simulation/random.h"

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace tapport::fault {
namespace {

using simulation::Random;
using support::Interceptor;

/// Publishes again what it hears of kiosks, as a broker may that lost an acknowledgement.
class Duplicator {
  public:
    explicit Duplicator(int port) : client_(options(port)) {
        thread_ = std::thread([this] { run(); });
    }
    ~Duplicator() {
        isStopping_ = true;
        client_.interrupt();
        thread_.join();
    }
    Duplicator(const Duplicator&) = delete;
    Duplicator& operator=(const Duplicator&) = delete;
    /// How many messages the broker took a second time.
    [[nodiscard]] std::size_t repeats() const { return repeats_; }

  private:
    static mqtt::Options options(int port) {
        mqtt::Options options;
        options.port = port;
        options.clientId = "duplicator";
        return options;
    }
    void run() {
        std::set<Bytes> heard;
        client_.connect(std::nullopt);
        while (!isStopping_) {
            const auto event =
                client_.next(std::chrono::steady_clock::now() + std::chrono::milliseconds(200));
            if (!event) {
                continue;
            }
            if (std::holds_alternative<mqtt::Connected>(*event)) {
                (void)client_.subscribe("tapport/1/up/+/+");
            } else if (std::holds_alternative<mqtt::Lost>(*event)) {
                (void)client_.next(std::chrono::steady_clock::now() +
                                   std::chrono::milliseconds(100));
                client_.connect(std::nullopt);
            } else if (const auto* const published = std::get_if<mqtt::Published>(&*event)) {
                repeats_ += mqtt::isFailure(published->reason) ? 0 : 1;
            } else if (const auto* const up = std::get_if<mqtt::Arrived>(&*event);
                       up != nullptr && heard.insert(up->payload).second) {
                (void)client_.publish({up->topic, up->payload, mqtt::Retain::No});
            }
        }
    }

    mqtt::Client client_;
    std::atomic<bool> isStopping_{false};
    std::atomic<std::size_t> repeats_{0};
    std::thread thread_;
};

class Schedule : public testing::TestWithParam<int> {
  protected:
    void play(int seed) {
        const std::string faketime = TAPPORT_FAKETIME;
        const bool hasWrongClocks = seed % 2 == 0 && !faketime.empty();
        for (std::size_t i = 0; i < site_.kiosks(); ++i) {
            if (hasWrongClocks) {
                support::replaceFile(clockFile(), "+0");
                site_.kiosk(i).environment = {
                    "LD_PRELOAD=" + faketime, "FAKETIME_TIMESTAMP_FILE=" + clockFile().string(),
                    "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"};
            }
            site_.startKiosk(site_.kiosk(i));
        }
        if (seed % 3 == 0) {
            duplicator_ = std::make_unique<Duplicator>(site_.hub().broker().port());
        }
        const int kinds = hasWrongClocks ? 9 : 8;
        const std::vector<int> order = shuffled(kinds);
        for (std::size_t i = 0; i < static_cast<std::size_t>(scaled(kinds, 10)); ++i) {
            pause(random_.between(100, 700));
            const std::string what = strike(order[i % order.size()]);
            story_ += (story_.empty() ? "" : ", ") + what;
        }
        if (duplicator_) {
            EXPECT_TRUE(support::waitUntil([&] { return duplicator_->repeats() > 0; }))
                << "no message came twice";
            duplicator_.reset();
        }
        if (hasWrongClocks) {
            support::replaceFile(clockFile(), "+0");
        }
    }

    /// 0 to `kinds` - 1, each once.
    std::vector<int> shuffled(int kinds) {
        std::vector<int> order;
        for (int kind = 0; kind < kinds; ++kind) {
            const auto at = random_.between(0, order.size());
            order.insert(order.begin() + static_cast<std::ptrdiff_t>(at), kind);
        }
        return order;
    }
    /// One fault; gives its name.
    std::string strike(int kind) {
        FaultSite::Kiosk& kiosk = site_.kiosk(random_.between(0, site_.kiosks() - 1));
        switch (kind) {
            case 0:
                site_.restartBroker();
                return "broker killed";
            case 1:
                site_.restartHub();
                return "hub killed";
            case 2:
                site_.restartKiosk(kiosk);
                return "kiosk killed";
            case 3:
                freeze(site_.hub().hubPid());
                return "hub frozen";
            case 4:
                freeze(site_.hub().broker().pid());
                return "broker frozen";
            case 5:
                freeze(kiosk.process->pid());
                return "kiosk frozen";
            case 6:
                // Beyond the keep-alive of 2 s, then as if nothing had been.
                kiosk.cable->set(Interceptor::Mode::Swallow);
                pause(random_.between(500, 4000));
                kiosk.cable->set(Interceptor::Mode::Pass);
                return "cable half open";
            case 7:
                failSyncs(kiosk);
                return "EIO from the 20th fdatasync on";
            default:
                return jump();
        }
    }

    void freeze(pid_t process) {
        ::kill(process, SIGSTOP);
        pause(random_.between(300, 4000));
        ::kill(process, SIGCONT);
    }
    /// The 20th, and every 7th after it, until it was a visit's and not a mark's.
    void failSyncs(FaultSite::Kiosk& kiosk) {
        const Injector injector(kiosk.process->pid(), "fdatasync", "fdatasync:error=EIO:when=20+7");
        EXPECT_TRUE(injector.isAttached());
        const std::size_t before = site_.diaryOf(kiosk).failures;
        EXPECT_TRUE(support::waitUntil([&] { return site_.diaryOf(kiosk).failures > before; }))
            << "no sync failed";
    }
    /// To one of three clocks, which seeds take in turn; the hub must have seen that it is wrong.
    std::string jump() {
        constexpr std::array kClocks{"@1970-01-02 00:00:00", "@2038-01-20 00:00:00", "-1d"};
        const char* const clock =
            kClocks.at(static_cast<std::size_t>(GetParam() / 2) % kClocks.size());
        support::replaceFile(clockFile(), clock);
        EXPECT_TRUE(support::waitUntil([&] { return site_.hub().figure("kiosks_clock_off") > 0; }))
            << "no clock is wrong: " << clock;
        return fmt::format("clock {}", clock);
    }
    void pause(std::uint64_t millis) {
        (void)support::waitUntil([] { return false; }, std::chrono::milliseconds(millis));
    }
    [[nodiscard]] std::filesystem::path clockFile() { return site_.hub().path("clock"); }

    FaultSite site_{2};
    Random random_{static_cast<std::uint64_t>(GetParam())};
    std::unique_ptr<Duplicator> duplicator_;
    std::string story_;
};

TEST_P(Schedule, LosesNothingThatWasConfirmedAndTakesNothingTwice) {
    play(GetParam());

    SCOPED_TRACE(story_);
    site_.expectMuchAtStake();
    site_.expectAllAtTheHubOnce();
    fmt::print("{:>4} confirmed, {} saves failed: {}\n", site_.diary().confirmed.size(),
               site_.diary().failures, story_);
}

// Even seeds have wrong clocks, every third has messages sent twice: 12 has both, most faults under
// the wrong clock.
constexpr int kFirst = scaled(12, 2);
INSTANTIATE_TEST_SUITE_P(Seeds, Schedule, testing::Range(kFirst, kFirst + scaled(1, 20)));

}  // namespace
}  // namespace tapport::fault
