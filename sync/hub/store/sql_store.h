// SPDX-License-Identifier: GPL-3.0-or-later
// The store in SQL that every dialect understands: what arrives, what the opener files, what is
// erased, proofs and exports, what is read. A dialect adds its connection, its schema and how it
// takes many arrivals at once. Not for others: sqlite_store.h.
#pragma once

#include "sync/hub/store/sql.h"
#include "sync/hub/store/store.h"

namespace tapport::hub {

class SqlStore : public Store {
  public:
    /// Throws SqlError. The connection's database is migrated.
    SqlStore(std::unique_ptr<SqlConnection> connection, Scope scope,
             const ledger::SuppressionKey& key);

    wire::HubEpoch hubEpoch() override { return epoch_; }
    Result<std::vector<Verdict>> take(const Intake& intake, record::WallTime receivedAt) override;
    Result<std::vector<KeptParcel>> parcels(Whose whose, std::size_t mostBytes) override;
    Result<std::vector<KeptParcel>> parcelsOf(const record::KioskId& kiosk,
                                              std::size_t mostBytes) override;
    Result<std::int64_t> newestParcel() override;
    Result<Held> held(const Sequence& sequence) override;
    Result<std::vector<record::Epoch>> epochsOf(const record::KioskId& kiosk) override;
    Result<std::vector<Waiting>> waiting(Whose whose, std::size_t most) override;
    Result<> file(std::span<const Opened> opened, record::WallTime now) override;
    Result<std::uint64_t> forget(std::span<const record::SubjectId> subjects) override;
    Result<std::optional<seal::Digest>> proofKeys() override;
    Result<> setProofKeys(const seal::Digest& keys) override;
    Result<std::vector<Receipted>> proofs(const std::optional<record::RecordId>& after,
                                          std::size_t most) override;
    Result<std::vector<Receipted>> proofsOf(const record::KioskId& kiosk,
                                            const std::optional<ProofPlace>& after,
                                            std::size_t most) override;
    Result<> mark(std::span<const ProofMark> marks) override;
    Result<> retryNotProven() override;
    Result<std::vector<Dossier>> dossiers(const std::optional<record::SubjectId>& after,
                                          std::size_t most) override;
    Result<Dossier> dossier(const record::SubjectId& subject) override;
    Result<std::uint64_t> stateVersion() override;
    Result<bool> hasSuppressedSince(std::uint64_t version) override;
    const ledger::Suppressions& suppressions() override { return suppressions_; }
    record::WallTime latestSynced() override { return latestSynced_; }
    Result<std::vector<record::SubjectId>> changedSince(std::uint64_t version) override;
    Result<std::optional<Receipted>> receipt(const record::ReceiptId& id) override;
    Result<> logExport(const ExportEntry& entry) override;
    Result<std::vector<ExportEntry>> exports(std::size_t most) override;
    Result<std::optional<ExportEntry>> findExport(const record::RecordId& id) override;
    Result<Counts> counts() override;
    Result<std::vector<KioskStanding>> kiosks() override;
    Result<std::vector<QuarantineEntry>> quarantine(const std::optional<std::int64_t>& before,
                                                    std::size_t most) override;
    Result<std::optional<Quarantined>> findQuarantined(std::int64_t number) override;
    Result<bool> hasQuarantined() override;
    Result<std::uint64_t> sentThrough(const Sequence& sequence) override;
    Result<> retryUnit(std::int64_t number) override;
    Result<bool> settleQuarantined(const QuarantineEntry& asItWas) override;
    Result<> discardQuarantined(std::int64_t number, const Discard& discard) override;
    Result<std::uint64_t> watermark(const Sequence& sequence) override;
    Result<std::map<std::string, std::uint64_t>> quarantinedBytes() override;
    Result<std::vector<Watermark>> openedThrough() override;
    Result<> setWatermarks(std::span<const Watermark> marks, record::WallTime at) override;
    Result<std::vector<Watermark>> watermarks() override;
    Result<std::optional<record::EventId>> onlyOtherEvent() override;
    Result<> beginHubEpoch(const wire::HubEpoch& epoch) override;
    Result<> inTransaction(const std::function<Result<>()>& body) override;
    Result<wire::DownVersion> downVersion() override;
    Result<std::vector<std::size_t>> putDown(std::span<const DownPut> puts) override;
    Result<DownPage> downPage(const record::KioskId& kiosk,
                              const wire::DownVersion& after) override;
    Result<DownPage> downPageOfRevoked(const record::KioskId& kiosk,
                                       const wire::DownVersion& after) override;
    Result<std::optional<DownPut>> findDown(wire::ItemKind kind, const record::KioskId& kiosk,
                                            ByteView key) override;
    Result<bool> isErased(wire::ItemKind kind, ByteView key) override;
    Result<std::uint64_t> takeBack(wire::ItemKind kind, std::uint64_t most) override;

