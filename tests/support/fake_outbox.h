// SPDX-License-Identifier: GPL-3.0-or-later
// An outbox in memory that keeps the port's contract (tests/contract/outbox_contract_test.cpp), can
// be told to fail, and can be copied as a card is. Thread-safe, so that a test adds while a runner
// reads.
#pragma once

#include "sync/agent/outbox.h"
#include "sync/seal/chain.h"

#include <functional>
#include <map>
#include <mutex>

namespace tapport::support {

class FakeOutbox final : public agent::Outbox {
  public:
    enum class State : std::uint8_t { Waiting, Received, Quarantined };
    enum class Urgency : std::uint8_t { Ordinary, Urgent };
    struct Row {
        agent::OutboxRow row;
        State state = State::Waiting;
    };
    /// What is on the card.
    struct Card {
        std::vector<agent::OutboxEpoch> epochs;
        std::map<std::uint64_t, Row> rows;
        std::optional<wire::HubEpoch> hub{};  ///< of which the marks are
    };

    explicit FakeOutbox(std::uint8_t epoch = 1) {
        card_.epochs.emplace_back().epoch.bytes.fill(epoch);
    }

    /// Gives the new row's number. Its id and bytes follow from it.
    std::uint64_t add(Urgency urgency = Urgency::Ordinary, std::size_t sealedBytes = 100) {
        const std::lock_guard lock(mutex_);
        const agent::OutboxEpoch& epoch = card_.epochs.back();
        const std::uint64_t number = epoch.base + epoch.last + 1;
        put(idOf(number, copy_), urgency, Bytes(sealedBytes, static_cast<std::uint8_t>(number)));
        return number;
    }
    using Seal = std::function<Bytes(const record::Epoch& epoch, std::uint64_t seq)>;
    /// A record of the test's own, sealed for its position; nothing when it is there already.
    std::optional<std::uint64_t> append(const record::RecordId& id, Urgency urgency,
                                        const Seal& seal) {
        const std::lock_guard lock(mutex_);
        for (const auto& [number, row] : card_.rows) {
            if (row.row.id == id) {
                return std::nullopt;
            }
        }
        const agent::OutboxEpoch& epoch = card_.epochs.back();
        const std::uint64_t number = epoch.base + epoch.last + 1;
        put(id, urgency, seal(epoch.epoch, epoch.last + 1));
        return number;
    }
    static record::RecordId idOf(std::uint64_t number, std::uint8_t copy = 0) {
        record::RecordId id;
        for (unsigned i = 0; i < sizeof number; ++i) {
            id.bytes[i] = static_cast<std::uint8_t>(number >> (8U * i));
        }
        id.bytes.back() = copy;
        return id;
    }
    [[nodiscard]] Card card() const {
        const std::lock_guard lock(mutex_);
        return card_;
    }
    [[nodiscard]] std::vector<agent::OutboxEpoch> epochsOnCard() const {
        const std::lock_guard lock(mutex_);
        return card_.epochs;
    }
    /// Shows the rows of these numbers.
    template <typename Show>
    void look(const agent::SeqRange& numbers, Show show) const {
        const std::lock_guard lock(mutex_);
        const auto end = card_.rows.upper_bound(numbers.last);
        for (auto it = card_.rows.lower_bound(numbers.first); it != end; ++it) {
            show(it->second);
        }
    }
    /// Goes on with another card; what it records from now on is none of any other copy's.
    void insert(Card card, std::uint8_t copy) {
        const std::lock_guard lock(mutex_);
        card_ = std::move(card);
        copy_ = copy;
    }
    /// The next `calls` calls give a Storage error and do nothing.
    void failNext(int calls) {
        const std::lock_guard lock(mutex_);
        failures_ = calls;
    }
    [[nodiscard]] State stateOf(std::uint64_t number) const {
        const std::lock_guard lock(mutex_);
        return card_.rows.at(number).state;
    }
    /// The current one.
    [[nodiscard]] record::Epoch epoch() const {
        const std::lock_guard lock(mutex_);
        return card_.epochs.back().epoch;
    }
    /// How many were ever added.
    [[nodiscard]] std::uint64_t size() const {
        const std::lock_guard lock(mutex_);
        return card_.epochs.back().base + card_.epochs.back().last;
    }
    [[nodiscard]] bool has(std::uint64_t number) const {
        const std::lock_guard lock(mutex_);
        return card_.rows.contains(number);
    }

