// SPDX-License-Identifier: GPL-3.0-or-later
// The hub: the real ingest over a disk in memory, behind a queue; and what an export would release,
// by the real opener's checks and the real ledger.
#pragma once

#include "sync/hub/ingest/ingest.h"
#include "tests/simulation/kiosk.h"

namespace tapport::simulation {

class HubEnd {
  public:
    HubEnd(Random& random, const event::Event& event, Mutant mutant);

    [[nodiscard]] HubDisk& disk() { return disk_; }
    [[nodiscard]] const HubDisk& disk() const { return disk_; }
    [[nodiscard]] bool isUp() const { return isUp_; }
    void arrive(hub::Message message) { inbox_.push_back(std::move(message)); }
    /// One transaction for all that waits; gives what is to be published. Nothing when it failed.
    [[nodiscard]] std::vector<hub::Message> work();

    /// From now on kiosks may drop what is in it.
    void backUp() {
        backup_ = disk_.backUp();
        disk_.raiseWatermarks();
    }
    /// However it ends, what waits unread is gone.
    void stop();
    void start() { isUp_ = true; }
    /// Comes back with the backup, and with a new epoch that says so.
    void restore();

    /// Opens everything and asks the ledger.
    [[nodiscard]] std::vector<hub::ProvenLead> exportLeads(record::WallTime now) const;

  private:
    [[nodiscard]] std::map<record::SubjectId, hub::Dossier> dossiers() const;

    Random& random_;
    const event::Event& event_;
    Mutant mutant_;
    HubDisk disk_;
    hub::Ingest ingest_;
    std::vector<hub::Message> inbox_;
    HubDisk::Backup backup_;
    bool isUp_ = true;
};

}  // namespace tapport::simulation
