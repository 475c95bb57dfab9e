// SPDX-License-Identifier: GPL-3.0-or-later
// What one subject's consent events mean together. Deny wins: a yes counts only if it was made
// knowing every no and withdrawal that is known here, and nothing later undid it. Unknown means no.
// Pure; not thread-safe.
#pragma once

#include "sync/ledger/releasable_lead.h"

#include <optional>

namespace tapport::ledger {

/// One purpose on one channel.
struct Scope {
    record::PurposeId purpose;
    record::Channel channel = record::Channel::Email;
    auto operator<=>(const Scope&) const = default;
};

enum class Standing : std::uint8_t {
    Unknown,    ///< nothing is recorded
    Given,      ///< a live yes
    Renewed,    ///< a live yes that follows an earlier one
    Withheld,   ///< a yes and a no that did not know each other, or contested events: ask again
    Expired,    ///< the yes ran out, or the event's notice changed since
    Refused,    ///< answered no
    Withdrawn,  ///< undone by the person
    Objected,   ///< GDPR Art. 21: every purpose and channel
    Erased,     ///< GDPR Art. 17: every purpose and channel
};
[[nodiscard]] std::string_view nameOf(Standing standing);

struct Decision {
    Standing standing = Standing::Unknown;
    /// What decided it: the yes, or the no that reaches furthest. None for Unknown and contested
    /// events.
    std::optional<Recorded> by;
};

class ConsentLedger {
  public:
    /// `event` gives the notices in force and must outlive the ledger.
    explicit ConsentLedger(const event::Event& event) : event_(event) {}

    /// In any order, any number of times; from any number of kiosks. All of one subject.
    void add(const Recorded& recorded) { history_.add(recorded); }
    void merge(const History& history) { history_.merge(history); }
    [[nodiscard]] const History& history() const { return history_; }

    [[nodiscard]] Decision decide(const Scope& scope, record::WallTime now) const;
    /// Given or Renewed, for exactly this purpose and channel, now.
    [[nodiscard]] bool isEligible(const Scope& scope, record::WallTime now) const;
    /// Nothing unless isEligible().
    [[nodiscard]] std::optional<ReleasableLead> release(const Scope& scope, const Person& person,
                                                        record::WallTime now) const;
    /// All that may be released of this person, in the order of the event's asks.
    [[nodiscard]] std::vector<ReleasableLead> releaseAll(const Person& person,
                                                         record::WallTime now) const;

  private:
    [[nodiscard]] bool isCovered(const record::ConsentEvent& yes) const;

    const event::Event& event_;
    History history_;
};

}  // namespace tapport::ledger
