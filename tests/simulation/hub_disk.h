// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's database in memory, behind the port that the real ingest writes to: every transaction
// is all or nothing, may fail, may be done although it failed, and can be backed up and restored.
#pragma once

#include "tests/simulation/mutant.h"
#include "tests/simulation/random.h"
#include "tests/sync/agent/memory_hub.h"

namespace tapport::simulation {

class HubDisk final : public agent::MemoryHub {
  public:
    struct StoredUnit {
        record::Position position;
        Bytes sealed;
        bool isQuarantined = false;
    };
    /// By id; a second one would be one too many.
    using Rows = std::map<record::RecordId, std::vector<StoredUnit>>;
    struct Backup {
        Data data;
        Rows rows;
    };

    HubDisk(Random& random, Mutant mutant) : random_(random), mutant_(mutant) {
        epoch = random.id<wire::HubEpoch>();
    }

    /// In place of what the real hub quarantines on arrival: an id that is another record's.
    static bool isPoison(const record::RecordId& id) { return id.bytes.back() % 29 == 0; }

    Result<std::vector<hub::Verdict>> take(const hub::Intake& intake,
                                           record::WallTime now) override;

    [[nodiscard]] const Rows& rows() const { return rows_; }
    [[nodiscard]] bool isReadable(const record::RecordId& id) const {
        const auto found = rows_.find(id);
        return found != rows_.end() && !found->second.front().isQuarantined;
    }
    [[nodiscard]] Backup backUp() const { return {data, rows_}; }
    /// What is on the disk when the process has ended, however it did.
    void crash();
    void restore(const Backup& backup);

    double failing = 0;  ///< how likely a transaction fails

  private:
    hub::Verdict put(const hub::Arrival& arrival);

    Random& random_;
    Mutant mutant_;
    Rows rows_;
    Backup committed_;  ///< AckBeforeCommit only: without what the last transaction wrote
};

}  // namespace tapport::simulation
