// SPDX-License-Identifier: GPL-3.0-or-later
// Which positions of a kiosk's epoch the hub holds, and whether the records there follow from each
// other: spans of positions with the chain value on both ends. Pure; every dialect of the store
// keeps these spans, changed by this class only.
#pragma once

#include "sync/record/seq_ranges.h"
#include "sync/wire/messages.h"

#include <map>

namespace tapport::hub {

/// One position, and what the kiosk's chain says before and after it.
struct Link {
    std::uint64_t seq = 0;
    record::ChainHash before;
    record::ChainHash after;
};

enum class Hold : std::uint8_t {
    Received,
    Quarantined,  ///< arrived, but could not be taken
};

/// Positions without a gap, held alike, each following from the one before.
struct HeldSpan {
    Hold hold = Hold::Received;
    record::SeqRange range;
    record::ChainHash before;
    record::ChainHash after;
    bool operator==(const HeldSpan&) const = default;
};

class Held {
  public:
    Held() = default;
    explicit Held(const std::vector<HeldSpan>& spans);

    /// Does nothing when the position is held already; `Received` counts more than `Quarantined`.
    /// False when a neighbour is here and the chain breaks between them: one of the two is another
    /// copy's.
    bool add(Hold hold, const Link& link);
    /// What of this span is not held yet, as another database of the same kiosks' records has it:
    /// where it meets what is here, the chain of what is here counts.
    void fill(const HeldSpan& span);

    [[nodiscard]] bool holds(Hold hold, std::uint64_t seq) const;
    [[nodiscard]] record::SeqRanges received() const { return rangesOf(Hold::Received); }
    /// Of these, none is received as well.
    [[nodiscard]] record::SeqRanges quarantined() const;
    /// How far everything is received and follows from the first one without a gap.
    [[nodiscard]] std::uint64_t receivedThrough() const;
    /// How far the records follow from the first one without a gap.
    [[nodiscard]] wire::Prefix prefix() const;

    /// What a store has to write to get from `before` to this.
    struct Changes {
        std::vector<HeldSpan> gone;
        std::vector<HeldSpan> put;  ///< new ones, and those that end elsewhere than before
    };
    [[nodiscard]] Changes since(const Held& before) const;

  private:
    using Spans = std::map<std::uint64_t, HeldSpan>;  ///< by their first position

    /// Of positions that are not held like that; one with its neighbours where the chain goes on.
    void join(HeldSpan span);
    [[nodiscard]] Spans& of(Hold hold) { return spans_[static_cast<std::size_t>(hold)]; }
    [[nodiscard]] record::SeqRanges rangesOf(Hold hold) const;

    std::array<Spans, 2> spans_;
};

}  // namespace tapport::hub
