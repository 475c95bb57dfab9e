// SPDX-License-Identifier: GPL-3.0-or-later
// The receipt's page at the hub: what a phone asks and is answered, by the real PhoneLink and its
// journal over a disk that fails, and that keeps what it has when the hub is restored.
#pragma once

#include "sync/hub/run/phone_link.h"
#include "tests/simulation/hub_disk.h"

#include <stdexcept>

namespace tapport::simulation {

/// The hub's process ended in the middle of something.
struct ProcessEnded : std::runtime_error {
    ProcessEnded() : std::runtime_error("the process ended") {}
};

/// What somebody did, where the judge keeps it.
struct ActRef {
    std::size_t attendee = 0;
    std::size_t act = 0;
};

struct PageRequest {
    record::ReceiptId receipt;
    /// None: only to see it.
    std::optional<ActRef> press{};
    std::optional<ledger::Scope> scope{};  ///< to be taken back; none: everything
};

struct Page {
    /// What can be taken back, and the yeses there.
    std::map<ledger::Scope, std::set<record::RecordId>> standing;
    /// All that the hub has of this person.
    std::set<record::RecordId> yeses;
    /// Withdrawals by phone that it takes into account: who sees it relies on them.
    std::set<record::RecordId> taken;
};
/// None: the hub does not have this receipt, or not yet. An error: it can be tried again.
using PageAnswer = Result<std::optional<Page>>;

class HubPage {
  public:
    HubPage(Random& random, const event::Event& event, Mutant mutant, HubDisk& disk)
        : random_(random), event_(event), mutant_(mutant), disk_(disk) {}

    /// As a hub does before anything else. Not with an error: it will be started again.
    [[nodiscard]] Result<> start(hub::Filing& filing, record::WallTime now);
    void stop() { link_.reset(); }

    /// As HubDesk does, once all that waits is sorted. Throws ProcessEnded.
    [[nodiscard]] PageAnswer serve(const PageRequest& request, const record::WallTime& now);
    /// What the last request had recorded, or might have; once.
    [[nodiscard]] std::optional<record::Unit> takeMade() { return std::exchange(made_, {}); }
    /// Of these there is nothing but what the database has: the journal could not be written.
    [[nodiscard]] const std::set<record::RecordId>& unjournaled() const { return unjournaled_; }

  private:
    friend class SimJournal;
    [[nodiscard]] hub::PhoneLink::Making making();
    [[nodiscard]] Page pageOf(const hub::Dossier& dossier) const;
    [[nodiscard]] PageAnswer withdraw(const hub::Dossier& dossier, const PageRequest& request);

    Random& random_;
    const event::Event& event_;
    Mutant mutant_;
    HubDisk& disk_;
    std::string file_;  ///< the journal
    std::optional<hub::PhoneLink> link_;
    record::WallTime now_;
    std::optional<record::Unit> made_;
    std::set<record::RecordId> unjournaled_;
};

}  // namespace tapport::simulation
