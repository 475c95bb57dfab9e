// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/causality.h"

namespace tapport::ledger {

Causality::Causality(const History& history) {
    for (const auto& [id, recorded] : history.events()) {
        ids_.push_back(id);
        ids_.insert(ids_.end(), recorded.event.causes.begin(), recorded.event.causes.end());
    }
    std::sort(ids_.begin(), ids_.end());
    ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());

    events_.assign(ids_.size(), nullptr);
    causes_.begin.assign(ids_.size() + 1, 0);
    effects_.begin.assign(ids_.size() + 1, 0);
    Place place = 0;
    for (const auto& [id, recorded] : history.events()) {
        while (ids_[place] != id) {
            missing_.push_back(place);
            causes_.begin[++place] = static_cast<std::uint32_t>(causes_.to.size());
        }
        events_[place] = &recorded;
        held_.push_back(place);
        for (const record::RecordId& cause : recorded.event.causes) {
            const Place known = *find(cause);
            causes_.to.push_back(known);
            ++effects_.begin[known + 1];
        }
        causes_.begin[++place] = static_cast<std::uint32_t>(causes_.to.size());
    }
    while (place < ids_.size()) {
        missing_.push_back(place);
        causes_.begin[++place] = static_cast<std::uint32_t>(causes_.to.size());
    }

    for (std::size_t i = 1; i < effects_.begin.size(); ++i) {
        effects_.begin[i] += effects_.begin[i - 1];
    }
    effects_.to.resize(causes_.to.size());
    std::vector<std::uint32_t> next = effects_.begin;
    for (const Place later : held_) {
        for (std::uint32_t i = causes_.begin[later]; i < causes_.begin[later + 1]; ++i) {
            effects_.to[next[causes_.to[i]]++] = later;
        }
    }
}

std::optional<Causality::Place> Causality::find(const record::RecordId& id) const {
    const auto found = std::lower_bound(ids_.begin(), ids_.end(), id);
    if (found == ids_.end() || *found != id) {
        return std::nullopt;
    }
    return static_cast<Place>(found - ids_.begin());
}

Causality::Marks Causality::knownBy(const std::vector<Place>& places) const {
    return walk(places, causes_);
}

bool Causality::knew(const record::RecordId& later, const record::RecordId& earlier) const {
    const auto from = find(later);
    const auto to = find(earlier);
    return from && to && knownBy({*from})[*to];
}

Causality::Marks Causality::knowing(Place place) const {
    return walk({place}, effects_);
}

Causality::Marks Causality::walk(const std::vector<Place>& from, const Edges& edges) const {
    Marks marks(ids_.size(), false);
    std::vector<Place> open = from;
    while (!open.empty()) {
        const Place place = open.back();
        open.pop_back();
        for (std::uint32_t i = edges.begin[place]; i < edges.begin[place + 1]; ++i) {
            const Place next = edges.to[i];
            if (!marks[next]) {
                marks[next] = true;
                open.push_back(next);
            }
        }
    }
    return marks;
}

}  // namespace tapport::ledger
