// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/store/held.h"

namespace tapport::hub {
namespace {

/// The span that ends just before `seq`; null when there is none.
template <typename Spans>
auto endingBefore(Spans& spans, std::uint64_t seq) -> decltype(&spans.begin()->second) {
    auto at = spans.lower_bound(seq);
    if (at == spans.begin() || std::prev(at)->second.range.last + 1 != seq) {
        return nullptr;
    }
    return &std::prev(at)->second;
}

}  // namespace

Held::Held(const std::vector<HeldSpan>& spans) {
    for (const HeldSpan& span : spans) {
        of(span.hold).emplace(span.range.first, span);
    }
}

bool Held::holds(Hold hold, std::uint64_t seq) const {
    const Spans& spans = spans_[static_cast<std::size_t>(hold)];
    const auto behind = spans.upper_bound(seq);
    return behind != spans.begin() && std::prev(behind)->second.range.last >= seq;
}

bool Held::add(Hold hold, const Link& link) {
    if (holds(Hold::Received, link.seq) || holds(hold, link.seq)) {
        return true;
    }
    bool hasBefore = false;
    bool hasAfter = false;
    bool followsBefore = false;
    bool followsAfter = false;
    for (Spans& spans : spans_) {
        if (const HeldSpan* left = endingBefore(spans, link.seq); left != nullptr) {
            hasBefore = true;
            followsBefore = followsBefore || left->after == link.before;
        }
        if (const auto right = spans.find(link.seq + 1); right != spans.end()) {
            hasAfter = true;
            followsAfter = followsAfter || right->second.before == link.after;
        }
    }

    join({hold, {link.seq, link.seq}, link.before, link.after});
    return (followsBefore || !hasBefore) && (followsAfter || !hasAfter);
}

void Held::join(HeldSpan span) {
    Spans& spans = of(span.hold);
    if (const auto right = spans.find(span.range.last + 1);
        right != spans.end() && right->second.before == span.after) {
        span.range.last = right->second.range.last;
        span.after = right->second.after;
        spans.erase(right);
    }
    if (HeldSpan* left = endingBefore(spans, span.range.first);
        left != nullptr && left->after == span.before) {
        left->range.last = span.range.last;
        left->after = span.after;
    } else {
        spans.emplace(span.range.first, span);
    }
}

void Held::fill(const HeldSpan& span) {
    record::SeqRanges held = received();
    if (span.hold == Hold::Quarantined) {
        held.merge(rangesOf(Hold::Quarantined));
    }
    const record::SeqRanges missing = held.holes(span.range);
    for (const record::SeqRange& range : missing.view()) {
        HeldSpan part{span.hold, range, span.before, span.after};
        for (Spans& spans : spans_) {
            if (const HeldSpan* left = endingBefore(spans, range.first);
                left != nullptr && range.first != span.range.first) {
                part.before = left->after;
            }
            if (const auto right = spans.find(range.last + 1);
                right != spans.end() && range.last != span.range.last) {
                part.after = right->second.before;
            }
        }
        join(part);
    }
}

record::SeqRanges Held::rangesOf(Hold hold) const {
    record::SeqRanges ranges;
    for (const auto& [first, span] : spans_[static_cast<std::size_t>(hold)]) {
        ranges.add(span.range);
    }
    return ranges;
}

record::SeqRanges Held::quarantined() const {
    const record::SeqRanges good = received();
    record::SeqRanges only;
    const record::SeqRanges all = rangesOf(Hold::Quarantined);
    for (const record::SeqRange& range : all.view()) {
        only.merge(good.holes(range));
    }
    return only;
}

std::uint64_t Held::receivedThrough() const {
    const record::SeqRanges ranges = received();
    const bool beginsAtFirst = !ranges.empty() && ranges.view().front().first == 1;
    return beginsAtFirst ? std::min(ranges.view().front().last, prefix().seq) : 0;
}

wire::Prefix Held::prefix() const {
    wire::Prefix prefix;
    for (bool goesOn = true; goesOn;) {
        goesOn = false;
        for (const Spans& spans : spans_) {
            // Where an epoch begins, its kiosk says: what the first record follows is not held.
            const auto next = spans.find(prefix.seq + 1);
            if (next != spans.end() && (prefix.seq == 0 || next->second.before == prefix.chain)) {
                prefix = {next->second.range.last, next->second.after};
                goesOn = true;
            }
        }
    }
    return prefix;
}

Held::Changes Held::since(const Held& before) const {
    Changes changes;
    for (std::size_t i = 0; i < spans_.size(); ++i) {
        const Spans& were = before.spans_.at(i);
        const Spans& are = spans_.at(i);
        for (const auto& [first, span] : were) {
            if (are.count(first) == 0) {
                changes.gone.push_back(span);
            }
        }
        for (const auto& [first, span] : are) {
            const auto old = were.find(first);
            if (old == were.end() || old->second != span) {
                changes.put.push_back(span);
            }
        }
    }
    return changes;
}

}  // namespace tapport::hub
