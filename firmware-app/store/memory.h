// SPDX-License-Identifier: GPL-3.0-or-later
// All that this kiosk knows of a badge: what it recorded itself and what the hub told it, as one.
#pragma once

#include "firmware-app/store/downstream_store.h"
#include "firmware-app/store/kiosk_store.h"

namespace tapport::store {

struct Memory {
    std::optional<vault::Entry> entry;  ///< nothing is recorded anywhere, as far as is known here
    std::vector<record::ConsentEvent> beside;  ///< vault::Merged::beside
    std::optional<record::Contact> roster;     ///< as the organiser has it
    std::uint64_t hubState = 0;                ///< downstream version that says so
};

/// On the records' thread. Fails only as KioskStore::lookUp(): without the hub's word it is as if
/// the kiosk had been offline.
[[nodiscard]] Result<Memory> recall(KioskStore& own, DownstreamStore& others,
                                    const record::VaultAccess& access);

}  // namespace tapport::store
