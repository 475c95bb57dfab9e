// SPDX-License-Identifier: GPL-3.0-or-later
// Port: everything the hub keeps, for one tenant and event. Each writing call is one transaction
// and is durable when it returns; nothing is ever changed by a second arrival of the same record.
// Not thread-safe: one thread calls a store (StoreThread), because one connection owns its file.
#pragma once

#include "sync/hub/store/down_log.h"
#include "sync/hub/store/standing.h"
#include "sync/ledger/contact_choice.h"
#include "sync/ledger/suppression.h"

#include <filesystem>
#include <functional>
#include <set>
#include <span>

namespace tapport::hub {

/// A unit that waits for the opener.
struct Waiting {
    record::RecordId id;
    record::Position position;
    Bytes sealed;
};

/// What is known of the signature on a unit. Changes when other keys are published.
enum class ProofState : std::uint8_t {
    Unchecked,     ///< no keys were at hand, or the unit has none: made before kiosks signed
    Proven,        ///< by a key that the event's root published for this kiosk
    KeyUnknown,    ///< no key is published for this kiosk
    Unconfirmed,   ///< by a revoked key, later than what was held of that kiosk by then
    NotProven,     ///< no published key of the kiosk fits any more: a yes in it does not count
    OtherEdition,  ///< asked with a notice that this event file does not have: its words, and so
                   ///< what was signed, are not at hand. A yes in it does not count until they are
};

/// A unit as it was opened. Its contact and conversations are not kept once the subject is erased.
struct Content {
    record::Unit unit;
    std::optional<record::Signature> proof{};
    ProofState proofState = ProofState::Unchecked;
    /// Over all of the unit. Checked before it is filed, and not kept: with it a guess at what was
    /// erased could be tried.
    record::Signature signature{};
};
struct NotOpened {
    Reason reason = Reason::DoesNotOpen;
    std::string detail;  ///< no personal data
    /// When that much could be read: erasure reaches into the quarantine too.
    std::optional<record::SubjectId> subject{};
};
/// What the opener made of a waiting unit.
struct Opened {
    record::RecordId id;
    tl::expected<Content, NotOpened> content;
};

/// The unit that brought a consent event.
struct Origin {
    record::RecordId unit;
    record::Position position;
    std::optional<record::ReceiptId> receipt{};
    ProofState proof = ProofState::Unchecked;
};
struct KeptConsent {
    record::ConsentEvent event;
    Origin origin;
};
/// All that is known of one subject. Whether any of it may be used is the ledger's to say.
struct Dossier {
    record::SubjectId subject;
    std::vector<ledger::ContactGiven> contacts;  ///< in the order of arrival
    std::vector<KeptConsent> consents;
    /// But those of units that are not proven.
    std::vector<record::Conversation> conversations;
    /// Of these: ProofState::Unconfirmed.
    std::set<record::RecordId> unconfirmed{};
};

/// What the receipt of a unit says: all of it but contact, conversations and vault access, which no
/// receipt holds. Bit by bit what the kiosk signed.
struct Receipted {
    record::PositionedUnit unit;
    ProofState proof = ProofState::Unchecked;
};
/// Where a look through one kiosk's proofs has come to.
struct ProofPlace {
    record::Epoch epoch;
    std::uint64_t seq = 0;
    record::RecordId unit;
};
struct ProofMark {
    record::RecordId unit;
    ProofState state = ProofState::Unchecked;
};

/// What an entry in the quarantine takes beside its payload, roughly.
inline constexpr std::uint64_t kQuarantineEntry = 256;

/// What ingest needs of a store.
class ArrivalStore {
  public:
    virtual ~ArrivalStore() = default;

    /// Random, made with the database: kiosks send again when it changes.
    [[nodiscard]] virtual wire::HubEpoch hubEpoch() = 0;

