// SPDX-License-Identifier: GPL-3.0-or-later
// Which units the opener is asked for next, until all are opened or given up: one that ends it each
// time must not block the others. Pure.
#pragma once

#include "sync/hub/opener/opener.h"

namespace tapport::hub {

class OpeningRound {
  public:
    /// So often in a row a unit may end the opener before it is given up.
    static constexpr int kMostDeaths = 3;

    explicit OpeningRound(std::vector<Waiting> units)
        : units_(std::move(units)), atOnce_(units_.size()) {}

    /// To be asked for now; none when all is done.
    [[nodiscard]] std::span<const Waiting> next() const {
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
    std::vector<Opened> opened_;
    std::size_t atOnce_;  ///< after it ended over several, one by one
    int deaths_ = 0;
};

}  // namespace tapport::hub
