// SPDX-License-Identifier: GPL-3.0-or-later
// What attendees take back on their page becomes a record like any kiosk's: in a sequence of the
// hub's own (record::kHubLink), sealed for the event, signed with the hub's online key, stored by
// the same transaction. Each process, and each failure, begins another epoch, so that workers never
// share a sequence. Called on the store's thread.
#pragma once

#include "sync/event/event.h"
#include "sync/hub/opener/filing.h"
#include "sync/hub/run/withdrawal_journal.h"
#include "sync/ledger/standing.h"
#include "sync/receipt/keys.h"

#include <functional>

namespace tapport::hub {

/// On what a yes stands that no withdrawal, objection or erasure was made knowing; ascending.
[[nodiscard]] std::vector<ledger::Scope> withdrawable(const Dossier& dossier);

class PhoneLink {
  public:
    /// What each record has that no other one may have, and that nobody may guess or change.
    struct Making {
        std::function<record::RecordId()> newId;  ///< UUIDv7
        std::function<record::ReceiptId()> newReceipt;
        std::function<record::Epoch()> newEpoch;
        /// Puts proof and signature into it; gives it sealed.
        std::function<Bytes(record::PositionedUnit&)> seal;

        /// Random, signed with the hub's online keys, sealed for the event, which must outlive it.
        [[nodiscard]] static Making with(receipt::SigningKeys keys, const event::Event& event);
    };
    /// All but `making`, `build` and `journal` must outlive it.
    struct Parts {
        ArrivalStore& store;
        DownLog& downLog;
        Filing& filing;
        const event::Event& event;
        Making making;
        std::string build;  ///< program version, for the evidence
        /// None: what is taken back is in the database only.
        std::optional<WithdrawalJournal> journal{};
    };
    explicit PhoneLink(Parts parts) : parts_(std::move(parts)) {}

    /// Takes `scopes` back, which are withdrawable() and at least one; gives the receipt's id. When
    /// it returns, the record is committed and, unless that failed, filed; else it is opened and
    /// filed as a kiosk's. An error: it is not known to be committed, and may be tried again.
    [[nodiscard]] Result<record::ReceiptId> withdraw(const Dossier& dossier,
                                                     const std::vector<ledger::Scope>& scopes,
                                                     record::Method method,
                                                     const record::ClockReading& now);

    /// What the journal has and the database lacks is taken once more, as a kiosk sends again what
    /// is missing: the database was put back to a backup, or a process ended over it. What a backup
    /// holds leaves the journal. Gives how many were taken. Before the first withdraw().
    [[nodiscard]] Result<std::size_t> recall(record::WallTime now);

  private:
    /// Where the next record stands.
    struct Place {
        record::Epoch epoch;
        std::uint64_t seq = 1;
        record::ChainHash before;
    };
    [[nodiscard]] record::Unit unitOf(const Dossier& dossier,
                                      const std::vector<ledger::Scope>& scopes,
                                      record::Method method, const record::ClockReading& now,
                                      std::uint64_t hubState) const;
    /// Into the journal. False, and logged: only the database will have it.
    [[nodiscard]] bool note(const Waiting& sealed, const Place& place);
    /// Out of it, unless the database has it all the same, or does not say.
    void forget(const Place& place);
    void tidy();
    /// From the journal.
    [[nodiscard]] Result<> dropBackedUp();
    [[nodiscard]] record::ConsentEvent eventOf(const Dossier& dossier, const ledger::Scope& scope,
                                               const record::ClockReading& now) const;

    Parts parts_;
    std::optional<Place> place_;  ///< none: the next one begins an epoch
};

}  // namespace tapport::hub
