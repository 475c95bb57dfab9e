// SPDX-License-Identifier: GPL-3.0-or-later
// One kiosk: the real VisitSession in front, the real OutboxPump behind, and between them a disk
// that fails, loses its power in the middle of a save, and can be put back or cloned.
#pragma once

#include "sync/vault/merge.h"
#include "tests/simulation/judge.h"
#include "tests/support/fake_sink.h"
#include "tests/sync/agent/pump_host.h"

#include <memory>

namespace tapport::simulation {

/// Where a batch's records stand.
struct BatchPlace {
    record::Epoch epoch;
    record::SeqRanges positions;
};

/// What everybody in a world has in common.
struct Common {
    Clockwork& clock;
    Random& random;
    Judge& judge;
    const HubDisk& hubDisk;  ///< for the judge's look
    const HubDisk::Backup& hubBackup;
    const event::Event& event;
    Mutant mutant = Mutant::None;
    bool isTroubled = true;  ///< later on the network and all disks are well
    std::map<wire::BatchName, BatchPlace> batches{};  ///< of all; for those two mutants only
};

/// As store::Memory.
struct Memory {
    std::optional<vault::Entry> entry;
    std::vector<record::ConsentEvent> beside;
};

/// What is on a card, to be copied.
struct Card {
    support::FakeOutbox::Card outbox;
    std::map<record::VaultLookup, vault::Entry> vault;
    support::FakeSink::Kept told;
};

class Kiosk {
  public:
    Kiosk(Common& common, agent::PumpOptions options);

    /// A new process on the same card.
    void restart();
    /// Of what the hub told, the last chunk may be gone: the card's file of it is not forced out.
    void cutPower();
    void feed(agent::PumpEvent event);
    /// As AgentRunner does.
    void hearChunk(ByteView payload);
    /// One person at the screen, from the tap until the screen is clear again. False: the power
    /// went.
    [[nodiscard]] bool serve(Attendee& attendee);

    [[nodiscard]] Card card() const { return {host_.outbox.card(), vault_, sink_.kept()}; }
    void insert(Card card);
    void freezeUntil(Instant end) { frozenUntil_ = end; }
    void setClock(Millis offset) { clockOffset_ = offset; }

    /// The hub as it is now said what it has, and nothing waits.
    [[nodiscard]] bool isDone() const;
    [[nodiscard]] const record::KioskId& name() const { return options_.kiosk; }
    [[nodiscard]] Instant nextWake() const { return notFrozen(host_.pump.nextWake()); }
    [[nodiscard]] Instant notFrozen(Instant when) const { return std::max(when, frozenUntil_); }
    [[nodiscard]] support::FakeOutbox& outbox() { return host_.outbox; }
    [[nodiscard]] const support::FakeOutbox& outbox() const { return host_.outbox; }
    [[nodiscard]] std::vector<Bytes> takeSent();
    /// All that the hub tells is here.
    [[nodiscard]] bool isTold() const;
    /// What this kiosk knows of a badge, from its own records and from the hub.
    [[nodiscard]] Memory recall(const record::VaultAccess& access) const;
    [[nodiscard]] const support::FakeSink& told() const { return sink_; }
    [[nodiscard]] int takeConnects() { return std::exchange(host_.connects, 0); }
    [[nodiscard]] int forks() const { return host_.forks; }

  private:
    enum class Saved : std::uint8_t { Yes, No, PowerCut };

    [[nodiscard]] record::ClockReading clock() const;
    [[nodiscard]] visit::VaultAnswered lookUpVault(const record::VaultAccess& access) const;
    [[nodiscard]] std::optional<visit::Event> press(const Attendee& attendee);
    [[nodiscard]] std::optional<visit::Event> pressOnRecorded();
    [[nodiscard]] visit::Event fill(visit::ContactField field) const;
    [[nodiscard]] Saved save(Attendee& attendee, visit::Commit& commit);
    void write(const visit::Commit& commit);
    [[nodiscard]] bool amend(agent::PumpAction& action);
    void misread(const wire::Ack& ack);
    void release(const record::SeqRanges& numbers);
    void drop(const record::SeqRange& numbers) const;
    void watch(const wire::Batch& batch);

    Common& common_;
    agent::PumpOptions options_;
    agent::PumpHost host_;
    std::map<record::VaultLookup, vault::Entry> vault_;
    support::FakeSink sink_;
    support::FakeSink::Kept toldBefore_;  ///< without the last chunk
    std::vector<Bytes> answers_;          ///< to chunks
    std::unique_ptr<visit::VisitSession> session_;
    std::optional<record::RecordId> failed_;  ///< the first record of what could not be saved
    Instant frozenUntil_{};
    Millis clockOffset_{0};
    std::optional<wire::HubEpoch> knownHub_;     ///< as it was last announced here
    std::optional<wire::HubEpoch> firstHub_;     ///< IgnoreHubEpoch only
    record::SeqRanges pruned_;                   ///< PruneOnAck only
    std::map<wire::BatchName, BatchPlace> own_;  ///< TakeAnyBatch, AcceptForeignEpochs only

    // Since the last hello.
    bool isResumed_ = false;              ///< it was answered
    std::uint64_t announcedThrough_ = 0;  ///< the pump was told that they are there
    std::uint64_t helloThrough_ = 0;      ///< what was there by then is backlog, and repeats are
    std::set<std::uint64_t> sent_;
    struct Overtaken {
        Instant since;  ///< until then it waits for others to go with it
        int turns = 0;
        std::uint64_t last = 0;  ///< of them
    };
    std::uint64_t turn_ = 0;  ///< what is read at once goes in one or several batches
    std::map<std::uint64_t, Overtaken> liveWaiting_;  ///< by turns of older rows
};

}  // namespace tapport::simulation
