// SPDX-License-Identifier: GPL-3.0-or-later
// Destroys contact and notes that nobody's yes needs any more, as the ledger says: in rounds, a day
// apart. Decides nothing itself, and destroys nothing by a clock that may be wrong. Called on the
// store's thread.
#pragma once

#include "sync/event/event.h"
#include "sync/hub/store/store.h"

namespace tapport::hub {

class Retention {
  public:
    static constexpr std::chrono::hours kBetweenRounds{24};

    /// Both must outlive it. The first round is due.
    Retention(Store& store, const event::Event& event) : store_(store), event_(event) {}

    /// A bounded piece of the round that is due, or nothing. True when more of it is left. The end
    /// of a round that destroyed something is logged, with the number of people.
    [[nodiscard]] Result<bool> step(const record::ClockReading& clock);
    /// A round is due now, from the beginning.
    void beDue();

  private:
    Store& store_;
    const event::Event& event_;
    std::optional<record::Millis> begunAt_;  ///< of the last round, monotonic
    bool isRunning_ = false;
    std::optional<record::SubjectId> after_;
    std::uint64_t forgotten_ = 0;
};

}  // namespace tapport::hub
