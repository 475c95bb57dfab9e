// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/answers.h"

#include <fmt/core.h>

namespace tapport::hub {
namespace {

std::uint64_t opened(const Counts& counts, record::UnitKind kind) {
    const auto found = counts.opened.find(kind);
    return found == counts.opened.end() ? 0 : found->second;
}

/// The names that scripts rely on; README.md.
std::vector<std::pair<std::string, std::uint64_t>> figures(const HubStatus& status) {
    const Counts& counts = status.counts;
    std::uint64_t complete = 0;
    for (const KioskStanding& kiosk : status.kiosks) {
        complete += kiosk.isComplete() ? 1 : 0;
    }
    return {{"records", counts.units},
            {"unopened", counts.waiting},
            {"quarantined", counts.quarantined},
            {"forks", counts.forks},
            {"visits", opened(counts, record::UnitKind::Visit)},
            {"refusals", opened(counts, record::UnitKind::Refusal)},
            {"withdrawals", opened(counts, record::UnitKind::Withdrawal)},
            {"conversations", counts.conversations},
            {"promises", counts.promises},
            {"kiosks", status.kiosks.size()},
            {"kiosks_complete", complete}};
}

// Names and numbers only: nothing in it needs escaping.
std::string asJson(const HubStatus& status) {
    std::string out;
    for (const auto& [name, value] : figures(status)) {
        out += fmt::format("{}\"{}\": {}", out.empty() ? "{" : ", ", name, value);
    }
    return out + "}\n";
}

std::string asText(const HubStatus& status) {
    std::string out;
    for (const auto& [name, value] : figures(status)) {
        out += fmt::format("{:<16} {:>8}\n", name, value);
    }
    for (const KioskStanding& kiosk : status.kiosks) {
        out += fmt::format("kiosk {} {}: {} of {} records here{}\n", kiosk.sequence.kiosk.value,
                           kiosk.sequence.epoch.hex(), kiosk.held.count(), kiosk.announcedLast,
                           kiosk.isComplete() ? ", complete" : "");
    }
    return out;
}

}  // namespace

Result<std::string> answer(Desk& desk, const std::string& request) {
    if (request == kExportCsv) {
        return desk.exportCsv();
    }
    if (request != kStatusText && request != kStatusJson) {
        return fail(Code::InvalidInput, "unknown request");
    }
    const auto status = desk.status();
    if (!status) {
        return tl::unexpected(status.error());
    }
    return request == kStatusJson ? asJson(*status) : asText(*status);
}

}  // namespace tapport::hub