    /// One verdict an arrival, in order. On an error nothing was written, or all of it was and the
    /// commit's answer got lost: the kiosk's retry tells them apart by identity. What is withheld
    /// and new waits in quarantine, until it is retried or arrives once more and is not withheld.
    /// Busy: another worker serves one of these kiosks, or has sorted one of these parcels.
    [[nodiscard]] virtual Result<std::vector<Verdict>> take(const Intake& intake,
                                                            record::WallTime receivedAt) = 0;
    /// The oldest, in order: the first, and more up to so many bytes.
    [[nodiscard]] virtual Result<std::vector<KeptParcel>> parcels(Whose whose,
                                                                  std::size_t mostBytes) = 0;
    /// Likewise, of this kiosk.
    [[nodiscard]] virtual Result<std::vector<KeptParcel>> parcelsOf(const record::KioskId& kiosk,
                                                                    std::size_t mostBytes) = 0;
    /// Of all that are kept now, the highest number; 0: there is none.
    [[nodiscard]] virtual Result<std::int64_t> newestParcel() = 0;
    /// Of parcels that are not sorted yet it knows nothing, like all that follows.
    [[nodiscard]] virtual Result<Held> held(const Sequence& sequence) = 0;
    /// Of which something was heard.
    [[nodiscard]] virtual Result<std::vector<record::Epoch>> epochsOf(
        const record::KioskId& kiosk) = 0;
    /// 0: nothing of it is backed up.
    [[nodiscard]] virtual Result<std::uint64_t> watermark(const Sequence& sequence) = 0;
    /// What the quarantine takes, by the topic that it came on: payloads, and kQuarantineEntry for
    /// each. Reads every entry.
    [[nodiscard]] virtual Result<std::map<std::string, std::uint64_t>> quarantinedBytes() = 0;
};

/// What filing needs of a store.
class FilingStore {
  public:
    virtual ~FilingStore() = default;

    /// The oldest that wait, by id; at most `most`.
    [[nodiscard]] virtual Result<std::vector<Waiting>> waiting(Whose whose, std::size_t most) = 0;
    /// Files contents or quarantines. A unit that does not wait any more is skipped. Erasure
    /// happens here: once an Erased event of a subject is filed, its contact and conversations are
    /// gone, the sealed bytes too, unless they came with or after a yes of the subject that knew
    /// the erasure. What remains of the contact, also after an objection, are marks in
    /// suppressions(). Kiosks are told of every badge whose key a unit brought.
    [[nodiscard]] virtual Result<> file(std::span<const Opened> opened, record::WallTime now) = 0;
    /// With what every proof was checked last (ProofKeys::digest()); none at first.
    [[nodiscard]] virtual Result<std::optional<seal::Digest>> proofKeys() = 0;
    virtual Result<> setProofKeys(const seal::Digest& keys) = 0;
    /// Filed units that carry a proof, above `after` by id; at most `most`.
    [[nodiscard]] virtual Result<std::vector<Receipted>> proofs(
        const std::optional<record::RecordId>& after, std::size_t most) = 0;
    /// Those of one kiosk, by epoch, position and id, behind `after`; at most `most`.
    [[nodiscard]] virtual Result<std::vector<Receipted>> proofsOf(
        const record::KioskId& kiosk, const std::optional<ProofPlace>& after, std::size_t most) = 0;
    [[nodiscard]] virtual Result<> mark(std::span<const ProofMark> marks) = 0;
    /// What was quarantined as NotProven waits again: a key that fits may have been published.
    [[nodiscard]] virtual Result<> retryNotProven() = 0;
};

class Store : public ArrivalStore, public FilingStore, public DownLog {
  public:
    /// Destroys contact and conversations of these subjects as erasure does; their consent events
    /// stay, and kiosks are told of these alone from now on. Of how many there was something to
    /// destroy.
    [[nodiscard]] virtual Result<std::uint64_t> forget(
        std::span<const record::SubjectId> subjects) = 0;

