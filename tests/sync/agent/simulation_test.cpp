// SPDX-License-Identifier: GPL-3.0-or-later
// Kiosk, network, broker and hub in one process, in virtual time, under one seed: whatever happens
// on the way, in the end every record is at the hub and the kiosk knows it.
#include "tests/sync/agent/pump_host.h"

#include <random>

#include <gtest/gtest.h>

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;
using record::Millis;
using support::FakeOutbox;

/// Whether the hub may also come back with older data than it acknowledged.
enum class HubData : std::uint8_t { Kept, SometimesRestored };

class Simulation {
  public:
    Simulation(std::uint64_t seed, HubData hubData)
        : random_(seed), hubData_(hubData), host_(options(), [this] { return unit(); }) {}

    /// Three minutes of trouble, then a quiet network until everything is settled; false if that
    /// takes longer than ten minutes.
    bool run() {
        host_.feed(Started{});
        after(between(0, 500), [this] { recordSomething(); });
        after(between(0, 5000), [this] { makeTrouble(); });
        after(std::chrono::duration_cast<Millis>(kLastTrouble - kStart),
              [this] { stopHub(); });  // with no other trouble after it
        while (host_.now.steady < kQuietAt || !isSettled()) {
            const Instant wake = host_.pump.nextWake();
            const Instant next = events_.empty() ? wake : std::min(wake, events_.begin()->first);
            if (next > kEndAt) {
                return false;
            }
            host_.setTime(std::max(host_.now.steady, next));
            if (!events_.empty() && events_.begin()->first <= host_.now.steady) {
                const auto event = std::move(events_.begin()->second);
                events_.erase(events_.begin());
                event();
            } else {
                host_.feed(TimePassed{});
            }
            carry();
        }
        return true;
    }

    [[nodiscard]] std::uint64_t rows() const { return host_.outbox.size(); }
    [[nodiscard]] std::size_t held() const { return held_.size(); }
    [[nodiscard]] bool isHeld(std::uint64_t seq) const { return held_.count(seq) == 1; }
    [[nodiscard]] FakeOutbox::State stateOf(std::uint64_t seq) const {
        return host_.outbox.stateOf(seq);
    }
    /// What this hub cannot read.
    static bool isPoison(std::uint64_t seq) { return seq % 17 == 0; }

  private:
    using Held = std::map<std::uint64_t, record::RecordId>;
    static constexpr Instant kStart{1h};
    static constexpr Instant kQuietAt = kStart + 3min;
    static constexpr Instant kEndAt = kStart + 13min;
    static constexpr Instant kLastTrouble = kQuietAt - 16s;  // a hub is back within 15 s

