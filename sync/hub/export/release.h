// SPDX-License-Identifier: GPL-3.0-or-later
// From what the store holds to what the ledger releases, and from that to a file. Knows nothing of
// eligibility: it takes ReleasableLeads, and only the ledger makes them.
#pragma once

#include "sync/hub/store/store.h"
#include "sync/ledger/consent_ledger.h"

namespace tapport::hub {

struct LeadPage {
    std::vector<ledger::ReleasableLead> leads;  ///< those of one subject stand together
    std::optional<record::SubjectId> next;      ///< where the next page begins; none at the end
};

/// Leads of the subjects above `after`: all of each subject, and no further subject once there are
/// `most`.
[[nodiscard]] Result<LeadPage> releaseLeads(Store& store, const event::Event& event,
                                            const std::optional<record::SubjectId>& after,
                                            std::size_t most, const record::TrustedNow& now);

/// All of them as CSV (lead_csv.h), seen in one state of the database: a withdrawal that was filed
/// before counts, none can come in between. Open what waits first.
[[nodiscard]] Result<std::string> exportLeads(Store& store, const event::Event& event,
                                              const record::TrustedNow& now);

}  // namespace tapport::hub
