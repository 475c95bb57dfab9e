// SPDX-License-Identifier: GPL-3.0-or-later
// Invented units, the same at every call: what dictionary 3 is made from. Nothing in them was ever
// said by anybody; addresses are at example.com. A unit of another schema needs another
// dictionary, made from other samples: these stay as they are.
#pragma once

#include "sync/record/unit.h"

#include <vector>

namespace tapport::seal {

/// One of each kind, the commonest last. What differs from unit to unit is zeros: ids, keys,
/// hashes, readings of a clock.
[[nodiscard]] std::vector<record::PositionedUnit> patternUnits();

/// A show's worth of units, with ids and hashes in them.
[[nodiscard]] std::vector<record::PositionedUnit> sampleUnits();

}  // namespace tapport::seal