  protected:
    enum class Grown : std::uint8_t { Arrived, Filed };
    SqlConnection& connection() { return *connection_; }
    /// The scope's two columns are always ?1 and ?2.
    template <typename... Args>
    Query query(const char* sql, const Args&... args) {
        return Query(*connection_, sql, scope_.tenant, scope_.event, args...);
    }
    void quarantineOne(const Suspect& suspect, record::WallTime at);
    /// Of another record than the one that stands under this id.
    void quarantineConflict(const Arrival& arrival, record::WallTime at);
    void noteFork(const record::RecordId& id, record::WallTime at);
    /// A new arrival that is withheld: into the quarantine. One that is here already and is not
    /// withheld any more: out of it.
    void withhold(const Arrival& arrival, record::WallTime at);
    void release(const Arrival& arrival);

    /// From the tables of the schema `replaced`, which the dialect has brought there; a
    /// transaction.
    CarriedOver carry(record::WallTime at);

    /// Rows: number, kiosk, payload, received_at; in the order of number, as many as have so many
    /// bytes, or more.
    virtual Query parcelRows(Whose whose, std::size_t mostBytes);
    virtual Query parcelRowsOf(const record::KioskId& kiosk, std::size_t mostBytes);
    /// Of rows: unit_id, kiosk, epoch, seq, sealed.
    static std::vector<Waiting> readWaiting(Query row);

  private:
    /// Within a transaction.
    void keepParcels(std::span<const Parcel> parcels, record::WallTime receivedAt);
    /// Throws when somebody else did.
    void removeParcel(std::int64_t number);
    /// Who was heard, up to which position, and what its clock said.
    void noteHeard(const Intake& intake, record::WallTime receivedAt);

    /// The first thing in the transaction of take(); throws when it must not take this.
    virtual void fence(const Intake&) {}
    /// The first thing in the transaction of inTransaction(): what others commit from now on is
    /// not seen in it.
    virtual void seeOneMoment() {}
    /// Within a transaction: one verdict an arrival, in order. `mayBeOccupied`: at some of these
    /// positions a record is already, or two of them share one.
    virtual std::vector<Verdict> takeArrivals(std::span<const Arrival> arrivals,
                                              record::WallTime receivedAt, bool mayBeOccupied) = 0;
    /// After a commit that brought so many records.
    virtual void grew(Grown /*which*/, std::size_t /*records*/) {}
    /// What a committed transaction deleted goes for good, as far as the dialect can see to it.
    virtual void destroyDeleted() = 0;

    /// Whose badges' keys are at hand.
    using Badges = std::map<record::SubjectId, record::VaultAccess>;
    wire::DownVersion readDownVersion();
    std::uint64_t revocationOf(const record::KioskId& kiosk);
    DownPage readDownPage(const record::KioskId& kiosk, const wire::DownVersion& after,
                          const wire::DownVersion& newest);
    /// Within a transaction, as the following.
    void tell(std::span<const DownPut> puts);
    /// Of what tell() was given just now: see putDown().
    std::vector<std::size_t> notTold(std::span<const DownPut> puts);
    /// All that is known of them now.
    void tellOf(const Badges& badges);
    /// What stands of their withdrawals, in the clear, at every badge of which something was told.
    void tellOfWithdrawn(const record::SubjectId& subject);
    enum class Retract : std::uint8_t {
        Everything,
        Personal,  ///< contact and conversations; the decisions stay
    };
    /// Where the badge's key is not at hand.
    void retract(const record::SubjectId& subject, Retract what);
    /// What the organiser said of a badge of which something was told as this subject's; for good.
    void eraseRoster(const record::SubjectId& subject);

