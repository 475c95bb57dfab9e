// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/export/completeness.h"

#include <fmt/core.h>

namespace tapport::hub {

std::vector<std::string> whyProvisional(const Coverage& coverage) {
    std::vector<std::string> reasons;
    for (const KioskStanding& kiosk : coverage.kiosks) {
        const std::uint64_t missing = kiosk.holes().count();
        if (missing > 0) {
            reasons.push_back(fmt::format("kiosk {} ({}): {} of {} records are not here",
                                          kiosk.sequence.kiosk.value, kiosk.sequence.epoch.hex(),
                                          missing, kiosk.announcedLast));
        }
    }
    for (const record::KioskId& expected : coverage.expected) {
        const bool hasReported = std::any_of(
            coverage.kiosks.begin(), coverage.kiosks.end(),
            [&](const KioskStanding& kiosk) { return kiosk.sequence.kiosk == expected; });
        if (!hasReported) {
            reasons.push_back(fmt::format("kiosk {} has not reported", expected.value));
        }
    }
    for (const record::KioskId& revoked : coverage.revoked) {
        // Its last word may be older than its last record, and it can say nothing any more.
        reasons.push_back(fmt::format(
            "kiosk {} is revoked: what it recorded and had not sent by then is not known",
            revoked.value));
    }
    if (coverage.kiosks.empty() && coverage.expected.empty() && coverage.revoked.empty()) {
        reasons.emplace_back("no kiosk has reported");
    }
    if (coverage.waiting > 0) {
        reasons.push_back(fmt::format("{} records are not opened", coverage.waiting));
    }
    if (coverage.quarantined > 0) {
        reasons.push_back(fmt::format("{} payloads are in quarantine", coverage.quarantined));
    }
    return reasons;
}

}  // namespace tapport::hub
