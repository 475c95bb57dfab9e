// SPDX-License-Identifier: GPL-3.0-or-later
// Sets of positions of one kiosk and epoch, as ranges: what an acknowledgement says, what a hub
// holds, where the holes are. Pure; not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tapport::record {

/// Positions are stored in signed 64-bit columns.
inline constexpr std::uint64_t kMostSeq = INT64_MAX;

/// Inclusive; 1 <= first <= last <= kMostSeq.
struct SeqRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    bool operator==(const SeqRange&) const = default;
};

/// Ranges are kept ascending and apart from each other, so equal sets are equal objects.
/// Adding at the end is O(1), anywhere else O(ranges).
class SeqRanges {
  public:
    void add(SeqRange range);
    void add(std::uint64_t seq) { add(SeqRange{seq, seq}); }
    void merge(const SeqRanges& other);

    [[nodiscard]] bool contains(std::uint64_t seq) const;
    /// What of `within` is not in the set.
    [[nodiscard]] SeqRanges holes(SeqRange within) const;
    /// What of this set is not in the other.
    [[nodiscard]] SeqRanges without(const SeqRanges& other) const;

    [[nodiscard]] bool empty() const { return ranges_.empty(); }
    /// Number of positions, not of ranges.
    [[nodiscard]] std::uint64_t count() const;
    [[nodiscard]] std::span<const SeqRange> view() const { return ranges_; }
    bool operator==(const SeqRanges&) const = default;

  private:
    std::vector<SeqRange> ranges_;
};

}  // namespace tapport::record
