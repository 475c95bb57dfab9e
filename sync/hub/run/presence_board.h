// SPDX-License-Identifier: GPL-3.0-or-later
// Which kiosks are connected to the broker, as they say themselves and as far as this process was
// there. A hint for people: unsigned, kept nowhere, nothing is decided by it. Any thread.
#pragma once

#include "sync/hub/export/desk.h"
#include "sync/wire/messages.h"

#include <mutex>

namespace tapport::hub {

class PresenceBoard {
  public:
    /// Whoever may write to state topics must not fill the memory.
    static constexpr std::size_t kMostKiosks = 10'000;

    /// What is published on a kiosk's state topic. The last will of an older connection than the
    /// present one may come late, and changes nothing, unless that one is in doubt.
    void said(const record::KioskId& kiosk, const wire::KioskState& state, record::WallTime now);
    /// A moment, by how much had been said until then.
    using Moment = std::uint64_t;
    [[nodiscard]] Moment moment() const;
    /// A message came at that moment that, as is known only now, the kiosk signed: it was there,
    /// and is unless it said goodbye since.
    void heard(const record::KioskId& kiosk, Moment came, record::WallTime now);
    /// This hub was cut off: what it knew may be over. Kiosks say it anew once it is back.
    void doubt();

    /// Of a kiosk that is connected, nothing only for the moments until it has said so.
    [[nodiscard]] Presences read() const;

  private:
    struct Entry {
        KioskPresence presence;
        std::optional<wire::ConnectionId> connection{};  ///< none: it is not known which
        bool isDoubted = false;
        Moment left = 0;  ///< when it said goodbye, or somebody did for it
    };
    /// Null when there are too many already.
    Entry* entryOf(const record::KioskId& kiosk);

    mutable std::mutex mutex_;
    std::map<record::KioskId, Entry> entries_;
    Moment said_ = 0;
};

}  // namespace tapport::hub
