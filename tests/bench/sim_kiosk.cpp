// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/sim_kiosk.h"

#include "sync/program/program.h"
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/seal.h"
#include "sync/wire/topics.h"
#include "tests/bench/figures.h"
#include "tests/bench/kiosk_data.h"

#include <algorithm>
#include <deque>
#include <stdexcept>

#include <poll.h>

namespace tapport::bench {
namespace {

agent::PumpOptions pumpOptions(const SimCard& card, const event::Event& event,
                               std::size_t batchRows) {
    agent::PumpOptions pump;
    pump.event = event.id;
    pump.kiosk = card.kiosk;
    pump.bootSpread = record::Millis(0);
    pump.batchRows = batchRows;
    pump.sign = [keys = card.keys](ByteView covered) {
        return receipt::signMessage(covered, keys);
    };
    return pump;
}

agent::Now readNow() {
    return {Clock::now(), program::readClocks().wall};
}

template <typename T>
const T& mustHave(const Result<T>& result) {
    if (!result) {
        throw std::runtime_error(result.error().context);
    }
    return *result;
}

}  // namespace

SimCard makeCard(const record::KioskId& kiosk, const event::Event& event, std::uint32_t visits) {
    SimCard made{kiosk, receipt::makeSigningKeys(), {}};
    support::FakeOutbox outbox;
    // Else all kiosks' epochs were one.
    support::FakeOutbox::Card empty = outbox.card();
    program::fillRandom(empty.epochs.front().epoch.bytes.data(), record::Epoch::kSize);
    outbox.insert(std::move(empty), 0);
    for (std::uint32_t i = 1; i <= visits; ++i) {
        const record::Unit visit = sampleVisit(event, i).units.front();
        outbox.append(visit.id, support::FakeOutbox::Urgency::Ordinary,
                      [&](const record::Epoch& epoch, std::uint64_t seq) {
                          record::PositionedUnit unit{{kiosk, epoch, seq}, visit};
                          unit.proof = receipt::prove(unit, event, made.keys);
                          unit.signature = receipt::signUnit(unit, made.keys);
                          return seal::sealUnit(unit, event.sealingKey);
                      });
    }
    made.card = outbox.card();
    return made;
}

SimKiosk::SimKiosk(const SimCard& card, const event::Event& event, std::size_t batchRows)
    : kiosk_(card.kiosk),
      event_(event),
      random_(std::hash<std::string>()(kiosk_.value)),
      pump_(pumpOptions(card, event, batchRows),
            [this] { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }) {
    outbox_.insert(card.card, 0);
}

void SimKiosk::start(int port) {
    port_ = port;
    feed(agent::Started{});
    feed(agent::TimePassed{});
}

void SimKiosk::step() {
    RawMqtt::Exchanged exchanged = link_->exchange();
    if (exchanged.isConnected) {
        link_->subscribe(wire::ackTopic(kiosk_));
        link_->subscribe(std::string(wire::kHubTopic));
        feed(agent::BrokerConnected{});
    }
    for (const RawMqtt::Message& message : exchanged.arrived) {
        take(message);
    }
    if (Clock::now() >= pump_.nextWake()) {
        feed(agent::TimePassed{});
    }
    if (link_->hasToWrite()) {
        // Nothing new comes from a write.
        exchanged = link_->exchange();
        for (const RawMqtt::Message& message : exchanged.arrived) {
            take(message);
        }
    }
}

void SimKiosk::take(const RawMqtt::Message& message) {
    if (message.topic == wire::kHubTopic) {
        feed(agent::HubAnnounced{mustHave(wire::decodeHubState(message.payload))});
        return;
    }
    const auto ack = mustHave(wire::decodeAck(message.payload));
    if (!receipt::fits(ack.signature, ack.covered, event_.hubKey)) {
        throw std::runtime_error("an acknowledgement that the hub did not sign");
    }
    feed(agent::Acknowledged{ack.message});
}

void SimKiosk::feed(agent::PumpEvent event) {
    std::deque<agent::PumpEvent> events{std::move(event)};
    while (!events.empty()) {
        const auto actions = pump_.step(events.front(), readNow());
        events.pop_front();
        for (const agent::PumpAction& action : actions) {
            if (auto answer =
                    std::visit([this](const auto& one) { return perform(one); }, action)) {
                events.push_back(std::move(*answer));
            }
        }
    }
}

SimKiosk::Answer SimKiosk::perform(const agent::Connect&) {
    link_ = std::make_unique<RawMqtt>(port_, kiosk_.value);
    return std::nullopt;
}

SimKiosk::Answer SimKiosk::perform(const agent::ReadEpochs&) {
    return agent::EpochsRead{outbox_.epochs().value()};
}

SimKiosk::Answer SimKiosk::perform(const agent::ReadChain& action) {
    return agent::ChainRead{outbox_.chainAt(action.seq).value()};
}

SimKiosk::Answer SimKiosk::perform(const agent::ReadRows& action) {
    return agent::RowsRead{action.lane, outbox_.waiting(action.query).value()};
}

SimKiosk::Answer SimKiosk::perform(const agent::SendUp& action) {
    link_->publish(wire::upTopic(kiosk_), action.payload);
    return std::nullopt;
}

SimKiosk::Answer SimKiosk::perform(const agent::MarkReceived& action) {
    acknowledged_ += action.numbers.count();
    (void)outbox_.markReceived(action.numbers.view());
    return std::nullopt;
}

SimKiosk::Answer SimKiosk::perform(const agent::MarkQuarantined&) {
    throw std::runtime_error("the hub could not take a record");
}

SimKiosk::Answer SimKiosk::perform(const agent::MarkWaiting& action) {
    (void)outbox_.markWaiting(action.numbers.view());
    return std::nullopt;
}

SimKiosk::Answer SimKiosk::perform(const agent::StartEpoch&) {
    throw std::runtime_error("the hub holds another copy's records");
}

SimKiosk::Answer SimKiosk::perform(const agent::StartHub& action) {
    (void)outbox_.startHub(action.hub);
    return std::nullopt;
}

SimKiosk::Answer SimKiosk::perform(const agent::Prune& action) {
    return agent::Pruned{outbox_.prune(action.numbers).value()};
}

double drainAll(const Fleet& fleet, int port) {
    constexpr std::chrono::minutes kLongest{5};
    const auto start = Clock::now();
    for (const auto& kiosk : fleet) {
        kiosk->start(port);
    }
    std::vector<pollfd> sockets(fleet.size());
    const auto isDrained = [](const auto& kiosk) { return kiosk->isDrained(); };
    while (!std::all_of(fleet.begin(), fleet.end(), isDrained)) {
        if (Clock::now() - start > kLongest) {
            throw std::runtime_error("the kiosks did not drain");
        }
        for (std::size_t i = 0; i < fleet.size(); ++i) {
            const RawMqtt& link = fleet[i]->link();
            sockets[i] = {link.socket(),
                          static_cast<short>(POLLIN | (link.hasToWrite() ? POLLOUT : 0)), 0};
        }
        constexpr int kTick = 20;  // milliseconds; time-outs are seconds
        if (::poll(sockets.data(), sockets.size(), kTick) < 0 && errno != EINTR) {
            throw std::runtime_error("no poll");
        }
        const auto now = Clock::now();
        for (std::size_t i = 0; i < fleet.size(); ++i) {
            if (sockets[i].revents != 0 || fleet[i]->nextWake() <= now) {
                fleet[i]->step();
            }
        }
    }
    return millisSince(start) / 1000;
}

}  // namespace tapport::bench
