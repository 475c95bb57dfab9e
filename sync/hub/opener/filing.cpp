// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/filing.h"

#include <algorithm>
#include <functional>

namespace tapport::hub {

void Filing::refreshKeys() {
    if (auto refreshed = keys_.refresh(); !refreshed) {
        trouble_ = refreshed.error().in("the former keys stay in use");
    }
}

Result<Filing::Piece> Filing::prepare(std::size_t most) {
    refreshKeys();
    const auto rechecked = recheck(most);
    if (!rechecked) {
        return tl::unexpected(rechecked.error());
    }
    if (*rechecked) {
        return Piece{true, {}};
    }
    return store_.waiting(Whose::Own, most).map([](std::vector<Waiting> units) {
        const bool hasMore = !units.empty();
        return Piece{hasMore, std::move(units)};
    });
}

Result<> Filing::file(std::span<const Waiting> units, std::vector<Opened> opened,
                      record::WallTime now) {
    for (std::size_t i = 0; i < opened.size(); ++i) {
        checkSigned(units[i].position, opened[i]);
    }
    return store_.file(opened, now);
}

Result<bool> Filing::step(record::WallTime now, std::size_t most) {
    const auto piece = prepare(most);
    if (!piece || piece->units.empty()) {
        return piece.map([](const Piece& one) { return one.hasMore; });
    }
    return open(piece->units)
        .and_then(
            [&](std::vector<Opened> opened) { return file(piece->units, std::move(opened), now); })
        .map([] { return true; });
}

Result<bool> Filing::finish(record::WallTime now) {
    const auto checkedWith = store_.proofKeys();
    if (!checkedWith) {
        return tl::unexpected(checkedWith.error());
    }
    if (keys_.digest() && *checkedWith != keys_.digest()) {
        // What another worker found with other keys does not vouch for what is released here.
        settled_.reset();
    }
    const auto isStale = mustRecheck();
    if (!isStale || *isStale) {
        return isStale.map(std::logical_not<bool>());
    }
    for (;;) {
        const auto units = store_.waiting(Whose::Anybodys, kUnitsAStep);
        if (!units) {
            return tl::unexpected(units.error());
        }
        if (units->empty()) {
            return true;
        }
        const auto filed = open(*units).and_then(
            [&](std::vector<Opened> opened) { return file(*units, std::move(opened), now); });
        if (!filed) {
            return tl::unexpected(filed.error());
        }
    }
}

/// Once for each change of this process's own keys. Of several workers with different key files
/// each would else undo what the other found, for ever.
Result<bool> Filing::mustRecheck() {
    if (!keys_.digest()) {
        return false;
    }
    const auto checkedWith = store_.proofKeys();
    if (!checkedWith) {
        return tl::unexpected(checkedWith.error());
    }
    if (settled_ == keys_.digest()) {
        noteOthersKeys(*checkedWith);
        return false;
    }
    if (!settled_ && *checkedWith == keys_.digest()) {
        settled_ = keys_.digest();
        return false;
    }
    return true;
}

void Filing::noteOthersKeys(const std::optional<seal::Digest>& checkedWith) {
    if (checkedWith == settled_ || checkedWith == othersKeys_) {
        return;
    }
    othersKeys_ = checkedWith;
    trouble_ = Error{Code::InvalidConfig,
                     "another worker checks proofs with other keys or another edition of the event "
                     "file: give all workers the same files"};
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
        settled_ = recheck_->keys;
        recheck_.reset();
    }
    return true;
}

void Filing::checkSigned(const record::Position& position, Opened& opened) const {
    if (!opened.content) {
        return;
    }
    Content& content = *opened.content;
    record::PositionedUnit unit{position, std::move(content.unit), content.proof,
                                content.signature};
    const ProofState whole = keys_.checkSignature(unit);
    content.proofState = unit.unit.consents.empty() ? whole : keys_.check(unit);
    content.unit = std::move(unit.unit);
    // A no counts whoever signed it; the ledger takes no yes from such a unit.
    const bool saysNo = std::any_of(content.unit.consents.begin(), content.unit.consents.end(),
                                    [](const record::ConsentEvent& event) {
                                        return !record::isYes(event.state) &&
                                               event.state != record::ConsentState::Confirmed;
                                    });
    if (whole == ProofState::NotProven && saysNo) {
        // Of what else nobody signed, nothing does: a badge's key that anybody named would have the
        // hub close all it knows of a person with it.
        content.unit.contact.reset();
        content.unit.conversations.clear();
        content.unit.vault.reset();
    } else if (whole == ProofState::NotProven) {
        opened.content = tl::unexpected(NotOpened{
            Reason::NotProven, "no key that is known for its kiosk made the signature in its seal",
            content.unit.subject});
    } else if (content.proofState == ProofState::NotProven && !saysNo) {
        opened.content = tl::unexpected(
            NotOpened{Reason::NotProven, "no published key of its kiosk signed its receipt",
                      content.unit.subject});
    }
}

}  // namespace tapport::hub
