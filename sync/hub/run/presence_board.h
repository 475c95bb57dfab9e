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
    /// present one may come late, and changes nothing.
    void said(const record::KioskId& kiosk, const wire::KioskState& state, record::WallTime now);
    /// A message that the kiosk signed has come, so it is there.
    void heard(const record::KioskId& kiosk, record::WallTime now);
    /// This hub was cut off: what it knew may be over. Kiosks say it anew once it is back.
    void doubt();

    /// Of a kiosk that is connected, nothing only for the moments until it has said so.
    [[nodiscard]] Presences read() const;

  private:
    struct Entry {
        KioskPresence presence;
        std::optional<wire::ConnectionId> connection{};  ///< none: it is not known which
        bool isDoubted = false;
    };
    /// Null when there are too many already.
    Entry* entryOf(const record::KioskId& kiosk);

    mutable std::mutex mutex_;
    std::map<record::KioskId, Entry> entries_;
};

}  // namespace tapport::hub
