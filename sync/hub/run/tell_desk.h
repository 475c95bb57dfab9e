// SPDX-License-Identifier: GPL-3.0-or-later
// What operators tell kiosks through the hub: the organiser's roster, that the event is over, that
// a kiosk is revoked.
#pragma once

#include "sync/hub/downstream/roster_import.h"
#include "sync/hub/downstream/teller.h"
#include "sync/hub/export/desk.h"
#include "sync/hub/run/presence_board.h"
#include "sync/hub/run/store_access.h"
#include "sync/identity/certificate.h"

namespace tapport::hub {

class TellDesk {
  public:
    /// All must outlive it.
    struct Parts {
        Store& store;
        const event::Event& event;
        const Teller& teller;
        const PresenceBoard* presence = nullptr;  ///< none: no hub runs, nobody is told now
    };

    TellDesk(Parts parts, StoreAccess::Run run) : parts_(parts), onStore_(std::move(run)) {}

    /// Row by row, with a bounded piece in a transaction. What breaks it off in mid-file leaves
    /// what was taken before it; the same file again changes only what is not there yet.
    [[nodiscard]] Result<RosterReport> importRoster(const std::filesystem::path& file,
                                                    RosterMode mode);
    /// Takes every entry back; of how many.
    [[nodiscard]] Result<std::uint64_t> clearRoster();

    /// Has this kiosk, or with an empty name all of them, destroy its keys and data once everything
    /// that it recorded is here, opened and backed up (wire::kEndOfEvent). Conflict: it has.
    /// NotFound: it was never heard.
    [[nodiscard]] Result<> endEvent(const record::KioskId& kiosk);
    /// A telling, for who waits until it has arrived.
    struct OnItsWay {
        std::uint64_t version = 0;  ///< of the urgent order, where commands are
        bool isConnected = false;   ///< of one kiosk; else it will hardly arrive soon
    };
    /// Takes endEvent() back; from all of them what was told to single ones as well. NotFound: it
    /// was not told. Conflict: this kiosk has done it, or it was told to all and not to this one.
    [[nodiscard]] Result<OnItsWay> cancelEnd(const record::KioskId& kiosk);
    /// These have said that they destroy everything: from now on it cannot be taken back.
    [[nodiscard]] static Result<> noteEnded(Store& store, std::span<const record::KioskId> kiosks,
                                            record::WallTime now);

    /// Of all that were heard: who was told that the event is over, and where it is. On the store's
    /// thread.
    [[nodiscard]] static Result<KioskFates> ends(Store& store,
                                                 std::span<const KioskStanding> kiosks);

    /// Has a kiosk ask nobody any more (wire::kRevoked), the device with this certificate.
    [[nodiscard]] Result<OnItsWay> revoke(const record::KioskId& kiosk,
                                          const identity::Fingerprint& certificate);
    /// The kiosk has said that it has it, to this worker.
    [[nodiscard]] bool isTold(const record::KioskId& kiosk, std::uint64_t version) const {
        return onStore_([&] { return parts_.teller.isTold(kiosk, version); });
    }

  private:
    [[nodiscard]] Result<bool> isKnown(const record::KioskId& kiosk) const;
    [[nodiscard]] Result<std::vector<DownPut>> endsToCancel(const record::KioskId& kiosk);
    [[nodiscard]] Result<OnItsWay> cancelled(const std::vector<DownPut>& puts,
                                             const record::KioskId& kiosk);
    [[nodiscard]] Result<OnItsWay> onItsWay(const record::KioskId& kiosk);

    Parts parts_;
    StoreAccess onStore_;
};

}  // namespace tapport::hub
