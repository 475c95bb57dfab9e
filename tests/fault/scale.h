// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a fault test runs: a sample of it with every run of the tests, all of it with
// packaging/dev/faults.sh --all.
#pragma once

namespace tapport::fault {

[[nodiscard]] constexpr bool runsAll() {
#ifdef TAPPORT_FULL_LENGTH
    return true;
#else
    return false;
#endif
}

[[nodiscard]] constexpr int scaled(int sample, int all) {
    return runsAll() ? all : sample;
}

}  // namespace tapport::fault
