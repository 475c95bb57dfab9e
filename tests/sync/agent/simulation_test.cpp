// SPDX-License-Identifier: GPL-3.0-or-later
// The pump, its outbox, network, broker and the hub's real ingest in one process, in virtual time,
// under one seed: whatever happens on the way, in the end every record that is on a card is at the
// hub, and the card knows it. Cards are also put back to an older copy, and cloned.
#include "sync/hub/ingest/ingest.h"
#include "sync/wire/topics.h"
#include "tests/sync/agent/memory_hub.h"
#include "tests/sync/agent/pump_host.h"

#include <random>

#include <gtest/gtest.h>

namespace tapport::agent {
namespace {

using namespace std::chrono_literals;
using record::Millis;
using support::FakeOutbox;

/// What may happen besides lost connections, crashes and failing disks.
enum class Trouble : std::uint8_t {
    Plain,
    HubRestored,   ///< the hub comes back with older data than it acknowledged
    CardRestored,  ///< a kiosk comes back with an older copy of its card
    CardCloned,    ///< two kiosks run with one card, one name and one key
};

class Simulation {
  public:
    Simulation(std::uint64_t seed, Trouble trouble) : random_(seed), trouble_(trouble) {
        hub_.epoch.bytes.fill(1);
        addKiosk();
    }

    /// Three minutes of trouble, then a quiet network until everything is settled; false if that
    /// takes longer than ten minutes.
    bool run() {
        feed(0, Started{});
        after(between(0, 500), [this] { recordSomething(0); });
        after(between(0, 5000), [this] { makeTrouble(); });
        after(std::chrono::duration_cast<Millis>(kLastTrouble - kStart), [this] {
            dropConnection();  // whoever is the other clone has its turn, too
            stopHub();         // with no other trouble after it
        });
        after(std::chrono::duration_cast<Millis>(kLastRecord - kStart), [] {});  // looks once more
        while (!isSettled()) {
            Instant next = events_.empty() ? Instant::max() : events_.begin()->first;
            std::size_t first = kiosks_.size();
            for (std::size_t i = 0; i < kiosks_.size(); ++i) {
                if (kiosks_[i]->pump.nextWake() < next) {
                    next = kiosks_[i]->pump.nextWake();
                    first = i;
                }
            }
            if (next > kEndAt) {
                return false;
            }
            now_ = std::max(now_, next);
            if (first < kiosks_.size()) {
                feed(first, TimePassed{});
            } else {
                const auto event = std::move(events_.begin()->second);
                events_.erase(events_.begin());
                event();
            }
        }
        return true;
    }

    void expectEverythingArrivedAndIsKnownTo() const {
        for (const auto& kiosk : kiosks_) {
            for (const auto& [number, row] : kiosk->outbox.card().rows) {
                ASSERT_EQ(hub_.data.units.count(row.row.id), 1U) << "lost: " << number;
                ASSERT_EQ(row.state, MemoryHub::isPoison(row.row.id)
                                         ? FakeOutbox::State::Quarantined
                                         : FakeOutbox::State::Received)
                    << number;
            }
        }
    }
    [[nodiscard]] std::uint64_t rows() const { return kiosks_.front()->outbox.size(); }
    [[nodiscard]] int forks() const {
        int forks = 0;
        for (const auto& kiosk : kiosks_) {
            forks += kiosk->forks;
        }
        return forks;
    }
    [[nodiscard]] bool hasDiverged() const { return hasDiverged_; }

  private:
    static constexpr Instant kStart{1h};
    static constexpr Instant kQuietAt = kStart + 3min;
    static constexpr Instant kLastRecord = kQuietAt + 2s;
    static constexpr Instant kEndAt = kStart + 13min;
    static constexpr Instant kLastTrouble = kQuietAt - 16s;  // a hub is back within 15 s

    static PumpOptions options() {
        PumpOptions options;
        options.event = {"demo-2026"};
        options.kiosk = {"kiosk-1"};
        options.windowBytes = 2000;
        options.mostWindowBytes = 8000;
        options.batchRows = 6;
        options.batchBytes = 500;
        return PumpHost::signing(std::move(options));
    }
    static hub::Signatures signatures() {
        return {[](ByteView) { return record::Signature{}; },
                [](const record::KioskId&, const record::Signature&, ByteView) { return true; }};
    }
    double unit() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }
    Millis between(int least, int most) {
        return Millis(std::uniform_int_distribution<int>(least, most)(random_));
    }
    bool isTroubled() const { return now_ < kQuietAt; }
    bool happens(double chance) { return isTroubled() && unit() < chance; }
    void after(Millis delay, std::function<void()> what) {
        events_.emplace(now_ + delay, std::move(what));
    }

