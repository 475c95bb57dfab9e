// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a person may be contacted, from what really happened: who knew what when they acted, and
// what the time truly was. It reads no causes, no stamps and nothing of sync/ledger.
#pragma once

#include "tests/sync/ledger/world.h"

namespace tapport::ledger::world {

enum class Verdict : std::uint8_t {
    No,       ///< to release is a leak
    Unclear,  ///< a clock was wrong, or something is still on its way: no is right, yes may be
    Yes,      ///< everything has arrived, every clock that matters was right: not to is a loss
};

[[nodiscard]] Verdict mayRelease(const World& world, std::size_t badge, const Scope& scope);

}  // namespace tapport::ledger::world
