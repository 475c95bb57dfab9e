// SPDX-License-Identifier: GPL-3.0-or-later
// What one subject's consent events mean together. Deny wins: a yes counts only if it was made
// knowing every no that is known here, and nothing later undid it. Unknown means no. The only
// maker of a ReleasableLead. Pure; not thread-safe.
#pragma once

#include "sync/ledger/causality.h"
#include "sync/ledger/releasable_lead.h"
#include "sync/ledger/standing.h"
#include "sync/ledger/suppression.h"

namespace tapport::ledger {

/// A yes that may not be used, and may be asked for again when the person comes by.
struct Reconfirmation {
    enum class Reason : std::uint8_t {
        UnseenNo,    ///< it did not know of a no, or of something that has not arrived yet
        Suppressed,  ///< its address is that of somebody who objected or asked for erasure
        Contested,   ///< two contents under one id
    };
    Scope scope;
    Reason reason = Reason::UnseenNo;
    /// What a fresh yes must name; empty when contested, which no answer mends.
    std::vector<record::RecordId> toName;
};
[[nodiscard]] std::string_view nameOf(Reconfirmation::Reason reason);

class ConsentLedger {
  public:
    /// `event` gives the notices in force and the profile, `suppressions` whose contact must not be
    /// used; both must outlive the ledger. `person`: what is held besides the events.
    ConsentLedger(const event::Event& event, const Suppressions& suppressions, Person person)
        : event_(event), suppressions_(suppressions), person_(std::move(person)) {}

    /// In any order, any number of times; from any number of kiosks. All of this person.
    void add(Recorded recorded) { history_.add(std::move(recorded)); }
    void merge(const History& history) { history_.merge(history); }
    [[nodiscard]] const History& history() const { return history_; }

    [[nodiscard]] Decision decide(const Scope& scope, const record::TrustedNow& now) const;
    /// Given or Renewed, for exactly this purpose and channel, now.
    [[nodiscard]] bool isEligible(const Scope& scope, const record::TrustedNow& now) const;
    /// Nothing unless isEligible().
    [[nodiscard]] std::optional<ReleasableLead> release(const Scope& scope,
                                                        const record::TrustedNow& now) const;
    /// All that may be released, in the order of the event's asks.
    [[nodiscard]] std::vector<ReleasableLead> releaseAll(const record::TrustedNow& now) const;
    /// In the order of the event's asks.
    [[nodiscard]] std::vector<Reconfirmation> needsReconfirmation(
        const record::TrustedNow& now) const;
    /// Contact and notes must be destroyed, and none taken in: nothing that was agreed to needs
    /// them any more, nor waits for a confirmation or re-confirmation. Of what ends by time only
    /// once that is certain. True as well for a person who never said yes.
    [[nodiscard]] bool mustForget(const record::TrustedNow& now) const;

  private:
    struct Weighed;
    [[nodiscard]] Weighed weigh(const Scope& scope, const Causality& causality) const;
    [[nodiscard]] Decision decide(const Scope& scope, const record::TrustedNow& now,
                                  const Causality& causality) const;
    /// At least one of them would, but for the nos.
    [[nodiscard]] bool mayStillCount(const std::vector<Causality::Place>& yeses,
                                     const record::TrustedNow& now,
                                     const Causality& causality) const;
    /// A live yes by itself: Expired, Pending, Deferred or Given.
    [[nodiscard]] Decision judge(const Recorded& yes, const record::TrustedNow& now) const;
    [[nodiscard]] std::optional<ReleasableLead> release(const event::Ask& ask,
                                                        const Decision& decision) const;

    const event::Event& event_;
    const Suppressions& suppressions_;
    Person person_;
    History history_;
};

}  // namespace tapport::ledger