    std::size_t addKiosk() {
        kiosks_.push_back(std::make_unique<PumpHost>(options(), [this] { return unit(); }));
        connectsDone_.push_back(0);
        return kiosks_.size() - 1;
    }
    void feed(std::size_t who, PumpEvent event) {
        PumpHost& kiosk = *kiosks_[who];
        kiosk.setTime(now_);
        kiosk.feed(std::move(event));
        carry(who);
    }

    void recordSomething(std::size_t who) {
        const auto urgency =
            unit() < 0.1 ? FakeOutbox::Urgency::Urgent : FakeOutbox::Urgency::Ordinary;
        kiosks_[who]->outbox.add(urgency, static_cast<std::size_t>(between(50, 300).count()));
        feed(who, RecordAdded{});
        if (isTroubled()) {
            after(between(0, 2000), [this, who] { recordSomething(who); });
        }
    }

    void makeTrouble() {
        if (now_ >= kLastTrouble) {
            return;
        }
        switch (between(0, 6).count()) {
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
            case 3:  // SIGKILL of a kiosk: all it knew beside its outbox is gone
                restart(0);
                break;
            case 4:
                kiosks_[0]->outbox.failNext(static_cast<int>(between(1, 3).count()));
                break;
            case 5:
                backup_ = hub_.data;
                card_ = kiosks_[0]->outbox.card();
                break;
            default:
                touchTheCard();
        }
        after(between(0, 10'000), [this] { makeTrouble(); });
    }
    void restart(std::size_t who) {
        if (connected_ == who) {
            dropConnection();
        }
        kiosks_[who]->pump = OutboxPump(options(), [this] { return unit(); });
        feed(who, Started{});
    }
    void touchTheCard() {
        if (trouble_ == Trouble::CardRestored && !card_.epochs.empty()) {
            hasDiverged_ = true;
            kiosks_[0]->outbox.insert(card_, ++copies_);
            restart(0);
        } else if (trouble_ == Trouble::CardCloned && kiosks_.size() == 1) {
            hasDiverged_ = true;
            const std::size_t clone = addKiosk();
            kiosks_[clone]->outbox.insert(kiosks_[0]->outbox.card(), ++copies_);
            feed(clone, Started{});
            recordSomething(clone);
        }
    }
    void dropConnection() {
        const auto who = std::exchange(connected_, std::nullopt);
        ++connection_;
        if (who) {
            feed(*who, BrokerLost{});
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
            if (trouble_ == Trouble::HubRestored && happens(0.5)) {
                hub_.data = backup_;
                ++hub_.epoch.bytes[0];
            }
            isHubUp_ = true;
            announce();
        });
    }
    /// The broker keeps its order and loses nothing on a connection that holds; for the rest see
    /// travel().
    void announce() {
        const wire::HubState state{isHubUp_ ? wire::Presence::Online : wire::Presence::Offline,
                                   hub_.epoch};
        after(1ms, [this, state, connection = connection_] {
            if (connection == connection_ && connected_) {
                feed(*connected_, HubAnnounced{state});
            }
        });
    }

    /// What a pump asked for since the last look.
    void carry(std::size_t who) {
        PumpHost& kiosk = *kiosks_[who];
        for (; connectsDone_[who] < kiosk.connects; ++connectsDone_[who]) {
            after(between(1, 100), [this, who] { connect(who); });
        }
        for (const wire::UpMessage& message : kiosk.takeSent()) {
            const Bytes payload = std::visit(
                [](const auto& one) { return wire::encode(one, signatures().sign); }, message);
            travel([this, payload, process = hubProcess_] {
                if (isHubUp_ && process == hubProcess_) {
                    reach(payload);
                }
            });
        }
    }
    /// A second connection under one name ends the first.
    void connect(std::size_t who) {
        if (unplugged_ == who) {
            return;
        }
        if (!isBrokerUp_) {
            feed(who, BrokerLost{});
            return;
        }
        if (connected_ != who) {
            dropConnection();
        }
        connected_ = who;
        ++connection_;
        feed(who, BrokerConnected{});
        announce();
    }
    /// One way through the network: late, out of order, twice, or not at all.
    void travel(const std::function<void()>& arrive) {
        if (happens(0.05)) {
            return;
        }
        const int copies = happens(0.05) ? 2 : 1;
        for (int i = 0; i < copies; ++i) {
            after(happens(0.02) ? between(0, 30'000) : between(1, 200), arrive);
        }
    }
    void reach(const Bytes& payload) {
        const hub::Message message{wire::upTopic({"kiosk-1"}), payload};
        const auto taken = ingest_.take({&message, 1}, record::WallTime{});
        ASSERT_TRUE(taken) << taken.error().context;
        for (const hub::Message& answer : taken->answers) {
            travel([this, ack = wire::decodeAck(answer.payload).value().message,
                    connection = connection_] {
                if (connection == connection_ && connected_) {
                    hear(*connected_, ack);
                }
            });
        }
    }
    void hear(std::size_t who, const wire::Ack& ack) {
        feed(who, Acknowledged{ack});
        if (trouble_ != Trouble::Plain) {
            return;
        }
        for (const auto& [number, row] : kiosks_[who]->outbox.card().rows) {
            if (row.state != FakeOutbox::State::Waiting) {
                ASSERT_EQ(hub_.data.units.count(row.row.id), 1U)
                    << "marked, but not at the hub: " << number;
            }
        }
    }
    bool isSettled() {
        if (now_ < kLastRecord) {
            return false;
        }
        // Of two clones each needs its turn: they take the connection from each other.
        for (std::size_t i = 0; i < kiosks_.size(); ++i) {
            const auto counts = kiosks_[i]->outbox.counts();
            if (!counts || counts->waiting != 0) {
                if (kiosks_.size() > 1 && connected_ && connected_ != i &&
                    kiosks_[*connected_]->outbox.counts()->waiting == 0) {
                    unplug(*connected_);
                }
                return false;
            }
        }
        return isHubUp_;
    }
    /// This one is done and is carried away, so that the other can finish.
    void unplug(std::size_t who) {
        kiosks_[who]->pump = OutboxPump(options(), [this] { return unit(); });
        unplugged_ = who;
        connected_.reset();
        ++connection_;
    }

    std::mt19937_64 random_;
    Trouble trouble_;
    Instant now_ = kStart;
    std::vector<std::unique_ptr<PumpHost>> kiosks_;
    std::vector<int> connectsDone_;
    std::multimap<Instant, std::function<void()>> events_;

    bool isBrokerUp_ = true;
    int connection_ = 0;
    std::optional<std::size_t> connected_;
    std::optional<std::size_t> unplugged_;
    bool isHubUp_ = true;
    int hubProcess_ = 0;
    MemoryHub hub_;
    hub::Ingest ingest_{hub_, {"demo-2026"}, signatures()};
    MemoryHub::Data backup_;
    FakeOutbox::Card card_;
    std::uint8_t copies_ = 0;
    bool hasDiverged_ = false;
};

class TransportSimulation : public testing::TestWithParam<Trouble> {};

std::string nameOf(const testing::TestParamInfo<Trouble>& info) {
    constexpr std::array<const char*, 4> kNames{"Plain", "HubRestored", "CardRestored",
                                                "CardCloned"};
    return kNames.at(static_cast<std::size_t>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Troubles, TransportSimulation,
                         testing::Values(Trouble::Plain, Trouble::HubRestored,
                                         Trouble::CardRestored, Trouble::CardCloned),
                         nameOf);

TEST_P(TransportSimulation, EveryRecordArrivesOnceAndTheKioskKnows) {
    constexpr std::uint64_t kSeeds = 300;
    int forks = 0;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Simulation simulation(seed, GetParam());

        ASSERT_TRUE(simulation.run()) << "not settled in time";

        ASSERT_GT(simulation.rows(), 20U);
        simulation.expectEverythingArrivedAndIsKnownTo();
        ASSERT_FALSE(HasFatalFailure());
        ASSERT_TRUE(simulation.forks() == 0 || simulation.hasDiverged()) << "a false alarm";
        forks += simulation.forks();
    }
    const bool mayFork = GetParam() == Trouble::CardRestored || GetParam() == Trouble::CardCloned;
    EXPECT_EQ(forks > 0, mayFork);
}

}  // namespace
}  // namespace tapport::agent