    /// Its bytes, also its unit's.
    void destroyQuarantined(std::int64_t number, const Discard& discard);

    /// Parts of carry(): how many rows were written.
    std::uint64_t carryUnits();
    void carryWhatIsLeft(std::uint64_t version);
    std::uint64_t unitsOf(std::uint64_t version);
    std::uint64_t carryQuarantine();
    void carryHeld();
    void carryClashes(record::WallTime at);
    void carryRosterErasures();

    Held readHeld(const Sequence& sequence);
    /// What was quarantined and given up counts as received there.
    Held readSettled(const Sequence& sequence);
    /// Brings the rows from what they were to what is held now.
    void keepHeld(const Sequence& sequence, const Held& before, const Held& now);
    /// All of a unit or nothing: an id that another record uses must not leave half of it. Why it
    /// was refused.
    std::optional<std::string> fileWhole(const Content& content, std::uint64_t version);
    void fileUnit(const Content& content, std::uint64_t version);
    void fileConsents(const record::Unit& unit);
    void fileConversations(const record::Unit& unit);
    void fileNotOpened(const record::RecordId& id, const NotOpened& why, record::WallTime at,
                       std::uint64_t version);
    /// Marks the contact of who objected or asked for erasure, and destroys what the erasure
    /// concerns; nothing for everybody else.
    void heedLastWords(const record::SubjectId& subject, std::uint64_t version);
    void suppress(const record::SubjectId& subject, const std::vector<record::RecordId>& endings,
                  std::uint64_t version);
    void erase(const record::SubjectId& subject, const std::vector<KeptConsent>& consents,
               std::uint64_t version);
    /// False: nothing was held.
    bool forgetOne(const record::SubjectId& subject, std::uint64_t version);
    void eraseUnit(const record::SubjectId& subject, const record::RecordId& unit,
                   std::uint64_t version);
    /// Once it is committed.
    void takeEffect(std::uint64_t version);
    /// Reads what another worker filed since: suppressions, and how late it is.
    void catchUp();
    /// The state that this transaction makes; its first statement.
    std::uint64_t nextVersion();
    Dossier readDossier(const record::SubjectId& subject);
    void readContacts(Dossier& dossier);
    /// Of all units of the subject, or of one.
    std::vector<KeptConsent> readConsents(const record::SubjectId& subject,
                                          const std::optional<record::RecordId>& unit = {});
    void readConversations(Dossier& dossier);
    /// Of a row: unit_id, kind, subject_id, clock, kiosk, epoch, seq, receipt_id, proof,
    /// proof_state.
    Receipted readReceipted(Query& row);

    std::unique_ptr<SqlConnection> connection_;
    Scope scope_;
    ledger::Suppressions suppressions_;
    wire::HubEpoch epoch_;
    record::WallTime latestSynced_;
    std::optional<std::uint64_t> seenVersion_;  ///< of the state that these two are of
    std::uint64_t newestMark_ = 0;  ///< the state that added the last one, at whichever event

    /// What a transaction did that takes effect elsewhere once it is committed.
    struct Aftermath {
        bool hasErased = false;
        std::vector<record::SubjectId> erased;  ///< at their own wish, in this transaction
        std::vector<std::pair<ledger::ContactMark, record::RecordId>> marks;
        record::WallTime latestSynced;
    };
    Aftermath aftermath_;
};

/// How a unit stands in `sealed_unit.standing`.
enum class UnitStanding : std::uint8_t { Waiting, Filed, Quarantined };

/// Runs `body`, which returns a Result, and turns what the database throws into an Error.
template <typename Body>
auto guarded(std::string_view where, Body body) -> decltype(body()) {
    try {
        return body();
    } catch (const SqlError& thrown) {
        return fail(thrown.code(), std::string(where) + ": " + thrown.what());
    }
}

/// A lost key would lift every suppression silently: the database knows the digest of its own.
/// Throws SqlError; InvalidConfig: it is another one's.
[[nodiscard]] Result<> checkSuppressionKey(SqlConnection& connection,
                                           const ledger::SuppressionKey& key);

}  // namespace tapport::hub
