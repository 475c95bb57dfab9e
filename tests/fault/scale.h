// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a fault test runs: a sample of it with every run of the tests, all of it with
// packaging/dev/faults.sh --all.
#pragma once

#include <cstdlib>
#include <string_view>

namespace tapport::fault {

[[nodiscard]] inline bool runsAll() {
    const char* const which = std::getenv("TAPPORT_FAULTS");
    return which != nullptr && std::string_view(which) == "all";
}

[[nodiscard]] inline int scaled(int sample, int all) {
    return runsAll() ? all : sample;
}

}  // namespace tapport::fault
