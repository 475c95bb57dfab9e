// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/history.h"

namespace tapport::ledger {

void History::add(const Recorded& recorded) {
    const auto& id = recorded.event.id;
    if (contested_.count(id) == 1) {
        return;
    }
    const auto [held, isNew] = events_.emplace(id, recorded);
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

bool History::knew(const record::RecordId& later, const record::RecordId& earlier) const {
    std::set<record::RecordId> seen;
    std::vector<record::RecordId> open{later};
    while (!open.empty()) {
        const auto held = events_.find(open.back());
        open.pop_back();
        if (held == events_.end()) {
            continue;
        }
        for (const record::RecordId& cause : held->second.event.causes) {
            if (cause == earlier) {
                return true;
            }
            if (seen.insert(cause).second) {
                open.push_back(cause);
            }
        }
    }
    return false;
}

}  // namespace tapport::ledger
