// SPDX-License-Identifier: GPL-3.0-or-later
// How large a running process is, as the kernel says: for tests that nothing adds up.
#pragma once

#include <cstddef>

#include <sys/types.h>

namespace tapport::support {

struct ProcessSize {
    std::size_t kibibytes = 0;      ///< resident now
    std::size_t mostKibibytes = 0;  ///< resident at most so far
    std::size_t threads = 0;
};
/// All 0 when it is gone.
[[nodiscard]] ProcessSize sizeOf(pid_t process);

}  // namespace tapport::support
