// SPDX-License-Identifier: GPL-3.0-or-later
// Two memories of one badge as one: what was recorded here, and what the hub says of other kiosks.
// By the ledger's rules: what an event names it has superseded, a no stands against every yes that
// does not name it, and no clock is asked. Pure.
#pragma once

#include "sync/vault/entry.h"

namespace tapport::vault {

struct Merged {
    Entry entry;  ///< one decision a purpose and channel, and a last word on all of them
    /// Decisions that stand beside those, of which none knew the other: what is decided next must
    /// name them too.
    std::vector<record::ConsentEvent> beside;
    bool operator==(const Merged&) const = default;
};

/// Both are of the same badge.
[[nodiscard]] Merged merge(const Entry& own, const Entry& others);

}  // namespace tapport::vault
