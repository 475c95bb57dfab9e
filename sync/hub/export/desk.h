// SPDX-License-Identifier: GPL-3.0-or-later
// Port: what people ask a hub, whether through its pages, its local socket, or on its files while
// it is down.
#pragma once

#include "sync/hub/export/release.h"

namespace tapport::hub {

struct HubStatus {
    Counts counts;
    std::vector<KioskStanding> kiosks;
};

class Desk {
  public:
    virtual ~Desk() = default;
    [[nodiscard]] virtual Result<HubStatus> status() = 0;
    /// What may be released now; see releaseLeads().
    [[nodiscard]] virtual Result<LeadPage> leads(const std::optional<record::SubjectId>& after,
                                                 std::size_t most) = 0;
    /// All of it as CSV, after everything that arrived was opened.
    [[nodiscard]] virtual Result<std::string> exportCsv() = 0;
    /// Newest first; entries below `before` only.
    [[nodiscard]] virtual Result<std::vector<QuarantineEntry>> quarantine(
        const std::optional<std::int64_t>& before, std::size_t most) = 0;
};

}  // namespace tapport::hub
