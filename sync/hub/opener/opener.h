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

/// About 15 ms of one core: ingest waits no longer than that.
inline constexpr std::size_t kUnitsAStep = 200;
/// Opens and files at most `most` of the units that wait, the oldest first; gives how many.
[[nodiscard]] Result<std::size_t> openSome(Store& store, UnitOpener& opener, std::size_t most,
                                           record::WallTime now);
/// Until none waits: before anything is released, a withdrawal must not lie there unread.
[[nodiscard]] Result<> openAll(Store& store, UnitOpener& opener, record::WallTime now);

}  // namespace tapport::hub
