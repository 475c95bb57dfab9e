// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/standing.h"

namespace tapport::store {

Standing::Standing(const std::array<record::SeqRanges, kStates>& sets) : sets_(sets) {
    for (const record::SeqRanges& numbers : sets_) {
        settled_.merge(numbers);
    }
}

void Standing::receive(const record::SeqRanges& numbers) {
    const record::SeqRanges here = numbers.without(of(RowState::Dropped));
    set(RowState::Quarantined) = of(RowState::Quarantined).without(here);
    set(RowState::Received).merge(here);
    settled_.merge(here);
}

void Standing::quarantine(const record::SeqRanges& numbers) {
    const record::SeqRanges waiting = numbers.without(settled_);
    set(RowState::Quarantined).merge(waiting);
    settled_.merge(waiting);
}

void Standing::wait(const record::SeqRanges& numbers) {
    const record::SeqRanges here = numbers.without(of(RowState::Dropped));
    set(RowState::Received) = of(RowState::Received).without(here);
    set(RowState::Quarantined) = of(RowState::Quarantined).without(here);
    settled_ = settled_.without(here);
}

void Standing::drop(const record::SeqRanges& numbers) {
    set(RowState::Received) = of(RowState::Received).without(numbers);
    set(RowState::Dropped).merge(numbers);
}

}  // namespace tapport::store
