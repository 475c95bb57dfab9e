// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/consent_ledger.h"

namespace tapport::ledger {
namespace {

using record::ConsentState;

bool isYes(const Recorded& one) {
    return one.event.state == ConsentState::Given || one.event.state == ConsentState::Renewed;
}

// Objection and erasure are the person's last word on everything, not on one question.
bool concernsAll(const Recorded& one) {
    return one.event.state == ConsentState::Objected || one.event.state == ConsentState::Erased;
}

Standing standingOf(ConsentState state) {
    switch (state) {
        case ConsentState::Given:
            return Standing::Given;
        case ConsentState::Renewed:
            return Standing::Renewed;
        case ConsentState::Refused:
            return Standing::Refused;
        case ConsentState::Withdrawn:
            return Standing::Withdrawn;
        case ConsentState::Expired:
            return Standing::Expired;
        case ConsentState::Objected:
            return Standing::Objected;
        case ConsentState::Erased:
            return Standing::Erased;
        case ConsentState::Confirmed:
        case ConsentState::Revoked:
        case ConsentState::Invalidated:
            break;
    }
    return Standing::Withheld;
}

using Group = std::vector<const Recorded*>;

struct Split {
    Group yes;
    Group no;
};

Split splitFor(const Scope& scope, const History& history) {
    Split split;
    for (const auto& [id, one] : history.events()) {
        const bool isHere =
            one.event.purpose == scope.purpose && one.event.channel == scope.channel;
        if (isHere && isYes(one)) {
            split.yes.push_back(&one);
        } else if ((isHere && !isYes(one)) || concernsAll(one)) {
            split.no.push_back(&one);
        }
    }
    return split;
}

/// Those that no other one of the group was made knowing.
Group latest(const Group& group, const History& history) {
    Group heads;
    for (const Recorded* one : group) {
        const bool isSuperseded =
            std::any_of(group.begin(), group.end(), [&](const Recorded* other) {
                return other != one && history.knew(other->event.id, one->event.id);
            });
        if (!isSuperseded) {
            heads.push_back(one);
        }
    }
    return heads;
}

/// Made knowing every no. The second half only fails for causes that run in a circle: no honest
/// kiosk makes such, and then the no stands.
bool isLive(const Recorded* yes, const Group& denials, const History& history) {
    return std::all_of(denials.begin(), denials.end(), [&](const Recorded* no) {
        return history.knew(yes->event.id, no->event.id) &&
               !history.knew(no->event.id, yes->event.id);
    });
}

bool isUndone(const Recorded* yes, const Group& denials, const History& history) {
    return std::any_of(denials.begin(), denials.end(), [&](const Recorded* no) {
        return history.knew(no->event.id, yes->event.id);
    });
}

bool follows(const Recorded* yes, const Group& all, const History& history) {
    return std::any_of(all.begin(), all.end(), [&](const Recorded* earlier) {
        return earlier != yes && history.knew(yes->event.id, earlier->event.id);
    });
}

/// Of the latest denials the one that reaches furthest; null when there is none.
const Recorded* strongestOf(const Group& denials, const History& history) {
    const Group heads = latest(denials, history);
    const auto found =
        std::max_element(heads.begin(), heads.end(), [](const Recorded* a, const Recorded* b) {
            return standingOf(a->event.state) < standingOf(b->event.state);
        });
    return found == heads.end() ? nullptr : *found;
}

}  // namespace

std::string_view nameOf(Standing standing) {
    switch (standing) {
        case Standing::Unknown:
            return "unknown";
        case Standing::Given:
            return "given";
        case Standing::Renewed:
            return "renewed";
        case Standing::Withheld:
            return "withheld";
        case Standing::Expired:
            return "expired";
        case Standing::Refused:
            return "refused";
        case Standing::Withdrawn:
            return "withdrawn";
        case Standing::Objected:
            return "objected";
        case Standing::Erased:
            return "erased";
    }
    return "unknown";
}

bool ConsentLedger::isCovered(const record::ConsentEvent& yes) const {
    const event::Ask* ask = event_.find(yes.purpose, yes.channel);
    return ask != nullptr && ask->covers(yes.notice);
}

Decision ConsentLedger::decide(const Scope& scope, record::WallTime now) const {
    if (history_.isContested()) {
        return {Standing::Withheld, std::nullopt};
    }
    const Split split = splitFor(scope, history_);
    const Group& yes = split.yes;
    const Group& no = split.no;
    Group live;
    for (const Recorded* one : yes) {
        if (isLive(one, no, history_)) {
            live.push_back(one);
        }
    }
    const Group heads = latest(live, history_);
    for (const Recorded* one : heads) {
        if (now < one->event.validUntil && isCovered(one->event)) {
            const bool isRenewed =
                one->event.state == ConsentState::Renewed || follows(one, yes, history_);
            return {isRenewed ? Standing::Renewed : Standing::Given, *one};
        }
    }
    if (!heads.empty()) {
        return {Standing::Expired, *heads.front()};
    }
    const Recorded* strongest = strongestOf(no, history_);
    if (strongest == nullptr) {
        return {};
    }
    const bool isOpen = std::any_of(
        yes.begin(), yes.end(), [&](const Recorded* one) { return !isUndone(one, no, history_); });
    if (isOpen && !concernsAll(*strongest)) {
        return {Standing::Withheld, *strongest};
    }
    return {standingOf(strongest->event.state), *strongest};
}

bool ConsentLedger::isEligible(const Scope& scope, record::WallTime now) const {
    const Standing standing = decide(scope, now).standing;
    return standing == Standing::Given || standing == Standing::Renewed;
}

std::optional<ReleasableLead> ConsentLedger::release(const Scope& scope, const Person& person,
                                                     record::WallTime now) const {
    const Decision decision = decide(scope, now);
    if (decision.standing != Standing::Given && decision.standing != Standing::Renewed) {
        return std::nullopt;
    }
    return ReleasableLead(*decision.by, person, event_.find(scope.purpose, scope.channel)->uses);
}

std::vector<ReleasableLead> ConsentLedger::releaseAll(const Person& person,
                                                      record::WallTime now) const {
    std::vector<ReleasableLead> leads;
    for (const event::Ask& ask : event_.asks) {
        if (auto lead = release({ask.purpose, ask.channel}, person, now); lead) {
            leads.push_back(std::move(*lead));
        }
    }
    return leads;
}

}  // namespace tapport::ledger
