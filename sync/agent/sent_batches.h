// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows went in which batch. An acknowledgement names batches: what is not named here was sent
// by another copy of this card, or before this process was started, and says nothing about these
// rows. Outlives connections; bounded: the oldest is forgotten first. Pure. Private to the pump.
#pragma once

#include "sync/agent/flights.h"
#include "sync/wire/messages.h"

#include <deque>

namespace tapport::agent {

class SentBatches {
  public:
    /// More than are ever on their way: a window of batches of one small record.
    static constexpr std::size_t kMost = 4096;

    struct Batch {
        record::Epoch epoch;
        std::uint64_t base = 0;  ///< of the epoch: a row's number less its seq
        record::SeqRanges numbers;
        Instant sentAt;
    };
    /// What is known of a batch's rows now; a row is in one of the two.
    struct Outcome {
        record::SeqRanges received;
        record::SeqRanges quarantined;
        Instant sentAt;
    };

    void add(const wire::BatchName& name, Batch batch);
    /// Forgets the batch: it has been answered. Nothing when it is none of these.
    [[nodiscard]] std::optional<Outcome> settle(const record::Epoch& epoch,
                                                const wire::Answered& answer);

  private:
    std::map<wire::BatchName, Batch> batches_;
    std::deque<wire::BatchName> order_;  ///< as they were sent, answered ones included
};

}  // namespace tapport::agent
