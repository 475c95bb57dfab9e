// SPDX-License-Identifier: GPL-3.0-or-later
// The hub: the real ingest, filing, rounds of opening and teller over a disk in memory; and what an
// export would release, by the real ledger.
#pragma once

#include "sync/hub/downstream/teller.h"
#include "sync/hub/ingest/ingest.h"
#include "sync/hub/opener/filing.h"
#include "sync/hub/opener/opening_round.h"
#include "tests/simulation/hub_page.h"
#include "tests/simulation/kiosk.h"
#include "tests/simulation/sim_opener.h"

namespace tapport::simulation {

class HubEnd {
  public:
    HubEnd(Clockwork& clock, Random& random, const event::Event& event, Mutant mutant);

    [[nodiscard]] HubDisk& disk() { return disk_; }
    [[nodiscard]] const HubDisk& disk() const { return disk_; }
    [[nodiscard]] SimOpener& opener() { return opener_; }
    [[nodiscard]] HubPage& page() { return page_; }
    /// Throws ProcessEnded.
    [[nodiscard]] PageAnswer serve(const PageRequest& request, record::WallTime now);
    [[nodiscard]] bool isUp() const { return process_.has_value(); }
    void arrive(hub::Message message) { inbox_.push_back(std::move(message)); }
    /// One transaction for all that waits; gives what is to be published. Nothing when it failed.
    [[nodiscard]] std::vector<hub::Message> work();
    /// One question to the opener, or what came of it filed. How long until the next; nothing when
    /// all is opened.
    [[nodiscard]] std::optional<Millis> openNext(record::WallTime now);
    /// This process has heard of the kiosk, and has told it something.
    [[nodiscard]] bool knows(const record::KioskId& kiosk) const {
        return process_->teller.isTold(kiosk, 1);
    }
    /// What kiosks are to be told now.
    [[nodiscard]] std::vector<hub::Message> tell();

    /// Opens what waits and notes up to where; the copy takes a while. What it then promises to
    /// kiosks begins with finishBackUp(); with a process that ended meanwhile it comes to nothing.
    void beginBackUp(record::WallTime now);
    void finishBackUp();
    [[nodiscard]] const HubDisk::Backup& backup() const { return backup_; }
    void importRoster();
    /// However it ends, what waits unread is gone.
    void stop();
    /// False: it could not, and has ended again.
    [[nodiscard]] bool start(record::WallTime now);
    /// Comes back with the backup, and with a new epoch that says so.
    void restore();

    /// Nothing when it is refused: something lies there unopened.
    [[nodiscard]] std::optional<std::vector<hub::ProvenLead>> exportLeads(record::WallTime now);

  private:
    /// What ends with the process.
    struct Process {
        hub::Ingest ingest;
        hub::Filing filing;
        hub::Teller teller;
        std::optional<hub::OpeningRound> round{};
        std::optional<std::vector<hub::Watermark>> marks{};  ///< of a backup that is being made
    };

    Clockwork& clock_;
    Random& random_;
    const event::Event& event_;
    Mutant mutant_;
    HubDisk disk_;
    HubPage page_;
    SimOpener opener_;
    hub::Waiting probe_ = SimOpener::makeProbe();
    hub::ProofKeys keys_;  ///< none are published
    std::optional<Process> process_;
    std::vector<hub::Message> inbox_;
    HubDisk::Backup backup_;
};

}  // namespace tapport::simulation
