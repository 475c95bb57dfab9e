// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/opener/filing.h"

#include <algorithm>
#include <functional>
#include <iterator>

namespace tapport::hub {

void Filing::refreshKeys() {
    if (auto refreshed = keys_.refresh(); !refreshed) {
        trouble_ = refreshed.error().in("the former keys stay in use");
    }
}

Result<Filing::Piece> Filing::prepare(std::size_t most) {
    refreshKeys();
    const auto isStale = mustRecheck();
    if (!isStale) {
        return tl::unexpected(isStale.error());
    }
    if (!*isStale || !isRechecksTurn_) {
        auto units = store_.waiting(Whose::Own, most);
        if (!units) {
            return tl::unexpected(units.error());
        }
        if (!units->empty() || !*isStale) {
            // Also where they cannot be opened: the proofs do not wait for the opener.
            isRechecksTurn_ = *isStale;
            const bool hasMore = !units->empty();
            return Piece{hasMore, std::move(*units)};
        }
    }
    isRechecksTurn_ = false;
    return recheck(most).map([] { return Piece{true, {}}; });
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
    if (settled_ && settled_->keys == keys_.digest() && *checkedWith != keys_.digest()) {
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
    // What was begun is brought to its end, even if the keys are again those of before: some proofs
    // are as the others had it.
    if (!recheck_ && settled_ && settled_->keys == keys_.digest()) {
        noteOthersKeys(*checkedWith);
        return false;
    }
    if (!recheck_ && !settled_ && *checkedWith == keys_.digest()) {
        settled_ = {*keys_.digest(), keys_.basis()};
        return false;
    }
    beginRecheck(*checkedWith);
    return true;
}

/// Unless it goes on with the same.
void Filing::beginRecheck(const std::optional<seal::Digest>& checkedWith) {
    // Else another worker had yet other keys, and any proof may be as those said.
    const bool isKnown =
        settled_ && (checkedWith == settled_->keys || checkedWith == keys_.digest());
    if (recheck_ && recheck_->keys == *keys_.digest() && (isKnown || !recheck_->whose)) {
        return;
    }
    Recheck next{*keys_.digest(), std::nullopt, {}};
    if (isKnown && (!recheck_ || recheck_->whose)) {
        Kiosks whose = recheck_ ? std::move(*recheck_->whose) : Kiosks{};
        const auto add = [&](const ProofKeys::Basis& from, const ProofKeys::Basis& to) {
            for (const auto& [kiosk, keys] : from) {
                const auto other = to.find(kiosk);
                if (other == to.end() || other->second != keys) {
                    whose.insert(kiosk);
                }
            }
        };
        add(settled_->basis, keys_.basis());
        add(keys_.basis(), settled_->basis);
        next.left = whose;
        next.whose = std::move(whose);
    }
    recheck_ = std::move(next);
}

void Filing::noteOthersKeys(const std::optional<seal::Digest>& checkedWith) {
    if (checkedWith == settled_->keys || checkedWith == othersKeys_) {
        return;
    }
    othersKeys_ = checkedWith;
    trouble_ = Error{Code::InvalidConfig,
                     "another worker checks proofs with other keys or another edition of the event "
                     "file: give all workers the same files"};
}

Result<Filing::Slice> Filing::nextProofs(std::size_t most) {
    Slice slice;
    if (!recheck_->whose) {
        auto units = store_.proofs(recheck_->after, most);
        if (!units) {
            return tl::unexpected(units.error());
        }
        slice.isLast = units->size() < most;
        slice.units = std::move(*units);
        return slice;
    }
    constexpr std::size_t kMostKiosks = 50;  // each is a query, and ingest waits meanwhile
    for (std::size_t asked = 0;
         !recheck_->left.empty() && slice.units.size() < most && asked < kMostKiosks; ++asked) {
        const std::size_t room = most - slice.units.size();
        auto units = store_.proofsOf(*recheck_->left.begin(), recheck_->place, room);
        if (!units) {
            return tl::unexpected(units.error());
        }
        if (units->size() < room) {
            recheck_->left.erase(recheck_->left.begin());
            recheck_->place.reset();
        } else {
            const record::PositionedUnit& last = units->back().unit;
            recheck_->place = {last.position.epoch, last.position.seq, last.unit.id};
        }
        std::move(units->begin(), units->end(), std::back_inserter(slice.units));
    }
    slice.isLast = recheck_->left.empty();
    return slice;
}

Result<> Filing::recheck(std::size_t most) {
    if (!recheck_->hasRetried) {
        if (const auto again = store_.retryNotProven(); !again) {
            return again;
        }
        recheck_->hasRetried = true;
    }
    // Taken back when it could not be kept.
    const Recheck before = *recheck_;
    const auto slice = nextProofs(most);
    if (!slice) {
        recheck_ = before;
        return tl::unexpected(slice.error());
    }
    std::vector<ProofMark> marks;
    for (const Receipted& one : slice->units) {
        if (const ProofState state = keys_.check(one.unit); state != one.proof) {
            marks.push_back({one.unit.unit.id, state});
        }
        recheck_->after = one.unit.unit.id;
    }
    auto kept = marks.empty() ? Result<>{} : store_.mark(marks);
    if (kept && slice->isLast) {
        kept = store_.setProofKeys(recheck_->keys);
    }
    if (!kept) {
        recheck_ = before;
        return kept;
    }
    if (slice->isLast) {
        settled_ = {recheck_->keys, keys_.basis()};
        recheck_.reset();
    }
    return {};
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
