// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that happens to a unit behind its acknowledgement: opened, its signature and its proof
// checked, filed. When a kiosk's keys change, its proofs are checked again, in turns with what
// waits: a withdrawal comes through. All proofs are, when the event file changed or nobody knows
// with what they were checked. Called on the store's thread, but for open().
#pragma once

#include "sync/hub/opener/opener.h"
#include "sync/hub/opener/proof_keys.h"

#include <set>

namespace tapport::hub {

class Filing {
  public:
    /// A bounded piece of work: ingest waits no longer than one.
    static constexpr std::size_t kUnitsAStep = 200;

    /// All must outlive it.
    Filing(FilingStore& store, UnitOpener& opener, ProofKeys& keys)
        : store_(store), opener_(opener), keys_(keys) {}

    /// What is to be done next.
    struct Piece {
        bool hasMore = false;        ///< something may be left to do behind this
        std::vector<Waiting> units;  ///< to be opened, then filed
    };
    /// Gives at most `most` of this worker's units that wait, the oldest first; or checks so many
    /// proofs again, and gives none. Where there are both, one after the other.
    [[nodiscard]] Result<Piece> prepare(std::size_t most = kUnitsAStep);
    /// Any thread: may wait for the opener, which ingest must not.
    [[nodiscard]] Result<std::vector<Opened>> open(std::span<const Waiting> units) {
        return opener_.open(units);
    }
    /// What was made of units that prepare() gave. Those that do not wait any more are skipped.
    [[nodiscard]] Result<> file(std::span<const Waiting> units, std::vector<Opened> opened,
                                record::WallTime now);

    /// All three at once. True when something may be left to do.
    [[nodiscard]] Result<bool> step(record::WallTime now, std::size_t most = kUnitsAStep);
    /// Before anything is released no withdrawal may lie there unread, and no revoked key vouch:
    /// opens all that waits, other workers' too, which is little right after a step() that left
    /// nothing. False, and nothing is done, when proofs must be checked again first, which takes
    /// long.
    [[nodiscard]] Result<bool> finish(record::WallTime now);

    /// Takes the published keys when they are new or changed; prepare() does so itself.
    void refreshKeys();
    /// Why a changed key file was not taken, or that another worker has other keys; once.
    [[nodiscard]] std::optional<Error> takeTrouble() { return std::exchange(trouble_, {}); }
    /// Why units stay sealed at the moment. Any thread.
    [[nodiscard]] std::optional<std::string> openerTrouble() const { return opener_.trouble(); }

  private:
    using Kiosks = std::set<record::KioskId>;
    /// With what every proof was checked.
    struct Settled {
        seal::Digest keys;
        ProofKeys::Basis basis;
    };
    /// How far the proofs have been checked with the keys of this digest.
    struct Recheck {
        seal::Digest keys;
        std::optional<Kiosks> whose;              ///< none: everybody's
        Kiosks left;                              ///< of these some are to be checked
        std::optional<record::RecordId> after{};  ///< everybody's so far
        std::optional<ProofPlace> place{};        ///< so far of the first that is left
        bool hasRetried = false;
    };
    [[nodiscard]] Result<bool> mustRecheck();
    [[nodiscard]] Result<> recheck(std::size_t most);
    void beginRecheck(const std::optional<seal::Digest>& checkedWith);
    struct Slice {
        std::vector<Receipted> units;
        bool isLast = false;
    };
    [[nodiscard]] Result<Slice> nextProofs(std::size_t most);
    void noteOthersKeys(const std::optional<seal::Digest>& checkedWith);
    void checkSigned(const record::Position& position, Opened& opened) const;

    FilingStore& store_;
    UnitOpener& opener_;
    ProofKeys& keys_;
    std::optional<Recheck> recheck_;
    bool isRechecksTurn_ = false;
    /// By this process, or it found that they had been.
    std::optional<Settled> settled_;
    std::optional<seal::Digest> othersKeys_;  ///< another worker's that were reported
    std::optional<Error> trouble_;
};

}  // namespace tapport::hub
