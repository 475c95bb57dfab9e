// SPDX-License-Identifier: GPL-3.0-or-later
// From what the store holds to what the ledger releases. Knows nothing of eligibility: it takes
// ReleasableLeads, and only the ledger makes them.
#pragma once

#include "sync/hub/store/store.h"
#include "sync/ledger/consent_ledger.h"

namespace tapport::hub {

/// A lead with the unit that brought its yes.
struct ProvenLead {
    ledger::ReleasableLead lead;
    Origin origin;
    std::set<record::RecordId> unconfirmed{};  ///< Dossier::unconfirmed
    /// What there is to say of the signature on one of its conversations.
    [[nodiscard]] std::optional<ProofState> doubtOf(const record::Conversation& talk) const {
        return unconfirmed.count(talk.id) == 0 ? std::nullopt
                                               : std::optional(ProofState::Unconfirmed);
    }
};

/// What the ledger makes of one subject.
struct Judgement {
    std::vector<ProvenLead> leads;
    std::vector<ledger::Reconfirmation> reconfirm;
};

/// A dossier as the ledger takes it, with what is known of each signature.
[[nodiscard]] ledger::ConsentLedger ledgerOf(const Dossier& dossier, const event::Event& event,
                                             const ledger::Suppressions& suppressions);
[[nodiscard]] Judgement judge(const Dossier& dossier, const event::Event& event,
                              const ledger::Suppressions& suppressions,
                              const record::TrustedNow& now);

struct LeadPage {
    std::vector<ProvenLead> leads;          ///< those of one subject stand together
    std::optional<record::SubjectId> next;  ///< where the next page begins; none at the end
};
/// Leads of the subjects above `after`: all of each subject, and no further subject once there are
/// `most`.
[[nodiscard]] Result<LeadPage> releaseLeads(Store& store, const event::Event& event,
                                            const std::optional<record::SubjectId>& after,
                                            std::size_t most, const record::TrustedNow& now);

/// A yes that must be asked for again before it counts.
struct Unsettled {
    record::SubjectId subject;
    ledger::Reconfirmation what;
};
struct UnsettledPage {
    std::vector<Unsettled> unsettled;
    std::optional<record::SubjectId> next;
};
/// As releaseLeads().
[[nodiscard]] Result<UnsettledPage> findUnsettled(Store& store, const event::Event& event,
                                                  const std::optional<record::SubjectId>& after,
                                                  std::size_t most, const record::TrustedNow& now);

/// Counts what findUnsettled() lists, and looks again only at who changed since it looked last.
class UnsettledCount {
  public:
    UnsettledCount(Store& store, const event::Event& event) : store_(store), event_(event) {}
    [[nodiscard]] Result<std::uint64_t> at(const record::TrustedNow& now);

  private:
    [[nodiscard]] Result<> countAll(const record::TrustedNow& now);
    void count(const Dossier& dossier, const record::TrustedNow& now);

    Store& store_;
    const event::Event& event_;
    std::optional<std::uint64_t> version_;
    std::map<record::SubjectId, std::uint64_t> bySubject_;  ///< without zeros
};

}  // namespace tapport::hub
