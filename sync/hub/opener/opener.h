// SPDX-License-Identifier: GPL-3.0-or-later
// Opens sealed units after they were acknowledged. The port takes and gives plain values and keeps
// no state; in the hub it is answered by a process of its own, which alone holds the key
// (opener_process.h).
#pragma once

#include "sync/hub/store/store.h"

namespace tapport::hub {

/// Any thread.
class UnitOpener {
  public:
    virtual ~UnitOpener() = default;
    /// One answer a unit, in order. Internal: whoever opens ended, or fell silent, over one of
    /// these. Another error: nobody opens at the moment, and nothing was tried.
    [[nodiscard]] virtual Result<std::vector<Opened>> open(std::span<const Waiting> units) = 0;
    /// Brings back what ended, unless it is too soon to try again.
    virtual void keepReady() {}
    /// Why units stay sealed at the moment; nothing when none has to.
    [[nodiscard]] virtual std::optional<std::string> trouble() const { return std::nullopt; }
};

/// What came out of a unit's seal, or that nothing did, for what it is: the header inside must be
/// the one the envelope claimed.
[[nodiscard]] Opened judgeContent(const Waiting& waiting, Result<record::PositionedUnit> content,
                                  const record::EventId& event);

/// Opens in this process.
class LocalOpener final : public UnitOpener {
  public:
    LocalOpener(seal::SealingKeys keys, record::EventId event)
        : keys_(std::move(keys)), event_(std::move(event)) {}
    [[nodiscard]] Result<std::vector<Opened>> open(std::span<const Waiting> units) override;
    [[nodiscard]] const record::EventId& event() const { return event_; }

  private:
    [[nodiscard]] Opened openOne(const Waiting& waiting) const;
    seal::SealingKeys keys_;
    record::EventId event_;
};

}  // namespace tapport::hub
