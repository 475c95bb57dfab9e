// SPDX-License-Identifier: GPL-3.0-or-later
// When a kiosk confirmed, sent and got acknowledged what, written down by it for who looks at it
// from another process: times are of the machine's one monotonic clock.
#pragma once

#include "sync/agent/outbox.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace tapport::fault {

using Instant = std::chrono::steady_clock::time_point;

/// One line a write, so that SIGKILL leaves whole lines. None where the name is empty.
class LineFile {
  public:
    explicit LineFile(const std::filesystem::path& file)
        : file_(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {}
    ~LineFile() { ::close(file_); }
    LineFile(const LineFile&) = delete;
    LineFile& operator=(const LineFile&) = delete;

    void write(const std::string& lines) const {
        if (file_ >= 0 && !lines.empty()) {
            (void)!::write(file_, lines.data(), lines.size());
        }
    }

  private:
    int file_;
};

/// As read back.
struct Timeline {
    struct Record {
        std::optional<Instant> confirmed{};  ///< none: it waited from before
        std::vector<Instant> sent{};         ///< more than one: again
        std::optional<Instant> acknowledged{};
        std::size_t bytes = 0;  ///< sealed
        bool isUrgent = false;
    };
    std::map<std::string, Record> records;
    std::vector<Instant> hellos;

    [[nodiscard]] static Timeline read(const std::filesystem::path& file);
    /// How often a record was sent, over all of them.
    [[nodiscard]] std::size_t sendings() const;
    [[nodiscard]] std::size_t acknowledged() const;
    /// Sealed bytes that were on their way then.
    [[nodiscard]] std::size_t bytesOut(Instant then) const;
};

/// The outbox as the product has it; writes down what passes.
class TimedOutbox final : public agent::Outbox {
  public:
    TimedOutbox(agent::Outbox& outbox, const std::filesystem::path& file)
        : outbox_(outbox), lines_(file) {}

    void confirmed(const record::RecordId& id) { lines_.write(line("confirmed", id.hex())); }

    Result<std::vector<agent::OutboxEpoch>> epochs() override {
        lines_.write(line("hello", "-"));
        return outbox_.epochs();
    }
    Result<std::vector<agent::OutboxRow>> waiting(const agent::OutboxQuery& query) override {
        auto rows = outbox_.waiting(query);
        std::string lines;
        if (rows) {
            for (const agent::OutboxRow& row : *rows) {
                ids_[row.number] = row.id;
                lines += line(row.isUrgent ? "urgent" : "sent", row.id.hex(), row.sealed.size());
            }
        }
        lines_.write(lines);
        return rows;
    }
    Result<> markReceived(std::span<const agent::SeqRange> numbers) override {
        auto marked = outbox_.markReceived(numbers);
        std::string lines;
        for (const agent::SeqRange& range : numbers) {
            auto at = ids_.lower_bound(range.first);
            while (at != ids_.end() && at->first <= range.last) {
                lines += line("acknowledged", at->second.hex());
                at = ids_.erase(at);
            }
        }
        lines_.write(lines);
        return marked;
    }
    Result<std::optional<record::ChainHash>> chainAt(std::uint64_t seq) override {
        return outbox_.chainAt(seq);
    }
    Result<> markQuarantined(std::span<const agent::SeqRange> numbers) override {
        return outbox_.markQuarantined(numbers);
    }
    Result<> markWaiting(std::span<const agent::SeqRange> numbers) override {
        return outbox_.markWaiting(numbers);
    }
    Result<> startEpoch(const record::Epoch& left) override { return outbox_.startEpoch(left); }
    Result<> startHub(const wire::HubEpoch& hub) override { return outbox_.startHub(hub); }
    Result<bool> prune(const agent::SeqRange& numbers) override { return outbox_.prune(numbers); }
    Result<agent::OutboxCounts> counts() override { return outbox_.counts(); }

  private:
    static std::string line(std::string_view what, const std::string& id, std::size_t bytes = 0) {
        return fmt::format("{} {} {} {}\n", what, id, bytes,
                           std::chrono::steady_clock::now().time_since_epoch().count());
    }

    agent::Outbox& outbox_;
    LineFile lines_;
    std::map<std::uint64_t, record::RecordId> ids_;  ///< on their way
};

}  // namespace tapport::fault
