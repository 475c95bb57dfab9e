// SPDX-License-Identifier: GPL-3.0-or-later
// One subject's consent events as what happened before what. Order is by causes alone: kiosks have
// no battery-backed clock, so wall time decides nothing here. Pure.
#pragma once

#include "sync/record/consent_event.h"

#include <map>
#include <set>

namespace tapport::ledger {

/// A consent event with the kiosk that recorded it.
struct Recorded {
    record::ConsentEvent event;
    record::KioskId kiosk;
    bool operator==(const Recorded&) const = default;
};

/// A set: the same events in any order, any number of times, make the same history.
class History {
  public:
    void add(const Recorded& recorded);
    void merge(const History& other);

    /// Two different contents claim one id: nobody can say what this person answered.
    [[nodiscard]] bool isContested() const { return !contested_.empty(); }
    [[nodiscard]] const std::map<record::RecordId, Recorded>& events() const { return events_; }
    /// `later` was made knowing `earlier`, by its own causes or through those of events held here.
    [[nodiscard]] bool knew(const record::RecordId& later, const record::RecordId& earlier) const;

    bool operator==(const History&) const = default;

  private:
    std::map<record::RecordId, Recorded> events_;
    std::set<record::RecordId> contested_;
};

}  // namespace tapport::ledger
