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
        UnseenNo,      ///< it did not know of a no, or of something that has not arrived yet
        Suppressed,    ///< its address is that of somebody who objected or asked for erasure
        Contested,     ///< two contents under one id
        OtherEdition,  ///< asked in words that this event file does not have
        Unproven,      ///< Credence::Doubted
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
    /// All that may be released: what is Given or Renewed, in the order of the event's asks.
    [[nodiscard]] std::vector<ReleasableLead> releaseAll(const record::TrustedNow& now) const;
    /// In the order of the event's asks, then what this event file does not ask.
    [[nodiscard]] std::vector<Reconfirmation> needsReconfirmation(
        const record::TrustedNow& now) const;
    /// Contact and notes must be destroyed, and none taken in: nothing that was agreed to needs
    /// them any more, nor waits for a confirmation or re-confirmation. Of what ends by time only
    /// once that is certain; never because of a notice that changed or a yes that is in doubt. True
    /// as well for a person who never said yes.
    [[nodiscard]] bool mustForget(const record::TrustedNow& now) const;

  private:
    using Places = std::vector<Causality::Place>;
    struct Weighed;
    struct Basis;
    [[nodiscard]] Weighed weigh(const Scope& scope, const Causality& causality) const;
    [[nodiscard]] Decision decide(const Scope& scope, const Basis& basis) const;
    /// Those the event asks, then any other to which somebody said yes.
    [[nodiscard]] std::vector<Scope> scopes() const;
    /// Asked in words of this event file, by a kiosk that can be believed.
    [[nodiscard]] bool isBeyondDoubt(const Recorded& yes) const;
    /// At least one of them would, but for the nos and for doubt.
    [[nodiscard]] bool mayStillCount(const Places& yeses, const Basis& basis) const;
    /// A live yes by itself: Expired, Pending, Deferred or Given.
    [[nodiscard]] Decision judge(const Recorded& yes, const record::TrustedNow& now) const;
    /// What the live yeses should have named besides: endings of somebody with the same address.
    [[nodiscard]] std::vector<record::RecordId> suppressorsOf(const Scope& scope,
                                                              const Weighed& weighed,
                                                              const Basis& basis) const;
    [[nodiscard]] std::optional<Reconfirmation::Reason> whyAskAgain(
        const Weighed& weighed, const std::vector<record::RecordId>& suppressors,
        const Basis& basis) const;

    const event::Event& event_;
    const Suppressions& suppressions_;
    Person person_;
    History history_;
};

}  // namespace tapport::ledger
