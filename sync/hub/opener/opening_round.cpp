// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/opening_round.h"

#include "sync/seal/seal.h"

namespace tapport::hub {

bool OpeningRound::answered(Result<std::vector<Opened>> some) {
    if (isProbing_) {
        isProbing_ = !some;
        return some.has_value();
    }
    if (some) {
        deaths_ = 0;
        std::move(some->begin(), some->end(), std::back_inserter(opened_));
        return true;
    }
    if (some.error().code != Code::Internal || std::exchange(atOnce_, 1) > 1) {
        return false;
    }
    if (++deaths_ < kMostDeaths) {
        isProbing_ = true;
        return false;
    }
    deaths_ = 0;
    const Waiting& deadly = units_[opened_.size()];
    opened_.push_back({deadly.id, tl::unexpected(NotOpened{
                                      Reason::DoesNotOpen, "the opener ended over it", {}})});
    return false;
}

Waiting makeProbe(const event::Event& event) {
    record::PositionedUnit unit;
    unit.position.kiosk = {"probe"};
    unit.unit.event = event.id;
    return {unit.unit.id, unit.position, seal::sealUnit(unit, event.sealingKey)};
}

}  // namespace tapport::hub
