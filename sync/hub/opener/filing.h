// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that happens to a unit behind its acknowledgement: opened, its signature checked,
// filed. When other keys are published, or the event file changed, all proofs
// are checked again. Called on the store's thread.
#pragma once

#include "sync/hub/opener/opener.h"
#include "sync/hub/opener/proof_keys.h"

namespace tapport::hub {

class Filing {
  public:
    /// A bounded piece of work: ingest waits no longer than one.
    static constexpr std::size_t kUnitsAStep = 200;

    /// All must outlive it.
    Filing(Store& store, UnitOpener& opener, ProofKeys& keys)
        : store_(store), opener_(opener), keys_(keys) {}

    /// Opens and files at most `most` of this worker's units that wait, the oldest first, or checks
    /// so many proofs again. True when something may be left to do.
    [[nodiscard]] Result<bool> step(record::WallTime now, std::size_t most = kUnitsAStep);
    /// Before anything is released no withdrawal may lie there unread, and no revoked key vouch:
    /// opens all that waits, other workers' too, which is little right after a step() that left
    /// nothing. False, and nothing is done, when proofs must be checked again first, which takes
    /// long.
    [[nodiscard]] Result<bool> finish(record::WallTime now);

    /// Takes the published keys when they are new or changed; step() does so itself.
    void refreshKeys();
    /// Why a changed key file was not taken; once.
    [[nodiscard]] std::optional<Error> takeTrouble() { return std::exchange(trouble_, {}); }

  private:
    /// How far the proofs have been checked with the keys of this digest.
    struct Recheck {
        seal::Digest keys;
        std::optional<record::RecordId> after;
    };
    [[nodiscard]] Result<bool> mustRecheck();
    [[nodiscard]] Result<bool> recheck(std::size_t most);
    [[nodiscard]] Result<bool> openSome(Whose whose, record::WallTime now, std::size_t most);
    void checkProof(const record::Position& position, Opened& opened) const;

    Store& store_;
    UnitOpener& opener_;
    ProofKeys& keys_;
    std::optional<Recheck> recheck_;
    std::optional<Error> trouble_;
};

}  // namespace tapport::hub
