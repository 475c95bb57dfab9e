// SPDX-License-Identifier: GPL-3.0-or-later
// How many bytes a kiosk may have in flight: what the hub is ready to hold for all of them, shared
// by those that were heard lately. A thousand that come back at once would else fill its memory.
// Pure.
#pragma once

#include "sync/record/ids.h"
#include "sync/record/time.h"

#include <algorithm>
#include <set>
#include <utility>

namespace tapport::hub {

class Credit {
  public:
    static constexpr std::uint32_t kForAll = 32 * 1024 * 1024;
    static constexpr std::uint32_t kMost = 2 * 1024 * 1024;  ///< for one: faster it does not get
    static constexpr std::uint32_t kLeast = 16 * 1024;
    static constexpr record::Millis kLately{10'000};

    void heard(const record::KioskId& kiosk, record::WallTime now) {
        // A clock that was set back begins anew, too.
        if (now >= since_ + kLately || now < since_) {
            before_ = std::exchange(lately_, {});
            since_ = now;
        }
        before_.erase(kiosk);
        lately_.insert(kiosk);
    }
    [[nodiscard]] std::uint32_t share() const {
        const std::size_t kiosks = std::max<std::size_t>(before_.size() + lately_.size(), 1);
        return std::clamp(static_cast<std::uint32_t>(kForAll / kiosks), kLeast, kMost);
    }

  private:
    std::set<record::KioskId> lately_;  ///< since `since_`
    std::set<record::KioskId> before_;  ///< and in the time before, but not since
    record::WallTime since_;
};

}  // namespace tapport::hub
