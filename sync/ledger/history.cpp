// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/history.h"

namespace tapport::ledger {

void History::add(Recorded recorded) {
    const record::RecordId id = recorded.event.id;
    if (contested_.count(id) == 1) {
        return;
    }
    // try_emplace leaves `recorded` alone when the id is taken.
    const auto [held, isNew] = events_.try_emplace(id, std::move(recorded));
    if (!isNew && held->second != recorded) {
        // Neither is kept: which one came first must not matter.
        events_.erase(held);
        contested_.insert(id);
    }
}

void History::merge(const History& other) {
    for (const auto& id : other.contested_) {
        events_.erase(id);
        contested_.insert(id);
    }
    for (const auto& [id, recorded] : other.events_) {
        add(recorded);
    }
}

}  // namespace tapport::ledger
