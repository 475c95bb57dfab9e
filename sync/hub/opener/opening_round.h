// SPDX-License-Identifier: GPL-3.0-or-later
// Which units the opener is asked for next, until all are opened or given up: one that ends it each
// time must not block the others, and an opener that something else ends must give up none. Pure.
#pragma once

#include "sync/event/event.h"
#include "sync/hub/opener/opener.h"

namespace tapport::hub {

class OpeningRound {
  public:
    /// So often a unit may end the opener before it is given up; only deaths count between which
    /// the probe was opened. An opener that lacks memory ends over whatever it is given.
    static constexpr int kMostDeaths = 3;

    /// `probe` is a unit of nobody's, from makeProbe().
    OpeningRound(std::vector<Waiting> units, Waiting probe)
        : units_(std::move(units)), probe_(std::move(probe)), atOnce_(units_.size()) {}

    /// To be asked for now; none when all is done.
    [[nodiscard]] std::span<const Waiting> next() const {
        if (isProbing_) {
            return {&probe_, 1};
        }
        const auto rest = std::span(units_).subspan(opened_.size());
        return rest.first(std::min(atOnce_, rest.size()));
    }
    /// What UnitOpener::open() gave for next(). False: it is to be asked again after a pause only.
    [[nodiscard]] bool answered(Result<std::vector<Opened>> some);

    [[nodiscard]] const std::vector<Waiting>& units() const { return units_; }
    /// So far, one for one.
    [[nodiscard]] std::vector<Opened> takeOpened() { return std::move(opened_); }

  private:
    std::vector<Waiting> units_;
    Waiting probe_;
    std::vector<Opened> opened_;
    std::size_t atOnce_;  ///< after it ended over several, one by one
    int deaths_ = 0;      ///< over the unit that is next
    bool isProbing_ = false;
};

/// A unit that any opener with the event's key opens, and that is never filed.
[[nodiscard]] Waiting makeProbe(const event::Event& event);

}  // namespace tapport::hub
