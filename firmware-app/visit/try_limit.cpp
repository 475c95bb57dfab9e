// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/visit/try_limit.h"

#include <algorithm>

namespace tapport::visit {

void TryLimit::look(const record::ClockReading& now) {
    now_ = now.monotonic;
    if (tries_.boot != now.boot) {
        tries_.boot = now.boot;
        tries_.last = now_;
    }
}

record::Millis TryLimit::opensAt() const {
    if (tries_.count <= policy_.free) {
        return tries_.last;
    }
    record::Millis wait = policy_.firstWait;
    for (unsigned i = policy_.free + 1; i < tries_.count && wait < policy_.longestWait; ++i) {
        wait *= 2;
    }
    return tries_.last + std::min(wait, policy_.longestWait);
}

void TryLimit::count() {
    if (policy_.forgivenAfter) {
        const auto forgiven = (now_ - tries_.last) / *policy_.forgivenAfter;
        tries_.count -=
            static_cast<unsigned>(std::min<record::Millis::rep>(forgiven, tries_.count));
    }
    ++tries_.count;
    tries_.last = now_;
}

}  // namespace tapport::visit
