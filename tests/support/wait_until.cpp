// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/wait_until.h"

#include <poll.h>

namespace tapport::support {

bool waitUntil(const std::function<bool()>& holds, std::chrono::milliseconds patience,
               std::chrono::milliseconds between) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        ::poll(nullptr, 0, static_cast<int>(between.count()));
    }
    return true;
}

}  // namespace tapport::support
