// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/export/release.h"

#include "sync/hub/export/dossiers.h"

#include <iterator>

namespace tapport::hub {
namespace {

/// The unit of a consent event; `dossier` has it.
const Origin& originOf(const record::RecordId& consent, const Dossier& dossier) {
    return std::find_if(dossier.consents.begin(), dossier.consents.end(),
                        [&](const KeptConsent& one) { return one.event.id == consent; })
        ->origin;
}

/// A yes counts unless its kiosk is known, and its signature wrong or not to be checked here.
ledger::Credence credenceOf(ProofState proof) {
    return proof == ProofState::NotProven || proof == ProofState::OtherEdition
               ? ledger::Credence::Doubted
               : ledger::Credence::Full;
}

}  // namespace

ledger::ConsentLedger ledgerOf(const Dossier& dossier, const event::Event& event,
                               const ledger::Suppressions& suppressions) {
    ledger::ConsentLedger ledger(event, suppressions,
                                 {dossier.subject, dossier.contacts, dossier.conversations});
    for (const auto& [consent, origin] : dossier.consents) {
        ledger.add({consent, origin.position.kiosk, credenceOf(origin.proof)});
    }
    return ledger;
}

Judgement judge(const Dossier& dossier, const event::Event& event,
                const ledger::Suppressions& suppressions, const record::TrustedNow& now) {
    const ledger::ConsentLedger ledger = ledgerOf(dossier, event, suppressions);
    Judgement judgement;
    for (ledger::ReleasableLead& lead : ledger.releaseAll(now)) {
        const Origin& origin = originOf(lead.consent().id, dossier);
        judgement.leads.push_back({std::move(lead), origin, dossier.unconfirmed});
    }
    judgement.reconfirm = ledger.needsReconfirmation(now);
    return judgement;
}

Result<LeadPage> releaseLeads(Store& store, const event::Event& event,
                              const std::optional<record::SubjectId>& after, std::size_t most,
                              const record::TrustedNow& now) {
    LeadPage page;
    const auto next = eachDossier(
        store, after, [&] { return page.leads.size() >= most; },
        [&](const Dossier& dossier) {
            auto leads = judge(dossier, event, store.suppressions(), now).leads;
            std::move(leads.begin(), leads.end(), std::back_inserter(page.leads));
        });
    if (!next) {
        return tl::unexpected(next.error());
    }
    page.next = *next;
    return page;
}

Result<UnsettledPage> findUnsettled(Store& store, const event::Event& event,
                                    const std::optional<record::SubjectId>& after, std::size_t most,
                                    const record::TrustedNow& now) {
    UnsettledPage page;
    const auto next = eachDossier(
        store, after, [&] { return page.unsettled.size() >= most; },
        [&](const Dossier& dossier) {
            const auto ledger = ledgerOf(dossier, event, store.suppressions());
            for (ledger::Reconfirmation& what : ledger.needsReconfirmation(now)) {
                page.unsettled.push_back({dossier.subject, std::move(what)});
            }
        });
    if (!next) {
        return tl::unexpected(next.error());
    }
    page.next = *next;
    return page;
}

Result<std::uint64_t> UnsettledCount::at(const record::TrustedNow& now) {
    const auto version = store_.stateVersion();
    if (!version) {
        return tl::unexpected(version.error());
    }
    // A mark bears on others than the subject whose word it was.
    const auto hasSuppressed = store_.hasSuppressedSince(version_.value_or(0));
    if (!hasSuppressed) {
        return tl::unexpected(hasSuppressed.error());
    }
    if (!version_ || *hasSuppressed) {
        if (const auto counted = countAll(now); !counted) {
            return tl::unexpected(counted.error());
        }
    } else if (*version_ != *version) {
        const auto changed = store_.changedSince(*version_);
        if (!changed) {
            return tl::unexpected(changed.error());
        }
        for (const record::SubjectId& subject : *changed) {
            const auto dossier = store_.dossier(subject);
            if (!dossier) {
                return tl::unexpected(dossier.error());
            }
            count(*dossier, now);
        }
    }
    version_ = *version;
    std::uint64_t sum = 0;
    for (const auto& [subject, number] : bySubject_) {
        sum += number;
    }
    return sum;
}

Result<> UnsettledCount::countAll(const record::TrustedNow& now) {
    bySubject_.clear();
    const auto all = eachDossier(
        store_, std::nullopt, [] { return false; },
        [&](const Dossier& dossier) { count(dossier, now); });
    return all ? Result<>{} : tl::unexpected(all.error());
}

void UnsettledCount::count(const Dossier& dossier, const record::TrustedNow& now) {
    const auto number =
        ledgerOf(dossier, event_, store_.suppressions()).needsReconfirmation(now).size();
    bySubject_.erase(dossier.subject);
    if (number > 0) {
        bySubject_[dossier.subject] = number;
    }
}

}  // namespace tapport::hub
