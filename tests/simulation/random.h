// SPDX-License-Identifier: GPL-3.0-or-later
// Every choice of a world comes from here: the same seed gives the same world, on every machine.
#pragma once

#include "sync/record/time.h"

#include <random>

namespace tapport::simulation {

class Random {
  public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    /// In [0, 1). Not a standard distribution: those may differ between libraries.
    double unit() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }
    bool happens(double chance) { return unit() < chance; }
    /// Both ends included.
    std::uint64_t between(std::uint64_t least, std::uint64_t most) {
        return least + engine_() % (most - least + 1);
    }
    record::Millis millis(std::uint64_t least, std::uint64_t most) {
        return record::Millis(between(least, most));
    }
    template <typename Id>
    Id id() {
        Id id;
        for (std::uint8_t& byte : id.bytes) {
            byte = static_cast<std::uint8_t>(engine_());
        }
        return id;
    }

  private:
    std::mt19937_64 engine_;
};

}  // namespace tapport::simulation
