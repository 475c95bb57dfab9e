// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/export/release.h"

#include "sync/hub/export/lead_csv.h"

#include <iterator>

namespace tapport::hub {
namespace {

constexpr std::size_t kSubjectsARead = 200;

std::vector<ledger::ReleasableLead> leadsOf(const Dossier& dossier, const event::Event& event,
                                            const record::TrustedNow& now) {
    const ledger::Suppressions nobody{ledger::SuppressionKey{}};
    ledger::ConsentLedger ledger(event, nobody,
                                 {dossier.subject, dossier.contact, dossier.conversations});
    for (const KeptConsent& consent : dossier.consents) {
        ledger.add({consent.event, consent.origin.position.kiosk});
    }
    return ledger.releaseAll(now);
}

}  // namespace

Result<LeadPage> releaseLeads(Store& store, const event::Event& event,
                              const std::optional<record::SubjectId>& after, std::size_t most,
                              const record::TrustedNow& now) {
    LeadPage page;
    page.next = after;
    for (;;) {
        const auto dossiers = store.dossiers(page.next, kSubjectsARead);
        if (!dossiers) {
            return tl::unexpected(dossiers.error());
        }
        for (const Dossier& dossier : *dossiers) {
            if (page.leads.size() >= most) {
                return page;
            }
            auto leads = leadsOf(dossier, event, now);
            std::move(leads.begin(), leads.end(), std::back_inserter(page.leads));
            page.next = dossier.subject;
        }
        if (dossiers->size() < kSubjectsARead) {
            page.next.reset();
            return page;
        }
    }
}

Result<std::string> exportLeads(Store& store, const event::Event& event,
                                const record::TrustedNow& now) {
    LeadCsv csv(event);
    const auto read = store.inTransaction([&]() -> Result<> {
        std::optional<record::SubjectId> after;
        do {
            const auto page = releaseLeads(store, event, after, kSubjectsARead, now);
            if (!page) {
                return tl::unexpected(page.error());
            }
            for (const ledger::ReleasableLead& lead : page->leads) {
                csv.add(lead);
            }
            after = page->next;
        } while (after);
        return {};
    });
    if (!read) {
        return tl::unexpected(read.error());
    }
    return csv.take();
}

}  // namespace tapport::hub
