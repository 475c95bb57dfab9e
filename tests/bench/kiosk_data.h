// SPDX-License-Identifier: GPL-3.0-or-later
// What a kiosk writes for one attendee who says yes to everything: for the benchmarks.
#pragma once

#include "firmware-app/store/kiosk_store.h"
#include "sync/event/event.h"
#include "sync/seal/seal.h"

namespace tapport::bench {

struct VisitToKeep {
    std::vector<record::Unit> units;
    store::EntryToKeep entry;
};

[[nodiscard]] std::string badgeToken(std::uint32_t number);
[[nodiscard]] VisitToKeep sampleVisit(const event::Event& event, std::uint32_t number);

}  // namespace tapport::bench
