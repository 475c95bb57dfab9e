// SPDX-License-Identifier: GPL-3.0-or-later
// A pump with a fake outbox, a hub that a test speaks for, and time that a test lets pass.
#pragma once

#include "tests/sync/agent/pump_host.h"

#include <deque>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::agent {

using support::FakeOutbox;

inline const wire::HubEpoch kHub = idOf<wire::HubEpoch>(7);
inline const wire::HubEpoch kRestoredHub = idOf<wire::HubEpoch>(8);

class OutboxPumpTest : public testing::Test {
  protected:
    explicit OutboxPumpTest(std::size_t mostWindowBytes = 1000) : host(options(mostWindowBytes)) {}
    static PumpOptions options(std::size_t mostWindowBytes) {
        PumpOptions options;
        options.event = {"demo-2026"};
        options.kiosk = {"kiosk-1"};
        options.windowBytes = 1000;  // ten rows of a fake outbox
        options.mostWindowBytes = mostWindowBytes;
        options.batchRows = 4;
        options.batchBytes = 400;
        return options;
    }
    void add(int rows, FakeOutbox::Urgency urgency = FakeOutbox::Urgency::Ordinary) {
        for (int i = 0; i < rows; ++i) {
            host.outbox.add(urgency);
        }
    }
    wire::Ack blankAck() const {
        wire::Ack ack;
        ack.hub = kHub;
        ack.epoch = host.outbox.epoch();
        ack.creditBytes = 1'000'000;
        return ack;
    }
    /// Names the batches that had nothing but these positions.
    wire::Ack ackOf(const std::vector<SeqRange>& ranges) {
        listen();
        record::SeqRanges positions;
        for (const SeqRange& range : ranges) {
            positions.add(range);
        }
        wire::Ack ack = blankAck();
        for (const auto& [name, its] : batches_) {
            if (std::all_of(its.begin(), its.end(),
                            [&](std::uint64_t seq) { return positions.contains(seq); })) {
                ack.batches.push_back({name, {}});
            }
        }
        return ack;
    }
    void acknowledge(const std::vector<SeqRange>& ranges) {
        host.feed(Acknowledged{ackOf(ranges)});
    }
    /// What a hub holds that got all of it from this kiosk.
    wire::Ack answerOf(const std::vector<SeqRange>& held) {
        wire::Ack ack = blankAck();
        for (const SeqRange& range : held) {
            ack.received.add(range);
        }
        ack.completeThrough = std::max<std::uint64_t>(host.outbox.size(), 1);
        if (!held.empty() && held.front().first == 1) {
            const std::uint64_t seq = held.front().last;
            ack.prefix = {seq, host.outbox.chainAt(seq).value().value_or(record::ChainHash{})};
        }
        return ack;
    }
    void answerHello(const std::vector<SeqRange>& held, wire::HubEpoch hub = kHub) {
        wire::Ack ack = answerOf(held);
        ack.hub = hub;
        host.feed(Acknowledged{ack});
    }
    void announceHub(wire::Presence presence, wire::HubEpoch hub = kHub) {
        host.feed(HubAnnounced{{presence, hub}});
    }
    /// Up to where rows flow: nothing of what is in the outbox is at the hub.
    void resume() {
        host.feed(Started{});
        host.pass(std::chrono::seconds(6));
        host.feed(BrokerConnected{});
        announceHub(wire::Presence::Online);
        messages();
        answerHello({});
    }
    /// What was sent since the last look.
    std::vector<wire::UpMessage> messages() {
        listen();
        return std::exchange(heard_, {});
    }
    /// Positions of the batches sent since the last look, a list for each.
    std::vector<std::vector<std::uint64_t>> batches() {
        std::vector<std::vector<std::uint64_t>> result;
        for (const wire::UpMessage& message : messages()) {
            if (const auto* const batch = std::get_if<wire::Batch>(&message)) {
                result.push_back(positionsOf(*batch));
            }
        }
        return result;
    }
    std::vector<wire::Hello> hellos() {
        std::vector<wire::Hello> result;
        for (const wire::UpMessage& message : messages()) {
            if (const auto* const hello = std::get_if<wire::Hello>(&message)) {
                result.push_back(*hello);
            }
        }
        return result;
    }

    PumpHost host;

  private:
    static std::vector<std::uint64_t> positionsOf(const wire::Batch& batch) {
        std::vector<std::uint64_t> positions;
        for (const wire::Run& run : batch.runs) {
            for (std::size_t i = 0; i < run.units.size(); ++i) {
                positions.push_back(run.first + i);
            }
        }
        return positions;
    }
    void listen() {
        for (Bytes& sent : host.takeSent()) {
            const Bytes& payload = payloads_.emplace_back(std::move(sent));
            heard_.push_back(wire::decodeUp(payload).value().message);
            if (const auto* const batch = std::get_if<wire::Batch>(&heard_.back())) {
                batches_.emplace_back(wire::nameOf(payload), positionsOf(*batch));
            }
        }
    }

    std::deque<Bytes> payloads_;  ///< of which what was heard are views
    std::vector<wire::UpMessage> heard_;
    /// All that were ever sent, as they came.
    std::vector<std::pair<wire::BatchName, std::vector<std::uint64_t>>> batches_;
};

/// Whose window may grow.
class GenerousPumpTest : public OutboxPumpTest {
  protected:
    GenerousPumpTest() : OutboxPumpTest(4000) {}
};

}  // namespace tapport::agent
