// SPDX-License-Identifier: GPL-3.0-or-later
// tapport-bench: the main job's stages, measured on real parts. packaging/dev/bench.sh builds
// it for release and runs it.
#include "sync/seal/seal.h"
#include "tests/bench/figures.h"

#include <cstdio>
#include <exception>

#include <fmt/format.h>

int main() {
    if (!tapport::seal::initialise()) {
        return 1;
    }
    try {
        tapport::bench::measureTap();
        tapport::bench::measureLookUp();
        tapport::bench::measureCommit();
        tapport::bench::measureReceipt();
    } catch (const std::exception& failure) {
        fmt::print(stderr, "tapport-bench: {}\n", failure.what());
        return 1;
    }
    return 0;
}
