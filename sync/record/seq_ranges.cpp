// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/record/seq_ranges.h"

#include <algorithm>

namespace tapport::record {
namespace {

/// The first range that ends at or after `seq`.
template <typename Ranges>
auto firstEndingAt(Ranges& ranges, std::uint64_t seq) {
    return std::lower_bound(
        ranges.begin(), ranges.end(), seq,
        [](const SeqRange& range, std::uint64_t at) { return range.last < at; });
}

}  // namespace

void SeqRanges::add(SeqRange range) {
    // Neighbours join: [1,2] and [3,4] are [1,4].
    const auto from = firstEndingAt(ranges_, range.first - 1);
    auto to = from;
    while (to != ranges_.end() && to->first <= range.last + 1) {
        range.first = std::min(range.first, to->first);
        range.last = std::max(range.last, to->last);
        ++to;
    }
    if (from == to) {
        ranges_.insert(from, range);
        return;
    }
    *from = range;
    ranges_.erase(from + 1, to);
}

void SeqRanges::merge(const SeqRanges& other) {
    for (const SeqRange& range : other.ranges_) {
        add(range);
    }
}

bool SeqRanges::contains(std::uint64_t seq) const {
    const auto found = firstEndingAt(ranges_, seq);
    return found != ranges_.end() && found->first <= seq;
}

SeqRanges SeqRanges::holes(SeqRange within) const {
    SeqRanges result;
    std::uint64_t next = within.first;
    for (auto range = firstEndingAt(ranges_, within.first);
         range != ranges_.end() && range->first <= within.last; ++range) {
        if (next < range->first) {
            result.add({next, range->first - 1});
        }
        next = range->last + 1;
    }
    if (next <= within.last) {
        result.add({next, within.last});
    }
    return result;
}

SeqRanges SeqRanges::without(const SeqRanges& other) const {
    SeqRanges rest;
    for (const SeqRange& range : ranges_) {
        rest.merge(other.holes(range));
    }
    return rest;
}

std::uint64_t SeqRanges::count() const {
    std::uint64_t total = 0;
    for (const SeqRange& range : ranges_) {
        total += range.last - range.first + 1;
    }
    return total;
}

}  // namespace tapport::record
