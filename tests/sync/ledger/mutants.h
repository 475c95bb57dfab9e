// SPDX-License-Identifier: GPL-3.0-or-later
// Wrong rules that other systems live by. Each is the real ledger, shown what arrived through
// glasses: production code knows nothing of them.
#pragma once

#include "tests/sync/ledger/world.h"

namespace tapport::ledger::world {

/// Whether a person is contacted for this scope.
using Rule = bool (*)(const HubView&, const Scope&);

/// The ledger as it is.
[[nodiscard]] bool releases(const HubView& view, const Scope& scope);

struct Mutant {
    const char* name;
    Rule releases;
};
[[nodiscard]] const std::vector<Mutant>& mutants();

}  // namespace tapport::ledger::world