    /// Subjects with at least one yes, ever, above `after` by id; at most `most`.
    [[nodiscard]] virtual Result<std::vector<Dossier>> dossiers(
        const std::optional<record::SubjectId>& after, std::size_t most) = 0;
    /// All that is known of a subject; without events when nothing is.
    [[nodiscard]] virtual Result<Dossier> dossier(const record::SubjectId& subject) = 0;
    /// Counts the transactions that filed units, changed a proof or took something back.
    [[nodiscard]] virtual Result<std::uint64_t> stateVersion() = 0;
    /// Marks were added in a later state than `version`, at whichever of the tenant's events: they
    /// bear on anybody with the same address.
    [[nodiscard]] virtual Result<bool> hasSuppressedSince(std::uint64_t version) = 0;
    /// Of the tenant's events, all of them. Valid as long as the store; file() adds to it.
    [[nodiscard]] virtual const ledger::Suppressions& suppressions() = 0;
    /// The latest that a synced clock of a kiosk has said: so late it is at least.
    [[nodiscard]] virtual record::WallTime latestSynced() = 0;
    /// Of whom something was filed or marked in a later state than `version`.
    [[nodiscard]] virtual Result<std::vector<record::SubjectId>> changedSince(
        std::uint64_t version) = 0;
    [[nodiscard]] virtual Result<std::optional<Receipted>> receipt(const record::ReceiptId& id) = 0;
    [[nodiscard]] virtual Result<> logExport(const ExportEntry& entry) = 0;
    /// Newest first.
    [[nodiscard]] virtual Result<std::vector<ExportEntry>> exports(std::size_t most) = 0;
    [[nodiscard]] virtual Result<std::optional<ExportEntry>> findExport(
        const record::RecordId& id) = 0;
    [[nodiscard]] virtual Result<Counts> counts() = 0;
    /// But record::kHubLink, of which nothing can be missing.
    [[nodiscard]] virtual Result<std::vector<KioskStanding>> kiosks() = 0;
    /// Newest first; entries below `before` only.
    [[nodiscard]] virtual Result<std::vector<QuarantineEntry>> quarantine(
        const std::optional<std::int64_t>& before, std::size_t most) = 0;
    /// Nothing under this number.
    [[nodiscard]] virtual Result<std::optional<Quarantined>> findQuarantined(
        std::int64_t number) = 0;
    /// Whether there is an entry that nobody discarded.
    [[nodiscard]] virtual Result<bool> hasQuarantined() = 0;
    /// The entry's unit waits for the opener again, and the entry is gone. Conflict: it has none,
    /// or was discarded.
    [[nodiscard]] virtual Result<> retryUnit(std::int64_t number) = 0;
    /// After an entry's payload was taken in once more: takes the entry out, unless that brought it
    /// back, which counts up its `times`. True when it is out.
    [[nodiscard]] virtual Result<bool> settleQuarantined(const QuarantineEntry& asItWas) = 0;
    /// The highest position that its kiosk sent; 0: none. What was only read from a disk, and is in
    /// quarantine still, does not count.
    [[nodiscard]] virtual Result<std::uint64_t> sentThrough(const Sequence& sequence) = 0;
    /// NotFound: no such entry. Conflict: it was discarded already.
    [[nodiscard]] virtual Result<> discardQuarantined(std::int64_t number,
                                                      const Discard& discard) = 0;
    /// Of each sequence, up to where everything is received and opened now: what a copy that begins
    /// now will hold. Behind a record in quarantine only once that was discarded.
    [[nodiscard]] virtual Result<std::vector<Watermark>> openedThrough() = 0;
    /// A backup that holds them is safe. A watermark never falls.
    [[nodiscard]] virtual Result<> setWatermarks(std::span<const Watermark> marks,
                                                 record::WallTime at) = 0;
    /// All that kiosks were told, whatever is held of it.
    [[nodiscard]] virtual Result<std::vector<Watermark>> watermarks() = 0;
    /// This database takes the place of `replaced`, which this program has opened and closed: takes
    /// what it lacks of it, by id and digest. What was sealed there waits to be opened; who was
    /// erased there is erased here, before anything else. What kiosks were told, and watermarks,
    /// are not taken. InvalidConfig: not of this dialect, schema or suppression key.
    [[nodiscard]] virtual Result<CarriedOver> carryOver(const std::filesystem::path& replaced,
                                                        record::WallTime at) = 0;
    /// Of all that is committed, into a file that is not there yet, on the disk when it returns;
    /// its owner's only. InvalidConfig: this database is copied with its server's own tools.
    [[nodiscard]] virtual Result<> copyTo(const std::filesystem::path& file) = 0;
    /// Another event of this tenant, of which something is here, while nothing is of this one.
    [[nodiscard]] virtual Result<std::optional<record::EventId>> onlyOtherEvent() = 0;
    /// This database was restored from a copy: kiosks are to say again what they have.
    [[nodiscard]] virtual Result<> beginHubEpoch(const wire::HubEpoch& epoch) = 0;
    /// Reads and logExport() of `body` are one transaction and see one moment, whatever other
    /// workers commit meanwhile; undone when it fails, and its error is handed on.
    [[nodiscard]] virtual Result<> inTransaction(const std::function<Result<>()>& body) = 0;
};

/// As in exports: "proven", "key unknown", ...
[[nodiscard]] std::string_view nameOf(ProofState state);

}  // namespace tapport::hub
