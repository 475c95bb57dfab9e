// SPDX-License-Identifier: GPL-3.0-or-later
// As much of a hub as the runner's tests need, on a thread of its own: keeps what comes in memory
// and acknowledges it, and comes back when the broker does.
#pragma once

#include "sync/mqtt/mqtt_client.h"
#include "sync/wire/downstream.h"
#include "sync/wire/topics.h"

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

namespace tapport::agent {

class TinyHub {
  public:
    /// No: nobody is told that it is there, as on a broker's node that lost what it retained.
    enum class Announced : std::uint8_t { Yes, No };

    TinyHub(int port, wire::Signer sign, Announced announced = Announced::Yes)
        : sign_(std::move(sign)),
          announced_(announced),
          client_(optionsFor(port)),
          thread_([this] { run(); }) {}
    ~TinyHub() {
        isStopping_ = true;
        client_.interrupt();
        thread_.join();
    }
    TinyHub(const TinyHub&) = delete;
    TinyHub& operator=(const TinyHub&) = delete;

    /// To be told from the kiosk's next message on.
    void tell(std::vector<wire::DownChunk> chunks) {
        const std::lock_guard lock(mutex_);
        chunks_ = std::move(chunks);
    }
    /// Once it holds so many it takes and answers no further batch, as if none had come.
    void takeUpTo(std::size_t most) {
        const std::lock_guard lock(mutex_);
        most_ = most;
    }
    /// Everything up to there is opened and backed up.
    void backUp(std::uint64_t through) {
        const std::lock_guard lock(mutex_);
        backedUp_ = through;
    }
    /// What the kiosk said last that it has.
    [[nodiscard]] wire::DownState has() const {
        const std::lock_guard lock(mutex_);
        return has_;
    }
    [[nodiscard]] std::size_t downAcks() const {
        const std::lock_guard lock(mutex_);
        return downAcks_;
    }
    [[nodiscard]] std::size_t hellos() const {
        const std::lock_guard lock(mutex_);
        return hellos_;
    }
    [[nodiscard]] std::size_t farewells() const {
        const std::lock_guard lock(mutex_);
        return farewells_;
    }
    /// What its clock always says.
    static constexpr record::WallTime kHubTime{std::chrono::milliseconds(1'795'608'000'000)};
    [[nodiscard]] static wire::HubEpoch epoch() {
        return *wire::HubEpoch::from(Bytes(wire::HubEpoch::kSize, 7));
    }

    [[nodiscard]] std::size_t held() const {
        const std::lock_guard lock(mutex_);
        return units_.size();
    }
    [[nodiscard]] std::map<std::uint64_t, Bytes> units() const {
        const std::lock_guard lock(mutex_);
        return units_;
    }
    /// Payload of the kiosk's retained state, as last seen.
    [[nodiscard]] std::optional<wire::KioskState> kioskState() const {
        const std::lock_guard lock(mutex_);
        return kioskState_;
    }

  private:
    static mqtt::Options optionsFor(int port) {
        mqtt::Options options;
        options.port = port;
        options.clientId = "tiny-hub";
        return options;
    }
    void run() {
        client_.connect(std::nullopt);
        while (!isStopping_) {
            const auto wake = std::chrono::steady_clock::now() + std::chrono::seconds(1);
            const auto event = client_.next(wake);
            if (!event) {
                continue;
            }
            if (std::holds_alternative<mqtt::Lost>(*event)) {
                // A short pause, so that a broker that is away is not asked all the time.
                (void)client_.next(std::chrono::steady_clock::now() +
                                   std::chrono::milliseconds(50));
                client_.connect(std::nullopt);
            } else if (std::holds_alternative<mqtt::Connected>(*event)) {
                (void)client_.subscribe(std::string(wire::kUpFilter));
                (void)client_.subscribe(wire::stateTopic({"kiosk-1"}));
                if (announced_ == Announced::Yes) {
                    (void)client_.publish({std::string(wire::kHubTopic),
                                           encode(wire::HubState{wire::Presence::Online, epoch_}),
                                           mqtt::Retain::Yes});
                }
            } else if (const auto* const arrived = std::get_if<mqtt::Arrived>(&*event)) {
                take(*arrived);
            }
        }
    }
    void take(const mqtt::Arrived& arrived) {
        const std::lock_guard lock(mutex_);
        if (const auto state = wire::decodeKioskState(arrived.payload)) {
            kioskState_ = *state;
        } else if (const auto up = wire::decodeUp(arrived.payload)) {
            const auto kiosk = wire::kioskOfUpTopic(arrived.topic).value();
            auto ack = std::visit([this](const auto& one) { return answer(one); }, up->message);
            if (ack) {
                if (ack->completeThrough == 0) {
                    ack->batches = {{wire::nameOf(arrived.payload), {}}};
                }
                publish(wire::ackTopic(kiosk), encode(*ack, sign_));
            }
            tellNext(kiosk);
        }
    }
    void publish(const std::string& topic, Bytes payload) {
        (void)client_.publish({topic, std::move(payload), mqtt::Retain::No});
    }
    /// The first of the chunks that continues what the kiosk has.
    void tellNext(const record::KioskId& kiosk) {
        for (const wire::DownChunk& chunk : chunks_) {
            if (wire::follows(chunk, has_)) {
                publish(wire::downTopic(kiosk), encode(chunk, sign_));
                return;
            }
        }
    }
    [[nodiscard]] wire::Ack ackFor(record::Epoch epoch) const {
        wire::Ack ack;
        ack.hub = epoch_;
        ack.epoch = epoch;
        ack.creditBytes = 1024 * 1024;
        ack.hubTime = kHubTime;
        return ack;
    }
    std::optional<wire::Ack> answer(const wire::Batch& batch) {
        if (units_.size() >= most_) {
            return std::nullopt;
        }
        for (const wire::Run& run : batch.runs) {
            std::uint64_t seq = run.first;
            for (const wire::BatchUnit& unit : run.units) {
                units_.emplace(seq++, toBytes(unit.sealed));
            }
        }
        return ackFor(batch.epoch);
    }
    std::optional<wire::Ack> answer(const wire::Hello& hello) {
        ++hellos_;
        has_ = {epoch_, hello.downVersion};
        wire::Ack ack = ackFor(hello.epoch);
        for (const auto& [seq, sealed] : units_) {
            ack.received.add(seq);
        }
        ack.completeThrough = std::max<std::uint64_t>(hello.last, 1);
        if (units_.size() == hello.last && hello.last > 0) {
            ack.prefix = {hello.last, hello.lastChain};
        }
        ack.watermark = backedUp_;
        return ack;
    }

    std::optional<wire::Ack> answer(const wire::DownAck& ack) {
        has_ = ack.has;
        ++downAcks_;
        return std::nullopt;
    }

    std::optional<wire::Ack> answer(const wire::Farewell&) {
        ++farewells_;
        return std::nullopt;
    }

    wire::Signer sign_;
    const Announced announced_;
    const wire::HubEpoch epoch_ = epoch();
    mutable std::mutex mutex_;
    std::map<std::uint64_t, Bytes> units_;
    std::optional<wire::KioskState> kioskState_;
    std::vector<wire::DownChunk> chunks_;
    wire::DownState has_;
    std::size_t downAcks_ = 0;
    std::size_t hellos_ = 0;
    std::size_t farewells_ = 0;
    std::uint64_t backedUp_ = 0;
    std::size_t most_ = SIZE_MAX;
    std::atomic<bool> isStopping_{false};
    mqtt::Client client_;
    std::thread thread_;
};

}  // namespace tapport::agent
