// SPDX-License-Identifier: GPL-3.0-or-later
// Opens sealed units after they were acknowledged. The port takes and gives plain values and keeps
// no state, so that it can answer from a process of its own, which alone would hold the key.
#pragma once

#include "sync/hub/store/store.h"

#include <filesystem>

namespace tapport::hub {

class UnitOpener {
  public:
    virtual ~UnitOpener() = default;
    /// One answer a unit, in order.
    [[nodiscard]] virtual std::vector<Opened> open(std::span<const Waiting> units) = 0;
};

/// Opens in this process. The header inside a seal must be the one the envelope claimed.
class LocalOpener final : public UnitOpener {
  public:
    LocalOpener(seal::SealingKeys keys, record::EventId event)
        : keys_(std::move(keys)), event_(std::move(event)) {}
    [[nodiscard]] std::vector<Opened> open(std::span<const Waiting> units) override;

  private:
    [[nodiscard]] Opened openOne(const Waiting& waiting) const;
    seal::SealingKeys keys_;
    record::EventId event_;
};

}  // namespace tapport::hub
