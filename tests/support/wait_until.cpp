// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/wait_until.h"

#include <poll.h>

namespace tapport::support {

bool waitUntil(const std::function<bool()>& holds, std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        constexpr int kBetweenLooksMs = 5;
        ::poll(nullptr, 0, kBetweenLooksMs);
    }
    return true;
}

}  // namespace tapport::support
