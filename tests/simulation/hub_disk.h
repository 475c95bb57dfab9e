// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's database in memory, behind the ports that the real ingest, filing and teller use: every
// transaction is all or nothing, may fail, may be done although it failed, and can be backed up and
// restored.
#pragma once

#include "tests/simulation/mutant.h"
#include "tests/simulation/random.h"
#include "tests/sync/agent/memory_hub.h"

namespace tapport::simulation {

class HubDisk final : public agent::MemoryHub, public hub::FilingStore, public hub::DownLog {
  public:
    enum class Standing : std::uint8_t { Sealed, Filed, Quarantined };
    struct StoredUnit {
        record::Position position;
        Bytes sealed;
        Standing standing = Standing::Sealed;
    };
    using Rows = std::map<record::RecordId, StoredUnit>;
    struct Told {
        hub::DownLane lane = hub::DownLane::Urgent;
        std::uint64_t version = 0;  ///< in the order of its lane
        std::optional<Bytes> payload;
        record::SubjectId subject;
    };
    using Items = std::map<std::pair<wire::ItemKind, Bytes>, Told>;
    struct Backup {
        Data data;
        Rows rows;
        std::map<record::SubjectId, hub::Dossier> dossiers;
        Items items;
        wire::DownVersion downVersion;
    };

    HubDisk(Random& random, Mutant mutant) : random_(random), mutant_(mutant) {
        epoch = random.id<wire::HubEpoch>();
    }

    /// In place of what the real hub quarantines on arrival: an id that is another record's.
    static bool isPoison(const record::RecordId& id) { return id.bytes.back() % 29 == 0; }

    // Ingest, and what is taken back by phone.
    Result<std::vector<hub::Verdict>> take(const hub::Intake& intake,
                                           record::WallTime now) override;
    Result<std::uint64_t> watermark(const hub::Sequence& sequence) override;

    // Filing. No proofs: kiosks sign nothing here.
    Result<std::vector<hub::Waiting>> waiting(hub::Whose whose, std::size_t most) override;
    Result<> file(std::span<const hub::Opened> opened, record::WallTime now) override;
    Result<std::optional<seal::Digest>> proofKeys() override { return std::nullopt; }
    Result<> setProofKeys(const seal::Digest&) override { return {}; }
    Result<std::vector<hub::Receipted>> proofs(const std::optional<record::RecordId>&,
                                               std::size_t) override {
        return std::vector<hub::Receipted>{};
    }
    Result<std::vector<hub::Receipted>> proofsOf(const record::KioskId&,
                                                 const std::optional<hub::ProofPlace>&,
                                                 std::size_t) override {
        return std::vector<hub::Receipted>{};
    }
    Result<> mark(std::span<const hub::ProofMark>) override { return {}; }
    Result<> retryNotProven() override { return {}; }

    // Telling kiosks, two items at a time.
    Result<wire::DownVersion> downVersion() override { return all_.downVersion; }
    Result<std::vector<std::size_t>> putDown(std::span<const hub::DownPut>) override { return {}; }
    Result<hub::DownPage> downPage(const record::KioskId& kiosk,
                                   const wire::DownVersion& after) override;
    Result<hub::DownPage> downPageOfRevoked(const record::KioskId&,
                                            const wire::DownVersion& after) override {
        return hub::DownPage{{}, after};  // nobody is
    }
    Result<std::optional<hub::DownPut>> findDown(wire::ItemKind, const record::KioskId&,
                                                 ByteView) override {
        return std::optional<hub::DownPut>{};
    }
    // Nothing of the organiser's roster is erased or taken back here.
    Result<bool> isErased(wire::ItemKind, ByteView) override { return false; }
    Result<std::uint64_t> takeBack(wire::ItemKind, std::uint64_t) override { return 0; }

    /// The organiser's, of somebody who came to no kiosk yet: no kiosk can bring it back.
    void importRow(const record::VaultLookup& lookup);
    /// Of one of them that stands: as an erasure does, ahead of what else waits of the roster.
    void eraseRow();
    [[nodiscard]] const Rows& rows() const { return all_.rows; }
    /// What has no row of its own yet.
    [[nodiscard]] std::set<record::RecordId> unsorted() const;
    /// In a row of its own, or in a batch that is not sorted yet.
    [[nodiscard]] bool has(const record::RecordId& id) const;
    [[nodiscard]] bool isReadable(const record::RecordId& id) const;
    [[nodiscard]] bool isFiled(const record::RecordId& id) const;
    [[nodiscard]] const std::map<record::SubjectId, hub::Dossier>& dossiers() const {
        return all_.dossiers;
    }
    /// Of whom this receipt speaks; none: it is not filed here.
    [[nodiscard]] std::optional<hub::Dossier> dossierOf(const record::ReceiptId& receipt) const;
    [[nodiscard]] const Items& items() const { return all_.items; }
    [[nodiscard]] wire::DownVersion toldThrough() const { return all_.downVersion; }
    [[nodiscard]] bool hasSealed() const;

    /// Up to where everything of each sequence is received and opened now.
    [[nodiscard]] std::vector<hub::Watermark> openedThrough() const;
    void setWatermarks(std::span<const hub::Watermark> marks);
    [[nodiscard]] Backup backUp() const;
    /// What is on the disk when the process has ended, however it did.
    void crash();
    void restore(const Backup& backup);
    void beginEpoch(const wire::HubEpoch& next);

    double failing = 0;  ///< how likely a transaction fails

  private:
    using Badges = std::map<record::SubjectId, record::VaultAccess>;

    hub::Verdict put(const hub::Arrival& arrival);
    void fileUnit(const record::Position& position, const hub::Content& content);
    void tell(const std::pair<wire::ItemKind, Bytes>& key, std::optional<Bytes> payload,
              const record::SubjectId& subject);
    void tellOf(const Badges& badges);
    void tellOfWithdrawn(const record::SubjectId& subject);
    void retract(const record::SubjectId& subject);

    Random& random_;
    Mutant mutant_;
    Backup all_;        ///< but for `data`, which is the base's
    Backup committed_;  ///< AckBeforeCommit only: without what the last transaction wrote
};

}  // namespace tapport::simulation
