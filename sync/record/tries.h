// SPDX-License-Identifier: GPL-3.0-or-later
// How often a secret was guessed and when last, on the boot clock: what has to outlive the program,
// so that pulling the plug buys nobody another guess. Holds nothing of what was guessed.
#pragma once

#include "sync/record/time.h"

namespace tapport::record {

struct Tries {
    unsigned count = 0;  ///< not forgiven yet
    BootId boot;         ///< that of `last`
    Millis last{};       ///< the latest try, on that boot's monotonic clock
    bool operator==(const Tries&) const = default;
};

}  // namespace tapport::record
