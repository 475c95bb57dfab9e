// SPDX-License-Identifier: GPL-3.0-or-later
// Port: records that wait for the hub's acknowledgement. The kiosk's store implements it; the
// pump's runner is the only caller, on its own thread, and may block there. Every implementation
// passes tests/contract/outbox_contract_test.cpp.
#pragma once

#include "sync/base/error.h"
#include "sync/record/seq_ranges.h"
#include "sync/record/time.h"

#include <optional>
#include <span>
#include <vector>

namespace tapport::agent {

using record::SeqRange;

struct OutboxRow {
    std::uint64_t seq = 0;
    record::RecordId id;
    bool isUrgent = false;  ///< withdrawals: ahead of everything else
    Bytes sealed;           ///< at most wire::kMostSealedBytes: the store takes no larger unit
};

struct OutboxSpan {
    record::Epoch epoch;
    std::uint64_t firstWaiting = 0;  ///< 0 when nothing waits
    std::uint64_t last = 0;          ///< highest seq ever given out; 0 when none
};

struct OutboxQuery {
    std::uint64_t afterSeq = 0;
    bool urgentOnly = false;
    std::size_t maxRows = 50;
    std::size_t maxBytes = 64 * 1024;  ///< at least one row is given even if it is larger
};

struct OutboxCounts {
    std::uint64_t waiting = 0;
    std::uint64_t received = 0;
    std::uint64_t quarantined = 0;  ///< the hub has them, but could not read them
    std::optional<record::WallTime> oldestWaiting;
    bool operator==(const OutboxCounts&) const = default;
};

class Outbox {
  public:
    virtual ~Outbox() = default;
    [[nodiscard]] virtual Result<OutboxSpan> span() = 0;
    /// Waiting rows with seq > afterSeq, ascending.
    [[nodiscard]] virtual Result<std::vector<OutboxRow>> waiting(const OutboxQuery& query) = 0;
    /// Of the current epoch; ranges may cover seqs that do not wait any more, or that were never
    /// given out. Idempotent. A quarantined row stays quarantined.
    [[nodiscard]] virtual Result<> markReceived(std::span<const SeqRange> ranges) = 0;
    [[nodiscard]] virtual Result<> markQuarantined(std::span<const SeqRange> ranges) = 0;
    /// The hub says that it lacks them (it was restored from an older copy): received and
    /// quarantined rows in these ranges wait again. Idempotent.
    [[nodiscard]] virtual Result<> markWaiting(std::span<const SeqRange> ranges) = 0;
    [[nodiscard]] virtual Result<OutboxCounts> counts() = 0;
};

}  // namespace tapport::agent
