// SPDX-License-Identifier: GPL-3.0-or-later
// An outbox in memory that keeps the port's contract (tests/contract/outbox_contract_test.cpp) and
// can be told to fail. Thread-safe, so that a test adds while a runner reads.
#pragma once

#include "sync/agent/outbox.h"

#include <map>
#include <mutex>

namespace tapport::support {

class FakeOutbox final : public agent::Outbox {
  public:
    enum class State : std::uint8_t { Waiting, Received, Quarantined };
    enum class Urgency : std::uint8_t { Ordinary, Urgent };

    explicit FakeOutbox(std::uint8_t epoch = 1)
        : epoch_(*record::Epoch::from(Bytes(record::Epoch::kSize, epoch))) {}

    /// Gives the new row's seq. Its id and bytes follow from it.
    std::uint64_t add(Urgency urgency = Urgency::Ordinary, std::size_t sealedBytes = 100) {
        const std::lock_guard lock(mutex_);
        const std::uint64_t seq = rows_.size() + 1;
        Row row;
        row.row.seq = seq;
        row.row.id = idOf(seq);
        row.row.isUrgent = urgency == Urgency::Urgent;
        row.row.sealed.assign(sealedBytes, static_cast<std::uint8_t>(seq));
        rows_.emplace(seq, std::move(row));
        return seq;
    }
    static record::RecordId idOf(std::uint64_t seq) {
        record::RecordId id;
        for (unsigned i = 0; i < sizeof seq; ++i) {
            id.bytes[i] = static_cast<std::uint8_t>(seq >> (8U * i));
        }
        return id;
    }
    /// The next `calls` calls give a Storage error and do nothing.
    void failNext(int calls) {
        const std::lock_guard lock(mutex_);
        failures_ = calls;
    }
    [[nodiscard]] State stateOf(std::uint64_t seq) const {
        const std::lock_guard lock(mutex_);
        return rows_.at(seq).state;
    }
    [[nodiscard]] record::Epoch epoch() const { return epoch_; }
    [[nodiscard]] std::uint64_t size() const {
        const std::lock_guard lock(mutex_);
        return rows_.size();
    }

    [[nodiscard]] Result<agent::OutboxSpan> span() override {
        return guarded([&] {
            agent::OutboxSpan span;
            span.epoch = epoch_;
            span.last = rows_.size();
            for (const auto& [seq, row] : rows_) {
                if (row.state == State::Waiting) {
                    span.firstWaiting = seq;
                    break;
                }
            }
            return span;
        });
    }
    [[nodiscard]] Result<std::vector<agent::OutboxRow>> waiting(
        const agent::OutboxQuery& query) override {
        return guarded([&] {
            std::vector<agent::OutboxRow> found;
            std::size_t bytes = 0;
            for (auto it = rows_.upper_bound(query.afterSeq); it != rows_.end(); ++it) {
                const agent::OutboxRow& row = it->second.row;
                if (it->second.state != State::Waiting || (query.urgentOnly && !row.isUrgent)) {
                    continue;
                }
                bytes += row.sealed.size();
                if (found.size() == query.maxRows || (!found.empty() && bytes > query.maxBytes)) {
                    break;
                }
                found.push_back(row);
            }
            return found;
        });
    }
    [[nodiscard]] Result<> markReceived(std::span<const agent::SeqRange> ranges) override {
        return mark(ranges, [](State& state) {
            state = state == State::Waiting ? State::Received : state;
        });
    }
    [[nodiscard]] Result<> markQuarantined(std::span<const agent::SeqRange> ranges) override {
        return mark(ranges, [](State& state) { state = State::Quarantined; });
    }
    [[nodiscard]] Result<> markWaiting(std::span<const agent::SeqRange> ranges) override {
        return mark(ranges, [](State& state) { state = State::Waiting; });
    }
    [[nodiscard]] Result<agent::OutboxCounts> counts() override {
        return guarded([&] {
            agent::OutboxCounts counts;
            for (const auto& [seq, row] : rows_) {
                counts.waiting += row.state == State::Waiting ? 1 : 0;
                counts.received += row.state == State::Received ? 1 : 0;
                counts.quarantined += row.state == State::Quarantined ? 1 : 0;
                if (row.state == State::Waiting && !counts.oldestWaiting) {
                    counts.oldestWaiting =
                        record::WallTime(record::Millis(static_cast<std::int64_t>(seq)));
                }
            }
            return counts;
        });
    }

  private:
    struct Row {
        agent::OutboxRow row;
        State state = State::Waiting;
    };

    template <typename Body>
    auto guarded(Body body) -> Result<decltype(body())> {
        const std::lock_guard lock(mutex_);
        if (failures_ > 0) {
            --failures_;
            return fail(Code::Storage, "told to fail");
        }
        return body();
    }
    template <typename Change>
    Result<> mark(std::span<const agent::SeqRange> ranges, Change change) {
        return guarded([&] {
                   for (const agent::SeqRange& range : ranges) {
                       const auto end = rows_.upper_bound(range.last);
                       for (auto it = rows_.lower_bound(range.first); it != end; ++it) {
                           change(it->second.state);
                       }
                   }
                   return true;
               })
            .map([](bool) {});
    }

    mutable std::mutex mutex_;
    record::Epoch epoch_;
    std::map<std::uint64_t, Row> rows_;
    int failures_ = 0;
};

}  // namespace tapport::support
