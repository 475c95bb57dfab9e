// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/opening_round.h"

namespace tapport::hub {

bool OpeningRound::answered(Result<std::vector<Opened>> some) {
    if (some) {
        deaths_ = 0;
        std::move(some->begin(), some->end(), std::back_inserter(opened_));
        return true;
    }
    if (some.error().code == Code::Internal && std::exchange(atOnce_, 1) == 1 &&
        ++deaths_ == kMostDeaths) {
        deaths_ = 0;
        const Waiting& deadly = units_[opened_.size()];
        opened_.push_back({deadly.id, tl::unexpected(NotOpened{
                                          Reason::DoesNotOpen, "the opener ended over it", {}})});
    }
    return false;
}

}  // namespace tapport::hub
