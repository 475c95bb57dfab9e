// SPDX-License-Identifier: GPL-3.0-or-later
// What operators tell kiosks through the hub: the organiser's roster, and that the event is over.
#pragma once

#include "sync/hub/downstream/roster_import.h"
#include "sync/hub/run/store_access.h"

namespace tapport::hub {

class TellDesk {
  public:
    /// All must outlive it.
    struct Parts {
        Store& store;
        const event::Event& event;
    };

    TellDesk(Parts parts, StoreAccess::Run run) : parts_(parts), onStore_(std::move(run)) {}

    /// Row by row, with a bounded piece in a transaction. What breaks it off in mid-file leaves
    /// what was taken before it; the same file again changes only what is not there yet.
    [[nodiscard]] Result<RosterReport> importRoster(const std::filesystem::path& file,
                                                    RosterMode mode);
    /// Takes every entry back; of how many.
    [[nodiscard]] Result<std::uint64_t> clearRoster();
    /// Has this kiosk, or with an empty name all of them, destroy its keys and data once everything
    /// that it recorded is here, opened and backed up (wire::kEndOfEvent).
    [[nodiscard]] Result<> endEvent(const record::KioskId& kiosk);

  private:
    Parts parts_;
    StoreAccess onStore_;
};

}  // namespace tapport::hub
