// SPDX-License-Identifier: GPL-3.0-or-later
// What the hub holds at one moment, and whether something may still be missing: as long as a kiosk
// has a record that is not here, a withdrawal may be among them. Pure.
#pragma once

#include "sync/hub/store/store.h"

namespace tapport::hub {

/// Where something may be missing.
struct Coverage {
    std::vector<KioskStanding> kiosks;
    std::vector<record::KioskId> expected;  ///< kiosks that have a published key
    std::vector<record::KioskId> revoked;   ///< stolen, say: they deliver nothing any more
    std::uint64_t waiting = 0;
    std::uint64_t quarantined = 0;
};

/// One sentence for each thing that may be missing; none: what the hub says is final, until
/// somebody changes their mind.
[[nodiscard]] std::vector<std::string> whyProvisional(const Coverage& coverage);

}  // namespace tapport::hub
