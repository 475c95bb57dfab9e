// SPDX-License-Identifier: GPL-3.0-or-later
// The broker, the way there and back, and somebody on it who would like to take part.
#include "sync/wire/topics.h"
#include "tests/simulation/world.h"

namespace tapport::simulation {

void World::feed(std::size_t kiosk, agent::PumpEvent event) {
    kiosks_[kiosk]->feed(std::move(event));
    carry(kiosk);
}

/// What a kiosk asked for since the last look.
void World::carry(std::size_t kiosk) {
    Kiosk& from = *kiosks_[kiosk];
    for (int connects = from.takeConnects(); connects > 0; --connects) {
        clock_.after(random_.millis(1, 100), [this, kiosk] { connect(kiosk); });
    }
    const Link& link = links_[from.name().value];
    for (Bytes& payload : from.takeSent()) {
        if (link.kiosk != kiosk || link.isDead) {
            continue;
        }
        travel(std::move(payload), up_[from.name().value],
               [this, topic = wire::upTopic(from.name())](const Bytes& arrived) {
                   reachHub(topic, arrived);
               });
    }
}

/// A second connection under one name ends the first.
void World::connect(std::size_t kiosk) {
    if (carriedAway_.count(kiosk) > 0) {
        return;
    }
    Link& link = links_[kiosks_[kiosk]->name().value];
    if (!isBrokerUp_) {
        feed(kiosk, agent::BrokerLost{});
        return;
    }
    if (link.kiosk != kiosk) {
        drop(link);
    }
    link = {kiosk, link.connection + 1};
    feed(kiosk, agent::BrokerConnected{});
    announce();
}

void World::drop(Link& link) {
    const auto kiosk = std::exchange(link.kiosk, std::nullopt);
    ++link.connection;
    link.isDead = false;
    if (kiosk) {
        feed(*kiosk, agent::BrokerLost{});
    }
}

void World::dropAll() {
    for (auto& named : links_) {
        drop(named.second);
    }
}

/// The retained state, to whoever is there: in order, and never lost on a connection that holds.
void World::announce() {
    const wire::HubState state{hub_.isUp() ? wire::Presence::Online : wire::Presence::Offline,
                               hub_.disk().epoch};
    for (auto& named : links_) {
        clock_.after(Millis(1),
                     [this, state, &link = named.second, connection = named.second.connection] {
                         if (connection == link.connection && link.kiosk && !link.isDead) {
                             feed(*link.kiosk, agent::HubAnnounced{state});
                         }
                     });
    }
}

/// Late, out of order, twice, damaged, played again, or not at all: worse than MQTT.
void World::travel(Bytes payload, Way& way, const std::function<void(const Bytes&)>& arrive) {
    if (happens(0.04)) {
        return;
    }
    way.heard.push_back(payload);
    if (happens(0.02)) {
        clock_.after(random_.millis(1, 200),
                     [arrive, again = way.heard[random_.between(0, way.heard.size() - 1)]] {
                         arrive(again);
                     });
    }
    if (happens(0.01)) {
        payload[random_.between(0, payload.size() - 1)] ^= 1U;
    }
    const int copies = happens(0.05) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
        const Millis late = happens(0.02) ? random_.millis(0, 30'000) : random_.millis(1, slowest_);
        clock_.after(late, [arrive, payload] { arrive(payload); });
    }
}

void World::reachHub(const std::string& topic, const Bytes& payload) {
    if (!hub_.isUp() || !isBrokerUp_) {
        return;
    }
    hub_.arrive({topic, payload});
    if (!std::exchange(isHubBusy_, true)) {
        const Instant due = clock_.now() + random_.millis(0, 20);
        clock_.at(std::max(due, hubFrozenUntil_), [this] { letHubWork(); });
    }
}

void World::letHubWork() {
    isHubBusy_ = false;
    if (!hub_.isUp()) {
        return;
    }
    const auto answers = hub_.work();
    letHubOpen();
    if (happens(0.01)) {
        stopHub();  // between the commit and its answers
        return;
    }
    // A worker that freezes in between: another goes on, and what this one says comes late.
    const Millis late = happens(0.05) ? random_.millis(1000, 30'000) : Millis(0);
    clock_.after(late, [this, answers] { publish(answers); });
}

void World::publish(const std::vector<hub::Message>& messages) {
    for (const hub::Message& message : messages) {
        answer(message);
    }
}

/// Behind the acknowledgements, until nothing waits for it.
void World::letHubOpen() {
    if (hub_.isUp() && !std::exchange(isHubOpening_, true)) {
        openAfter(Millis(1));
    }
}

void World::openAfter(Millis pause) {
    clock_.at(std::max(clock_.now() + pause, hubFrozenUntil_), [this, process = hubProcess_] {
        if (process != hubProcess_) {
            return;
        }
        const auto next = hub_.openNext(hubTime());
        isHubOpening_ = next.has_value();
        if (next) {
            openAfter(*next);
        }
    });
}

void World::letHubTell() {
    clock_.at(std::max(clock_.now() + Millis(500), hubFrozenUntil_), [this] {
        if (hub_.isUp()) {
            publish(hub_.tell());
        }
        letHubTell();
    });
}

void World::answer(const hub::Message& message) {
    for (auto& [name, link] : links_) {
        const bool isChunk = message.topic == wire::downTopic({name});
        if (!isChunk && message.topic != wire::ackTopic({name})) {
            continue;
        }
        const Said what = isChunk ? Said::Chunk : Said::Ack;
        // Before the broker had it, it goes to whoever is connected then: of two copies to any.
        const bool isWithBroker = random_.happens(0.5);
        travel(message.payload, down_[name],
               [this, &link = link, connection = link.connection, isWithBroker,
                what](const Bytes& arrived) {
                   const bool isLost = isWithBroker && connection != link.connection;
                   if (!isLost && link.kiosk && !link.isDead) {
                       hear(*link.kiosk, arrived, what);
                   }
               });
    }
}

/// As AgentRunner does.
void World::hear(std::size_t kiosk, const Bytes& payload, Said what) {
    const Instant awake = kiosks_[kiosk]->notFrozen(clock_.now());
    if (awake > clock_.now()) {
        const Link& link = links_[kiosks_[kiosk]->name().value];
        clock_.at(awake, [this, kiosk, payload, what, connection = link.connection] {
            if (links_[kiosks_[kiosk]->name().value].connection == connection) {
                hear(kiosk, payload, what);
            }
        });
        return;
    }
    if (what == Said::Chunk) {
        kiosks_[kiosk]->hearChunk(payload);
        carry(kiosk);
        return;
    }
    auto ack = wire::decodeAck(payload);
    const bool isHubs = ack && (mutant_ == Mutant::AcceptUnsignedAcks ||
                                ack->signature == support::signatureOf("hub", ack->covered));
    if (isHubs) {
        feed(kiosk, agent::Acknowledged{std::move(ack->message)});
    }
}

/// Somebody without a key speaks for the hub, or for a kiosk.
void World::forge() {
    const std::size_t kiosk = random_.between(0, kiosks_.size() - 1);
    const auto epochs = kiosks_[kiosk]->outbox().epochsOnCard();
    const agent::OutboxEpoch& epoch = epochs.back();
    const std::vector<Bytes>& heard = up_[kiosks_[kiosk]->name().value].heard;
    if (random_.happens(0.5) && !heard.empty()) {
        wire::Ack ack;
        ack.hub = hub_.disk().epoch;
        ack.epoch = epoch.epoch;
        for (std::size_t i = heard.size() - std::min<std::size_t>(heard.size(), 10);
             i < heard.size(); ++i) {
            ack.batches.push_back({wire::nameOf(heard[i]), {}});
        }
        ack.creditBytes = 1;
        hear(kiosk, wire::encode(ack, support::signerFor("stranger")));
        return;
    }
    wire::Batch batch;
    batch.event = event_.id;
    batch.kiosk = kiosks_[kiosk]->name();
    batch.epoch = epoch.epoch;
    batch.runs.push_back(
        {epoch.last + 1, epoch.lastChain, {{random_.id<record::RecordId>(), Bytes(100, 7)}}});
    reachHub(wire::upTopic(batch.kiosk), wire::encode(batch, support::signerFor("stranger")));
}

/// Somebody lets the kiosks hear again what the hub acknowledged before it was restored.
void World::replayAcks() {
    for (auto& [name, link] : links_) {
        const std::vector<Bytes>& heard = down_[name].heard;
        for (std::size_t i = heard.size() - std::min<std::size_t>(heard.size(), 10);
             i < heard.size(); ++i) {
            clock_.after(random_.millis(0, 2000), [this, &link = link, again = heard[i]] {
                if (link.kiosk && !link.isDead) {
                    hear(*link.kiosk, again);
                }
            });
        }
    }
}

/// Nothing gets through any more, which both ends notice with the next keep-alive.
void World::halve(Link& link) {
    link.isDead = true;
    clock_.after(random_.millis(5000, 20'000), [this, &link, connection = link.connection] {
        if (connection == link.connection) {
            drop(link);
        }
    });
}

}  // namespace tapport::simulation
