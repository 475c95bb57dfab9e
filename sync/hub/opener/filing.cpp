// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/filing.h"

#include <algorithm>
#include <functional>

namespace tapport::hub {

void Filing::refreshKeys() {
    if (auto refreshed = keys_.refresh(); !refreshed) {
        trouble_ = std::move(refreshed.error());
    }
}

Result<bool> Filing::step(record::WallTime now, std::size_t most) {
    refreshKeys();
    const auto rechecked = recheck(most);
    return !rechecked || *rechecked ? rechecked : openSome(Whose::Own, now, most);
}

Result<bool> Filing::finish(record::WallTime now) {
    const auto isStale = mustRecheck();
    if (!isStale || *isStale) {
        return isStale.map(std::logical_not<bool>());
    }
    for (;;) {
        const auto hasMore = openSome(Whose::Anybodys, now, kUnitsAStep);
        if (!hasMore || !*hasMore) {
            return hasMore.map(std::logical_not<bool>());
        }
    }
}

Result<bool> Filing::mustRecheck() {
    const auto checkedWith = store_.proofKeys();
    if (!checkedWith) {
        return tl::unexpected(checkedWith.error());
    }
    return keys_.digest() && *checkedWith != keys_.digest();
}

Result<bool> Filing::recheck(std::size_t most) {
    const auto isStale = mustRecheck();
    if (!isStale || !*isStale) {
        return isStale;
    }
    if (!recheck_ || recheck_->keys != *keys_.digest()) {
        if (const auto again = store_.retryNotProven(); !again) {
            return tl::unexpected(again.error());
        }
        recheck_ = Recheck{*keys_.digest(), std::nullopt};
    }
    const auto units = store_.proofs(recheck_->after, most);
    if (!units) {
        return tl::unexpected(units.error());
    }
    std::vector<ProofMark> marks;
    for (const Receipted& one : *units) {
        if (const ProofState state = keys_.check(one.unit); state != one.proof) {
            marks.push_back({one.unit.unit.id, state});
        }
        recheck_->after = one.unit.unit.id;
    }
    if (const auto marked = marks.empty() ? Result<>{} : store_.mark(marks); !marked) {
        return tl::unexpected(marked.error());
    }
    if (units->size() < most) {
        if (const auto kept = store_.setProofKeys(recheck_->keys); !kept) {
            return tl::unexpected(kept.error());
        }
        recheck_.reset();
    }
    return true;
}

Result<bool> Filing::openSome(Whose whose, record::WallTime now, std::size_t most) {
    const auto waiting = store_.waiting(whose, most);
    if (!waiting) {
        return tl::unexpected(waiting.error());
    }
    if (waiting->empty()) {
        return false;
    }
    std::vector<Opened> opened = opener_.open(*waiting);
    for (std::size_t i = 0; i < opened.size(); ++i) {
        checkProof(waiting->at(i).position, opened[i]);
    }
    if (const auto filed = store_.file(opened, now); !filed) {
        return tl::unexpected(filed.error());
    }
    return true;
}

void Filing::checkProof(const record::Position& position, Opened& opened) const {
    if (!opened.content) {
        return;
    }
    Content& content = *opened.content;
    record::PositionedUnit unit{position, std::move(content.unit), content.proof};
    content.proofState = keys_.check(unit);
    content.unit = std::move(unit.unit);
    // A no counts whoever signed it; the ledger takes no yes from such a unit.
    const bool saysNo = std::any_of(content.unit.consents.begin(), content.unit.consents.end(),
                                    [](const record::ConsentEvent& event) {
                                        return !record::isYes(event.state) &&
                                               event.state != record::ConsentState::Confirmed;
                                    });
    if (content.proofState == ProofState::NotProven && !saysNo) {
        opened.content = tl::unexpected(
            NotOpened{Reason::NotProven, "no published key of its kiosk made its signature",
                      content.unit.subject});
    }
}

}  // namespace tapport::hub
