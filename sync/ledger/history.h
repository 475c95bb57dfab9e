// SPDX-License-Identifier: GPL-3.0-or-later
// One subject's consent events as a set: order of arrival, repetition and the way through several
// kiosks do not matter. What they mean is not decided here. Pure.
#pragma once

#include "sync/record/consent_event.h"

#include <map>
#include <set>

namespace tapport::ledger {

/// Whether a yes may be believed. A no is, whoever it came from.
enum class Credence : std::uint8_t {
    Full,
    Doubted,  ///< nobody could show yet that its kiosk recorded it: it neither counts nor is lost
};

/// A consent event with the kiosk that recorded it.
struct Recorded {
    record::ConsentEvent event;
    record::KioskId kiosk;
    Credence credence = Credence::Full;
    bool operator==(const Recorded&) const = default;
};

class History {
  public:
    void add(Recorded recorded);
    void merge(const History& other);

    /// Two different contents claim one id: nobody can say what this person answered.
    [[nodiscard]] bool isContested() const { return !contested_.empty(); }
    [[nodiscard]] const std::map<record::RecordId, Recorded>& events() const { return events_; }

    bool operator==(const History&) const = default;

  private:
    std::map<record::RecordId, Recorded> events_;
    std::set<record::RecordId> contested_;
};

}  // namespace tapport::ledger
