// SPDX-License-Identifier: GPL-3.0-or-later
// Which contact belongs to a yes: the one given with it, mended by what the person gave with
// another yes of theirs that counts. What came with no such yes is nobody's: whoever sent it could
// otherwise have somebody else's mail sent to them. Pure.
#pragma once

#include "sync/ledger/causality.h"
#include "sync/record/unit.h"

namespace tapport::ledger {

/// Contact as one unit brought it, and the consent events of that unit.
struct ContactGiven {
    record::Contact contact;
    std::vector<record::RecordId> with;
};

class ContactChoice {
  public:
    using Places = std::vector<Causality::Place>;

    /// `standing`: the yeses that count. All must outlive it.
    ContactChoice(const std::vector<ContactGiven>& given, const Causality& causality,
                  const Places& standing);

    /// Field by field the latest that is not empty, of what was given with this yes, and with
    /// standing ones that knew it or that it knew: never by the clock, nor in the order of arrival.
    [[nodiscard]] record::Contact of(Causality::Place yes) const;

  private:
    struct Candidate {
        const record::Contact* contact = nullptr;
        Places with;
        Causality::Marks known;
        std::size_t rank = 0;  ///< higher than that of each one it knew
        bool isStanding = false;
    };
    const Causality& causality_;
    std::vector<Candidate> candidates_;  ///< by rank, ascending
};

}  // namespace tapport::ledger
