// SPDX-License-Identifier: GPL-3.0-or-later
// The running hub's store thread with what it does when nothing else waits: files what the opener
// opened, hands it what waits, sorts what came, destroys what retention ends. Trouble is logged
// when it changes.
#pragma once

#include "sync/hub/ingest/sorting.h"
#include "sync/hub/opener/filing.h"
#include "sync/hub/run/opening_thread.h"
#include "sync/hub/run/retention.h"
#include "sync/hub/run/store_thread.h"
#include "sync/program/seldom.h"

namespace tapport::hub {

class Background {
  public:
    /// All must outlive it, but the probe: makeProbe().
    Background(Sorting& sorting, UnitOpener& opener, Waiting probe, Filing& filing,
               Retention& retention);
    ~Background() { opening_.stop(); }
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    [[nodiscard]] StoreThread& store() { return store_; }
    /// Why what was opened could not be filed the last time, or else what came not be sorted. On
    /// the store's thread.
    [[nodiscard]] const std::optional<std::string>& trouble() const {
        return filingTrouble_ ? filingTrouble_ : sortingTrouble_;
    }

  private:
    // On the store's thread. True when more is left to do at once.
    bool step();
    /// Nothing: nothing was opened. False: it could not be filed.
    std::optional<bool> fileNext();
    bool handOver();
    /// True when more is left; false after a failure.
    bool sortNext();
    bool forgetNext();
    void logOpener();

    Sorting& sorting_;
    Filing& filing_;
    Retention& retention_;
    std::optional<std::string> openerTrouble_;  ///< as logged last
    std::optional<std::string> filingTrouble_;
    std::optional<std::string> sortingTrouble_;
    program::Seldom sealed_;  ///< log lines: what keeps failing is tried again and again
    OpeningThread opening_;
    StoreThread store_;  // last: its thread uses all of the above
};

}  // namespace tapport::hub
