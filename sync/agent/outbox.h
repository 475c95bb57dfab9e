// SPDX-License-Identifier: GPL-3.0-or-later
// Port: records that wait for the hub's acknowledgement. The kiosk's store implements it; the
// pump's runner is the only caller, on its own thread, and may block there. Every implementation
// passes tests/contract/outbox_contract_test.cpp.
//
// Rows are numbered without gaps across all epochs, so that one cursor goes through all of them. A
// row's position is its epoch and its seq, which is its number less the epoch's base.
#pragma once

#include "sync/base/error.h"
#include "sync/record/seq_ranges.h"
#include "sync/record/time.h"
#include "sync/wire/messages.h"

#include <optional>
#include <span>
#include <vector>

namespace tapport::agent {

using record::SeqRange;

struct OutboxRow {
    std::uint64_t number = 0;
    record::RecordId id;
    bool isUrgent = false;     ///< withdrawals: ahead of everything else
    record::ChainHash before;  ///< chain value of the position before this one
    Bytes sealed;              ///< the hub takes at most wire::kMostSealedBytes
};

struct OutboxEpoch {
    record::Epoch epoch;
    std::uint64_t base = 0;          ///< number of the last row of the epoch before
    std::uint64_t firstWaiting = 0;  ///< seq; 0 when nothing waits
    std::uint64_t last = 0;          ///< highest seq ever given out; 0 when none
    record::ChainHash lastChain;     ///< of `last`
    std::optional<wire::ForkPoint> forkOf;
};

struct OutboxQuery {
    std::uint64_t after = 0;  ///< a number
    bool urgentOnly = false;
    std::size_t maxRows = 50;
    std::size_t maxBytes = 64 * 1024;  ///< at least one row is given even if it is larger
};

struct OutboxCounts {
    std::uint64_t waiting = 0;
    std::uint64_t received = 0;     ///< dropped ones too
    std::uint64_t dropped = 0;      ///< of these, not here any more
    std::uint64_t quarantined = 0;  ///< the hub has them, but could not read them
    std::optional<record::WallTime> oldestWaiting;
    bool operator==(const OutboxCounts&) const = default;
};

/// A save whose answer was lost may have been done, sent and backed up when it is tried again, with
/// the same ids: they must still be known. More than one save ever writes.
inline constexpr std::uint64_t kNewestKept = 8;

class Outbox {
  public:
    virtual ~Outbox() = default;
    /// Oldest first; the last one is current: new rows get their positions in it. Never empty.
    [[nodiscard]] virtual Result<std::vector<OutboxEpoch>> epochs() = 0;
    /// Waiting rows above query.after, ascending.
    [[nodiscard]] virtual Result<std::vector<OutboxRow>> waiting(const OutboxQuery& query) = 0;
    /// The chain value of a position in the current epoch; nothing when it is not known, or not any
    /// more.
    [[nodiscard]] virtual Result<std::optional<record::ChainHash>> chainAt(std::uint64_t seq) = 0;
    /// Ranges of numbers; they may cover rows that do not wait any more, or that never were.
    /// Idempotent. What the hub has received it has for good, whatever it said before: an operator
    /// may have had a quarantined row tried again.
    [[nodiscard]] virtual Result<> markReceived(std::span<const SeqRange> numbers) = 0;
    /// Only of rows that wait.
    [[nodiscard]] virtual Result<> markQuarantined(std::span<const SeqRange> numbers) = 0;
    /// The hub says that it lacks them (it was restored from an older copy): received and
    /// quarantined rows in these ranges wait again. Idempotent.
    [[nodiscard]] virtual Result<> markWaiting(std::span<const SeqRange> numbers) = 0;
    /// Under `left` the hub holds what is not from here: a copy of these rows, older or elsewhere,
    /// goes on with it. No position in it is given out any more; a new epoch begins as its fork,
    /// and all rows of it wait again, because acknowledgements may have been for the other's. Does
    /// nothing when `left` is not current: it was done already.
    [[nodiscard]] virtual Result<> startEpoch(const record::Epoch& left) = 0;
    /// What is marked from now on, this hub has said. Another one was restored from an older copy,
    /// or made anew: what its predecessor acknowledged, it may hold only another copy's record in
    /// place of. Received and quarantined rows wait again, and it says which of them it has. Does
    /// nothing when the marks are of this hub already. On the disk when it returns success.
    [[nodiscard]] virtual Result<> startHub(const wire::HubEpoch& hub) = 0;
    /// Drops received rows in this range of numbers, oldest first, some at a time; none that waits
    /// or is quarantined, and none of the kNewestKept that were added last. True when more are
    /// left.
    [[nodiscard]] virtual Result<bool> prune(const SeqRange& numbers) = 0;
    [[nodiscard]] virtual Result<OutboxCounts> counts() = 0;
};

}  // namespace tapport::agent
