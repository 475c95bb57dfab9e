// SPDX-License-Identifier: GPL-3.0-or-later
// The opener's process: it dies, falls silent, and ends over some units each time. What it opens
// goes through the real check of a unit's header.
#pragma once

#include "sync/hub/opener/opener.h"
#include "tests/simulation/clockwork.h"
#include "tests/simulation/mutant.h"
#include "tests/simulation/random.h"

namespace tapport::simulation {

class SimOpener final : public hub::UnitOpener {
  public:
    SimOpener(Clockwork& clock, Random& random, record::EventId event, Mutant mutant)
        : clock_(clock), random_(random), event_(std::move(event)), mutant_(mutant) {}

    /// Over such a unit it ends, whenever it is asked for it.
    static bool isDeadly(const record::RecordId& id) { return id.bytes[13] % 41 == 0; }

    [[nodiscard]] Result<std::vector<hub::Opened>> open(
        std::span<const hub::Waiting> units) override;
    /// As hub::makeProbe(), without a seal.
    [[nodiscard]] static hub::Waiting makeProbe();
    void dieUntil(Instant end) { deadUntil_ = end; }
    /// Until its owner has lost its patience with it, and starts another.
    void freeze() { isFrozen_ = true; }
    /// How long the last answer took.
    [[nodiscard]] Millis took() const { return took_; }

  private:
    [[nodiscard]] Result<std::vector<hub::Opened>> end(Millis after, const char* why);

    Clockwork& clock_;
    Random& random_;
    record::EventId event_;
    Mutant mutant_;
    Instant deadUntil_{};
    bool isFrozen_ = false;
    Millis took_{0};
};

}  // namespace tapport::simulation
