// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk without a disk: the production pump over an outbox in memory and a bare socket, so that a
// thousand of them fit into one thread beside the broker and the hub that are measured.
#pragma once

#include "sync/agent/pump.h"
#include "sync/event/event.h"
#include "sync/receipt/keys.h"
#include "tests/bench/raw_mqtt.h"
#include "tests/support/fake_outbox.h"

#include <memory>
#include <random>

namespace tapport::bench {

/// Who it is and what waits on its card.
struct SimCard {
    record::KioskId kiosk;
    receipt::SigningKeys keys;
    support::FakeOutbox::Card card;
};
/// With so many sample visits, proven and sealed.
[[nodiscard]] SimCard makeCard(const record::KioskId& kiosk, const event::Event& event,
                               std::uint32_t visits);

class SimKiosk {
  public:
    /// `event` outlives it.
    SimKiosk(const SimCard& card, const event::Event& event, std::size_t batchRows);

    /// Whether everything on the card is acknowledged.
    [[nodiscard]] bool isDrained() const { return acknowledged_ == outbox_.size(); }

    /// Connects at once, without the pump's spread over time: all together is the worst case.
    void start(int port);
    /// What came over the socket, and what time asks for.
    void step();
    [[nodiscard]] agent::Instant nextWake() const { return pump_.nextWake(); }
    [[nodiscard]] const RawMqtt& link() const { return *link_; }

  private:
    using Answer = std::optional<agent::PumpEvent>;
    void feed(agent::PumpEvent event);
    void take(const RawMqtt::Message& message);
    Answer perform(const agent::Connect&);
    Answer perform(const agent::ReadEpochs&);
    Answer perform(const agent::ReadChain& action);
    Answer perform(const agent::ReadRows& action);
    Answer perform(const agent::SendUp& action);
    Answer perform(const agent::MarkReceived& action);
    Answer perform(const agent::MarkQuarantined& action);
    Answer perform(const agent::MarkWaiting& action);
    Answer perform(const agent::StartEpoch& action);
    Answer perform(const agent::StartHub& action);
    Answer perform(const agent::Prune& action);

    record::KioskId kiosk_;
    const event::Event& event_;
    support::FakeOutbox outbox_;
    std::mt19937_64 random_;
    agent::OutboxPump pump_;
    int port_ = 0;
    std::unique_ptr<RawMqtt> link_;
    std::uint64_t acknowledged_ = 0;
};

using Fleet = std::vector<std::unique_ptr<SimKiosk>>;
/// Starts all and serves them until everything is acknowledged; seconds. Throws
/// std::runtime_error when that takes longer than five minutes.
[[nodiscard]] double drainAll(const Fleet& fleet, int port);

}  // namespace tapport::bench