    [[nodiscard]] Result<std::vector<agent::OutboxEpoch>> epochs() override {
        return guarded([&] {
            std::vector<agent::OutboxEpoch> epochs = card_.epochs;
            for (agent::OutboxEpoch& epoch : epochs) {
                for (std::uint64_t seq = epoch.last; seq > 0; --seq) {
                    const auto found = card_.rows.find(epoch.base + seq);
                    if (found != card_.rows.end() && found->second.state == State::Waiting) {
                        epoch.firstWaiting = seq;
                    }
                }
            }
            return epochs;
        });
    }
    [[nodiscard]] Result<std::vector<agent::OutboxRow>> waiting(
        const agent::OutboxQuery& query) override {
        return guarded([&] {
            std::vector<agent::OutboxRow> found;
            std::size_t bytes = 0;
            for (auto it = card_.rows.upper_bound(query.after); it != card_.rows.end(); ++it) {
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
    [[nodiscard]] Result<std::optional<record::ChainHash>> chainAt(std::uint64_t seq) override {
        return guarded([&]() -> std::optional<record::ChainHash> {
            const agent::OutboxEpoch& epoch = card_.epochs.back();
            if (seq >= epoch.last) {
                return seq == epoch.last ? std::optional(epoch.lastChain) : std::nullopt;
            }
            const auto next = card_.rows.find(epoch.base + seq + 1);
            return next == card_.rows.end() ? std::nullopt : std::optional(next->second.row.before);
        });
    }
    [[nodiscard]] Result<> markReceived(std::span<const agent::SeqRange> numbers) override {
        return mark(numbers, [](State& state) { state = State::Received; });
    }
    [[nodiscard]] Result<> markQuarantined(std::span<const agent::SeqRange> numbers) override {
        return mark(numbers, [](State& state) {
            state = state == State::Waiting ? State::Quarantined : state;
        });
    }
    [[nodiscard]] Result<> markWaiting(std::span<const agent::SeqRange> numbers) override {
        return mark(numbers, [](State& state) { state = State::Waiting; });
    }
    [[nodiscard]] Result<> startEpoch(const record::Epoch& left) override {
        return guarded([&] {
                   const agent::OutboxEpoch old = card_.epochs.back();
                   if (old.epoch != left) {
                       return true;
                   }
                   agent::OutboxEpoch& fresh = card_.epochs.emplace_back();
                   fresh.epoch.bytes = {copy_, static_cast<std::uint8_t>(card_.epochs.size())};
                   fresh.base = old.base + old.last;
                   fresh.lastChain = seal::chainOfFork(old.epoch, old.last, old.lastChain);
                   fresh.forkOf = wire::ForkPoint{old.epoch, old.last};
                   for (auto it = card_.rows.upper_bound(old.base); it != card_.rows.end(); ++it) {
                       it->second.state = State::Waiting;
                   }
                   return true;
               })
            .map([](bool) {});
    }
    [[nodiscard]] Result<> startHub(const wire::HubEpoch& hub) override {
        return guarded([&] {
                   if (card_.hub != hub) {
                       card_.hub = hub;
                       for (auto& [number, row] : card_.rows) {
                           row.state = State::Waiting;
                       }
                   }
                   return true;
               })
            .map([](bool) {});
    }
    [[nodiscard]] Result<bool> prune(const agent::SeqRange& numbers) override {
        return guarded([&] {
            constexpr int kRowsAtOnce = 3;
            const agent::OutboxEpoch& current = card_.epochs.back();
            int dropped = 0;
            for (auto it = card_.rows.lower_bound(numbers.first);
                 it != card_.rows.end() && it->first <= numbers.last &&
                 it->first + agent::kNewestKept <= current.base + current.last &&
                 dropped < kRowsAtOnce;) {
                const bool isDone = it->second.state == State::Received;
                dropped += isDone ? 1 : 0;
                it = isDone ? card_.rows.erase(it) : std::next(it);
            }
            return dropped == kRowsAtOnce;
        });
    }
    [[nodiscard]] Result<agent::OutboxCounts> counts() override {
        return guarded([&] {
            agent::OutboxCounts counts;
            for (const auto& [number, row] : card_.rows) {
                counts.waiting += row.state == State::Waiting ? 1 : 0;
                counts.received += row.state == State::Received ? 1 : 0;
                counts.quarantined += row.state == State::Quarantined ? 1 : 0;
                if (row.state == State::Waiting && !counts.oldestWaiting) {
                    counts.oldestWaiting =
                        record::WallTime(record::Millis(static_cast<std::int64_t>(number)));
                }
            }
            const agent::OutboxEpoch& last = card_.epochs.back();
            counts.dropped = last.base + last.last - card_.rows.size();
            counts.received += counts.dropped;
            return counts;
        });
    }

  private:
    void put(const record::RecordId& id, Urgency urgency, Bytes sealed) {
        agent::OutboxEpoch& epoch = card_.epochs.back();
        Row row;
        row.row.number = epoch.base + ++epoch.last;
        row.row.id = id;
        row.row.isUrgent = urgency == Urgency::Urgent;
        row.row.before = epoch.lastChain;
        row.row.sealed = std::move(sealed);
        epoch.lastChain = seal::chainAfter(epoch.lastChain, epoch.epoch, epoch.last, id,
                                           seal::digestOf(row.row.sealed));
        card_.rows.emplace(row.row.number, std::move(row));
    }
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
    Result<> mark(std::span<const agent::SeqRange> numbers, Change change) {
        return guarded([&] {
                   for (const agent::SeqRange& range : numbers) {
                       const auto end = card_.rows.upper_bound(range.last);
                       for (auto it = card_.rows.lower_bound(range.first); it != end; ++it) {
                           change(it->second.state);
                       }
                   }
                   return true;
               })
            .map([](bool) {});
    }

    mutable std::mutex mutex_;
    Card card_;
    std::uint8_t copy_ = 0;
    int failures_ = 0;
};

}  // namespace tapport::support
