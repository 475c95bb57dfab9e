// SPDX-License-Identifier: GPL-3.0-or-later
// A unit as plain JSON with speaking keys, as most people would send it: what compact, sealed and
// signed records are compared with. Nothing in the product reads or writes it.
#pragma once

#include "sync/record/unit.h"

#include <string>

namespace tapport::bench {

/// Without white space.
[[nodiscard]] std::string plainJson(const record::PositionedUnit& unit);

}  // namespace tapport::bench
