// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/hub_desk.h"

namespace tapport::hub {

Result<HubStatus> HubDesk::status() {
    return onStore([this]() -> Result<HubStatus> {
        auto counts = store_.counts();
        if (!counts) {
            return tl::unexpected(counts.error());
        }
        auto kiosks = store_.kiosks();
        if (!kiosks) {
            return tl::unexpected(kiosks.error());
        }
        return HubStatus{std::move(*counts), std::move(*kiosks)};
    });
}

Result<LeadPage> HubDesk::leads(const std::optional<record::SubjectId>& after, std::size_t most) {
    return onStore([&] { return releaseLeads(store_, event_, after, most, now_()); });
}

Result<std::string> HubDesk::exportCsv() {
    return onStore([&]() -> Result<std::string> {
        // A withdrawal that was acknowledged but lies there sealed must not be overtaken.
        if (const auto opened = openAll(store_, opener_, now_().reading()); !opened) {
            return tl::unexpected(opened.error());
        }
        return exportLeads(store_, event_, now_());
    });
}

Result<std::vector<QuarantineEntry>> HubDesk::quarantine(const std::optional<std::int64_t>& before,
                                                         std::size_t most) {
    return onStore([&] { return store_.quarantine(before, most); });
}

}  // namespace tapport::hub