    static PumpOptions options() {
        PumpOptions options;
        options.event = {"demo-2026"};
        options.kiosk = {"kiosk-1"};
        options.windowBytes = 2000;
        options.batchRows = 6;
        options.batchBytes = 500;
        return options;
    }
    double unit() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }
    Millis between(int least, int most) {
        return Millis(std::uniform_int_distribution<int>(least, most)(random_));
    }
    bool isTroubled() const { return host_.now.steady < kQuietAt; }
    bool happens(double chance) { return isTroubled() && unit() < chance; }
    void after(Millis delay, std::function<void()> what) {
        events_.emplace(host_.now.steady + delay, std::move(what));
    }

    void recordSomething() {
        const auto urgency =
            unit() < 0.1 ? FakeOutbox::Urgency::Urgent : FakeOutbox::Urgency::Ordinary;
        host_.outbox.add(urgency, static_cast<std::size_t>(between(50, 300).count()));
        host_.feed(RecordAdded{});
        if (isTroubled()) {
            after(between(0, 2000), [this] { recordSomething(); });
        }
    }

    void makeTrouble() {
        if (host_.now.steady >= kLastTrouble) {
            return;
        }
        switch (between(0, 5).count()) {
            case 0:
                dropConnection();
                isBrokerUp_ = false;
                after(between(100, 20'000), [this] { isBrokerUp_ = true; });
                break;
            case 1:
                dropConnection();
                break;
            case 2:
                stopHub();
                break;
            case 3:  // SIGKILL of the kiosk: all it knew beside its outbox is gone
                dropConnection();
                host_.pump = OutboxPump(options(), [this] { return unit(); });
                host_.feed(Started{});
                break;
            case 4:
                host_.outbox.failNext(static_cast<int>(between(1, 3).count()));
                break;
            default:
                backup_ = held_;
        }
        after(between(0, 10'000), [this] { makeTrouble(); });
    }
    void dropConnection() {
        ++connection_;
        if (host_.pump.isConnected()) {
            host_.feed(BrokerLost{});
        }
    }
    void stopHub() {
        if (!isHubUp_) {
            return;
        }
        isHubUp_ = false;
        ++hubProcess_;
        announce();
        after(between(100, 15'000), [this] {
            if (hubData_ == HubData::SometimesRestored && happens(0.5)) {
                held_ = backup_;
                ++hubEpoch_;
            }
            isHubUp_ = true;
            announce();
        });
    }
    wire::HubState hubState() const {
        return {isHubUp_ ? wire::Presence::Online : wire::Presence::Offline,
                idOf<wire::HubEpoch>(hubEpoch_)};
    }
    /// The broker keeps its order and loses nothing on a connection that holds; for the rest see
    /// send().
    void announce() {
        after(1ms, [this, state = hubState(), connection = connection_] {
            if (connection == connection_ && host_.pump.isConnected()) {
                host_.feed(HubAnnounced{state});
            }
        });
    }

    /// What the pump asked for since the last look.
    void carry() {
        for (; connectsDone_ < host_.connects; ++connectsDone_) {
            after(between(1, 100), [this, connection = ++connection_] {
                if (connection != connection_) {
                    return;
                }
                if (isBrokerUp_) {
                    host_.feed(BrokerConnected{});
                    announce();
                } else {
                    host_.feed(BrokerLost{});
                }
            });
        }
        for (const wire::UpMessage& message : host_.takeSent()) {
            send([this, message, process = hubProcess_] {
                if (isHubUp_ && process == hubProcess_) {
                    std::visit([this](const auto& one) { reach(one); }, message);
                }
            });
        }
    }
    /// One way through the network: late, out of order, twice, or not at all.
    void send(const std::function<void()>& arrive) {
        if (happens(0.05)) {
            return;
        }
        const int copies = happens(0.05) ? 2 : 1;
        for (int i = 0; i < copies; ++i) {
            after(happens(0.02) ? between(0, 30'000) : between(1, 200),
                  [this, arrive, connection = connection_] {
                      if (connection == connection_) {
                          arrive();
                      }
                  });
        }
    }
    void reach(const wire::Batch& batch) {
        wire::Ack ack = emptyAck();
        for (const wire::BatchUnit& unit : batch.units) {
            const auto [held, isNew] = held_.emplace(unit.seq, unit.id);
            EXPECT_EQ(held->second, FakeOutbox::idOf(unit.seq));
            name(ack, unit.seq);
        }
        answer(ack);
    }
    void reach(const wire::Hello& hello) {
        wire::Ack ack = emptyAck();
        for (const auto& [seq, id] : held_) {
            name(ack, seq);
        }
        ack.completeThrough = hello.last;
        answer(ack);
    }
    wire::Ack emptyAck() const {
        wire::Ack ack;
        ack.hub = idOf<wire::HubEpoch>(hubEpoch_);
        ack.epoch = host_.outbox.epoch();
        ack.creditBytes = 1500;
        return ack;
    }
    static void name(wire::Ack& ack, std::uint64_t seq) {
        (isPoison(seq) ? ack.quarantined : ack.received).add(seq);
    }
    void answer(const wire::Ack& ack) {
        send([this, ack] {
            const auto before = host_.outbox.counts();
            host_.feed(Acknowledged{ack});
            const auto after = host_.outbox.counts();
            if (hubData_ == HubData::Kept && before && after) {
                EXPECT_LE(after->waiting, before->waiting) << "a received row waits again";
                expectOnlyWhatIsHeldIsMarked();
            }
        });
    }
    void expectOnlyWhatIsHeldIsMarked() const {
        for (std::uint64_t seq = 1; seq <= rows(); ++seq) {
            if (stateOf(seq) != FakeOutbox::State::Waiting) {
                ASSERT_TRUE(isHeld(seq)) << "marked, but not at the hub: " << seq;
            }
        }
    }
    bool isSettled() {
        const auto counts = host_.outbox.counts();
        return counts && counts->waiting == 0 && held_.size() == rows() && isHubUp_;
    }

    std::mt19937_64 random_;
    HubData hubData_;
    PumpHost host_;
    std::multimap<Instant, std::function<void()>> events_;

    bool isBrokerUp_ = true;
    int connection_ = 0;
    int connectsDone_ = 0;
    bool isHubUp_ = true;
    int hubProcess_ = 0;
    std::uint8_t hubEpoch_ = 1;
    Held held_;
    Held backup_;
};

class TransportSimulation : public testing::TestWithParam<HubData> {};

INSTANTIATE_TEST_SUITE_P(Hubs, TransportSimulation,
                         testing::Values(HubData::Kept, HubData::SometimesRestored),
                         [](const auto& info) {
                             return info.param == HubData::Kept ? "KeepItsData" : "AreRestored";
                         });

TEST_P(TransportSimulation, EveryRecordArrivesOnceAndTheKioskKnows) {
    constexpr std::uint64_t kSeeds = 300;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Simulation simulation(seed, GetParam());

        ASSERT_TRUE(simulation.run()) << "not settled in time";

        ASSERT_GT(simulation.rows(), 50U);
        ASSERT_EQ(simulation.held(), simulation.rows());
        for (std::uint64_t seq = 1; seq <= simulation.rows(); ++seq) {
            ASSERT_TRUE(simulation.isHeld(seq)) << seq;
            ASSERT_EQ(simulation.stateOf(seq), Simulation::isPoison(seq)
                                                   ? FakeOutbox::State::Quarantined
                                                   : FakeOutbox::State::Received)
                << seq;
        }
    }
}

}  // namespace
}  // namespace tapport::agent
