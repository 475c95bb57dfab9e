// SPDX-License-Identifier: GPL-3.0-or-later
// Whom to tell what is new, and when again: one chunk on its way to a kiosk at a time, the next
// when it is answered, the same again when it is not. Pure: the time is handed in.
#pragma once

#include "sync/wire/messages.h"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace tapport::hub {

class Downstream {
  public:
    using Instant = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::milliseconds kFirstPatience{3000};  ///< doubled each time
    /// Then it is not there; what it says next tells. One that could only not take it, with its
    /// connection whole, says nothing: so it is tried again now and then.
    static constexpr unsigned kMostTries = 5;
    /// So often, too, one that is said to have everything is asked by telling it the last version
    /// again: what it said may have been late, or played again by somebody.
    static constexpr std::chrono::minutes kLongPatience{5};

    /// A kiosk said which versions it has.
    void heard(const record::KioskId& kiosk, const wire::DownVersion& version);
    /// What was due for it is on its way.
    void told(const record::KioskId& kiosk, Instant now);

    struct Due {
        record::KioskId kiosk;
        wire::DownVersion from{};
        bool operator==(const Due&) const = default;
    };
    /// Who is to be told what is above `from`; at most `most`, on from the last one of the call
    /// before: who answers at once keeps nobody from being told. Told of before it is called again.
    [[nodiscard]] std::vector<Due> due(const wire::DownVersion& newest, Instant now,
                                       std::size_t most);
    /// Which versions a kiosk said it has; none: it has said nothing.
    [[nodiscard]] std::optional<wire::DownVersion> versionOf(const record::KioskId& kiosk) const;
    /// Of several workers each tells its own kiosks: those, until it is called again.
    void keepOnly(std::function<bool(const record::KioskId&)> isOurs);

  private:
    struct Kiosk {
        wire::DownVersion has{};
        unsigned tries = 0;  ///< of the chunk that is on its way, up to kMostTries; 0: none is
        Instant toldAt{};
        std::optional<Instant> allSince{};  ///< it is said to have everything, or was asked
    };
    [[nodiscard]] static std::optional<wire::DownVersion> dueOf(Kiosk& its,
                                                                const wire::DownVersion& newest,
                                                                Instant now);

    std::map<record::KioskId, Kiosk> kiosks_;
    std::function<bool(const record::KioskId&)> isOurs_;  ///< empty: all are
    record::KioskId last_;                                ///< that was due
};

}  // namespace tapport::hub
