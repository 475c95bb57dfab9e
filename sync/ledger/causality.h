// SPDX-License-Identifier: GPL-3.0-or-later
// What one subject's events knew of each other when they were made: by their causes, or through
// those of events that are held. The only order there is: kiosks have no battery-backed clock.
// Every question is one walk over the events, however many are asked about. Pure.
#pragma once

#include "sync/ledger/history.h"

#include <optional>

namespace tapport::ledger {

class Causality {
  public:
    /// Events by their place in ascending order of id; ids that are only named have places too.
    using Place = std::uint32_t;
    /// One mark a place.
    using Marks = std::vector<bool>;

    /// `history` must outlive it.
    explicit Causality(const History& history);

    /// Places of the events that are held, ascending.
    [[nodiscard]] const std::vector<Place>& held() const { return held_; }
    /// Places that are only named, ascending.
    [[nodiscard]] const std::vector<Place>& missing() const { return missing_; }
    /// Null for one that is missing.
    [[nodiscard]] const Recorded* at(Place place) const { return events_[place]; }
    [[nodiscard]] const record::RecordId& idAt(Place place) const { return ids_[place]; }
    /// Nothing when no event has or names it.
    [[nodiscard]] std::optional<Place> find(const record::RecordId& id) const;

    /// All that at least one of `places` was made knowing. One of them is marked only if another
    /// one knew it, or if its causes run in a circle: no honest kiosk makes such.
    [[nodiscard]] Marks knownBy(const std::vector<Place>& places) const;
    /// `later` was made knowing `earlier`. One walk each: for many questions take the marks.
    [[nodiscard]] bool knew(const record::RecordId& later, const record::RecordId& earlier) const;
    /// All that were made knowing `place`.
    [[nodiscard]] Marks knowing(Place place) const;

  private:
    /// For each place the places next to it, one after the other.
    struct Edges {
        std::vector<std::uint32_t> begin;
        std::vector<Place> to;
    };
    [[nodiscard]] Marks walk(const std::vector<Place>& from, const Edges& edges) const;

    std::vector<record::RecordId> ids_;
    std::vector<const Recorded*> events_;
    std::vector<Place> held_;
    std::vector<Place> missing_;
    Edges causes_;
    Edges effects_;
};

}  // namespace tapport::ledger
