// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/agent/sent_batches.h"

namespace tapport::agent {

void SentBatches::add(const wire::BatchName& name, Batch batch) {
    batches_.insert_or_assign(name, std::move(batch));
    order_.push_back(name);
    if (order_.size() > kMost) {
        batches_.erase(order_.front());
        order_.pop_front();
    }
}

std::optional<SentBatches::Outcome> SentBatches::settle(const record::Epoch& epoch,
                                                        const wire::Answered& answer) {
    const auto found = batches_.find(answer.name);
    if (found == batches_.end() || found->second.epoch != epoch) {
        return std::nullopt;
    }
    Batch batch = std::move(found->second);
    batches_.erase(found);
    Outcome outcome{std::move(batch.numbers), {}, batch.sentAt};
    if (answer.quarantined.empty()) {
        return outcome;
    }
    record::SeqRanges unread;
    for (const record::SeqRange& range : answer.quarantined.view()) {
        if (range.last <= record::kMostSeq - batch.base) {
            unread.add({batch.base + range.first, batch.base + range.last});
        }
    }
    // Whatever else the answer may name, it speaks of this batch's rows only.
    record::SeqRanges received;
    for (const record::SeqRange& range : outcome.received.view()) {
        const record::SeqRanges read = unread.holes(range);
        outcome.quarantined.merge(read.holes(range));
        received.merge(read);
    }
    outcome.received = std::move(received);
    return outcome;
}

}  // namespace tapport::agent
