// SPDX-License-Identifier: GPL-3.0-or-later
// Looks whether an event file was published that says something else than the one that the running
// hub has: then everything is to be opened again with it. Called on the store's thread.
#pragma once

#include "sync/hub/cli/hub_config.h"
#include "sync/hub/downstream/edition_file.h"
#include "sync/program/seldom.h"

namespace tapport::hub {

class Heeding {
  public:
    /// All must outlive it. `inUse`: digest of the event file that the hub goes by.
    Heeding(const HubConfig& config, const event::Event& event, const seal::Digest& inUse,
            DownLog& log)
        : config_(config), inUse_(inUse), edition_(config.edition, event, log) {}

    /// Tells kiosks of an edition that came. True once for each that the hub itself is to go on
    /// with. What cannot be read, as while it is being written, is logged and read the next time.
    [[nodiscard]] bool look();

  private:
    const HubConfig& config_;
    seal::Digest inUse_;
    EditionFile edition_;
    bool isDue_ = false;  ///< to be read: an edition came
    program::Seldom kept_;
};

}  // namespace tapport::hub
