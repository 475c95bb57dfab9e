// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk's memory: sealed records that wait for the hub, and what each badge's next tap shows.
// Nothing readable is ever written: units are sealed to the event's key, entries to the badge's.
// What the attendee takes along is signed here, offline, in the transaction that records it.
// One thread at a time; blocks on the disk, so never on the UI thread (StoreThread).
#pragma once

#include "firmware-app/store/database.h"
#include "firmware-app/store/standing.h"
#include "firmware-app/store/statements.h"
#include "sync/agent/outbox.h"
#include "sync/event/event.h"
#include "sync/receipt/summary.h"
#include "sync/record/tries.h"
#include "sync/vault/entry.h"

namespace tapport::store {

struct StoreConfig {
    std::filesystem::path file;  ///< its directory must exist
    record::KioskId kiosk;
    event::Event event;  ///< its key seals; its words stand in receipts
    receipt::SigningKeys signingKeys;
};

/// A link that is a receipt (sync/receipt/summary.h); nothing when there is none to give.
using ReceiptLink = std::optional<std::string>;

/// The badge's next entry, to be closed with the badge's key.
struct EntryToKeep {
    record::VaultAccess access;
    vault::Entry entry;
};

class KioskStore final : public agent::Outbox {
  public:
    /// seal::initialise() comes first. Busy: another program has the file open. Conflict: the file
    /// belongs to another kiosk, event, program or newer version. Storage: damaged or not
    /// accessible.
    [[nodiscard]] static Result<std::unique_ptr<KioskStore>> open(
        const StoreConfig& config, const StorageOptions& options = {});

    /// All or nothing, and on the disk when it returns success: each unit gets the next position,
    /// is proven (when it has a receipt id), signed and sealed with it, and stands in the outbox;
    /// the entry replaces the badge's. Gives the receipt of all decisions among the units. After an
    /// error the transaction may still have happened: call again with the very same units, those
    /// already there are left alone, and the receipt is the same. StorageFull, Storage: nothing is
    /// confirmed.
    [[nodiscard]] Result<ReceiptLink> commit(std::span<const record::Unit> units,
                                             const std::optional<EntryToKeep>& entry);

    /// A new receipt for what the badge's entry holds; nothing is recorded, the witness is the last
    /// position given out. None for an entry without decisions or without a receipt id, which is
    /// that of somebody who only ever said no: that no stands for nobody.
    [[nodiscard]] Result<ReceiptLink> newReceipt(const vault::Entry& entry,
                                                 const record::ClockReading& now);

    /// Nothing when the badge is not known here; Crypto when the entry is another key's.
    [[nodiscard]] Result<std::optional<vault::Entry>> lookUp(const record::VaultAccess& access);

    /// On the disk when it returns success. `what` names the secret that was guessed.
    [[nodiscard]] Result<> keepTries(std::string_view what, const record::Tries& tries);
    /// As kept last; none for what was never guessed. Storage: damaged.
    [[nodiscard]] Result<record::Tries> tries(std::string_view what);

    /// Reads the whole file; Storage names the first damage. For `tapport doctor` and tests.
    [[nodiscard]] Result<> check();

    [[nodiscard]] Result<std::vector<agent::OutboxEpoch>> epochs() override;
    [[nodiscard]] Result<std::vector<agent::OutboxRow>> waiting(
        const agent::OutboxQuery& query) override;
    [[nodiscard]] Result<std::optional<record::ChainHash>> chainAt(std::uint64_t seq) override;
    [[nodiscard]] Result<> markReceived(std::span<const agent::SeqRange> numbers) override;
    [[nodiscard]] Result<> markQuarantined(std::span<const agent::SeqRange> numbers) override;
    [[nodiscard]] Result<> markWaiting(std::span<const agent::SeqRange> numbers) override;
    [[nodiscard]] Result<> startEpoch(const record::Epoch& left) override;
    [[nodiscard]] Result<> startHub(const wire::HubEpoch& hub) override;
    [[nodiscard]] Result<bool> prune(const agent::SeqRange& numbers) override;
    [[nodiscard]] Result<agent::OutboxCounts> counts() override;

  private:
    KioskStore(SQLite::Database db, const StoreConfig& config, Synchronous synchronous);
    [[nodiscard]] Result<> claim();
    /// The current epoch: where the next record goes.
    struct Head {
        record::Epoch epoch;
        std::uint64_t base = 0;
        std::uint64_t lastSeq = 0;
        record::ChainHash lastChain;
    };
    [[nodiscard]] Head readHead();
    void write(const Head& head);
    [[nodiscard]] std::optional<record::Position> positionOf(const record::RecordId& id);
    [[nodiscard]] record::Position append(const record::Unit& unit, Head& head);
    void keep(const EntryToKeep& entry);
    [[nodiscard]] ReceiptLink linkTo(const std::optional<receipt::Summary>& summary) const;
    /// Every number given out is up to here.
    [[nodiscard]] std::uint64_t lastNumber();
    [[nodiscard]] const Standing& standing();
    [[nodiscard]] Standing readStanding();
    /// Brings the table from what it says to that; part of the caller's transaction.
    void write(const Standing& next);
    /// Lets `change` move those of the numbers that were given out.
    template <typename Change>
    [[nodiscard]] Result<> mark(std::span<const agent::SeqRange> numbers, Change change);

    SQLite::Database db_;
    Statements statements_{db_};
    Synchronous synchronous_;
    std::optional<Standing> standing_;  ///< as committed; none: to be read
    record::KioskId kiosk_;
    event::Event event_;
    receipt::SigningKeys signingKeys_;
};

}  // namespace tapport::store
