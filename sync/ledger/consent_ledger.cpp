// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/consent_ledger.h"

#include "sync/ledger/answer.h"

namespace tapport::ledger {
namespace {

using record::ConsentState;
using Place = Causality::Place;
using Places = std::vector<Place>;

/// Those that no other one of the group was made knowing.
Places latestOf(const Places& group, const Causality& causality) {
    const Causality::Marks known = causality.knownBy(group);
    Places latest;
    std::copy_if(group.begin(), group.end(), std::back_inserter(latest),
                 [&](Place place) { return !known[place]; });
    return latest;
}

/// Each no is one of `latest` or known by one of them. Fails only for causes in a circle.
bool isCoveredBy(const Places& nos, const Places& latest, const Causality& causality) {
    Causality::Marks covered = causality.knownBy(latest);
    for (const Place place : latest) {
        covered[place] = true;
    }
    return std::all_of(nos.begin(), nos.end(), [&](Place no) { return covered[no]; });
}

}  // namespace

/// Everything about one scope that does not depend on the time of day.
struct ConsentLedger::Weighed {
    Places yeses;
    Places nos;       ///< the latest ones
    Places live;      ///< the latest of the yeses that were made knowing every no
    Places open;      ///< yeses that no no was made knowing
    bool isLastWord;  ///< an objection or erasure is among the nos
    std::vector<record::RecordId> suppressedBy;  ///< what the live yeses should have named besides
};

ConsentLedger::Weighed ConsentLedger::weigh(const Scope& scope, const Causality& causality) const {
    Weighed result{};
    Places nos;
    for (const Place place : causality.held()) {
        const record::ConsentEvent& one = causality.at(place)->event;
        if (isNo(one)) {
            if (concerns(one, scope)) {
                nos.push_back(place);
                result.isLastWord = result.isLastWord || ledger::isLastWord(one);
            }
        } else if (isYes(one) && one.purpose == scope.purpose && one.channel == scope.channel) {
            result.yeses.push_back(place);
        }
    }
    // What somebody knew of and nobody has brought yet may be a no.
    nos.insert(nos.end(), causality.missing().begin(), causality.missing().end());
    const Causality::Marks undone = causality.knownBy(nos);
    const auto isUndone = [&](Place yes) { return undone[yes]; };
    std::remove_copy_if(result.yeses.begin(), result.yeses.end(), std::back_inserter(result.open),
                        isUndone);
    result.nos = latestOf(nos, causality);

    Places live;
    if (isCoveredBy(nos, result.nos, causality)) {
        live = result.open;
    } else {
        result.nos = nos;
    }
    const auto isByAnother = [&](Place yes) {
        return causality.at(yes)->event.by != record::ExpressedBy::Subject;
    };
    if (result.isLastWord) {
        live.erase(std::remove_if(live.begin(), live.end(), isByAnother), live.end());
    }
    for (const Place no : result.nos) {
        if (live.empty()) {
            break;
        }
        const Causality::Marks knowing = causality.knowing(no);
        live.erase(
            std::remove_if(live.begin(), live.end(), [&](Place yes) { return !knowing[yes]; }),
            live.end());
    }
    result.live = latestOf(live, causality);

    const event::Ask* ask = event_.find(scope.purpose, scope.channel);
    const auto endings =
        ask ? suppressions_.endingsOf(person_.contact, ask->uses) : std::set<record::RecordId>{};
    for (const record::RecordId& ending : endings) {
        const bool isNamed = std::all_of(result.live.begin(), result.live.end(), [&](Place yes) {
            return causality.knew(causality.idAt(yes), ending) && !isByAnother(yes);
        });
        if (!isNamed) {
            result.suppressedBy.push_back(ending);
        }
    }
    return result;
}

Decision ConsentLedger::judge(const Recorded& yes, const record::TrustedNow& now) const {
    const event::Ask* ask = event_.find(yes.event.purpose, yes.event.channel);
    if (ask == nullptr || !ask->covers(yes.event.notice) ||
        now.latest() >= endOf(yes.event, *ask, event_)) {
        return {Standing::Expired, yes};
    }
    if (event_.profile.doubleOptIn.count(yes.event.channel) == 0) {
        return {Standing::Given, yes};
    }
    for (const auto& [id, one] : history_.events()) {
        if (confirms(one.event, yes.event, event_)) {
            return {Standing::Given, yes, one};
        }
    }
    const auto until = beginOf(yes.event, event_) + event_.profile.confirmWithin;
    return {now.latest() <= until ? Standing::Pending : Standing::Deferred, yes};
}

bool ConsentLedger::mayStillCount(const std::vector<Place>& yeses, const record::TrustedNow& now,
                                  const Causality& causality) const {
    return std::any_of(yeses.begin(), yeses.end(), [&](Place yes) {
        const Standing standing = judge(*causality.at(yes), now).standing;
        return standing == Standing::Given || standing == Standing::Pending;
    });
}

Decision ConsentLedger::decide(const Scope& scope, const record::TrustedNow& now,
                               const Causality& causality) const {
    if (history_.isContested()) {
        return {Standing::Withheld};
    }
    const Weighed weighed = weigh(scope, causality);
    Decision decision;
    for (const Place place : weighed.live) {
        if (Decision one = judge(*causality.at(place), now); one.standing > decision.standing) {
            decision = std::move(one);
        }
    }
    if (decision.standing == Standing::Given) {
        // One that waits for its confirmation may have brought another address, live or not.
        for (const Place place : latestOf(weighed.open, causality)) {
            Decision one = judge(*causality.at(place), now);
            if (one.standing == Standing::Pending || one.standing == Standing::Deferred) {
                decision = std::move(one);
            }
        }
    }
    if (decision.standing != Standing::Unknown) {
        if (decision.standing != Standing::Expired && !weighed.suppressedBy.empty()) {
            return {Standing::Withheld, decision.by};
        }
        if (decision.standing == Standing::Given) {
            const auto before = causality.knownBy({*causality.find(decision.by->event.id)});
            const bool isRenewed = decision.by->event.state == ConsentState::Renewed ||
                                   std::any_of(weighed.yeses.begin(), weighed.yeses.end(),
                                               [&](Place earlier) { return before[earlier]; });
            decision.standing = isRenewed ? Standing::Renewed : Standing::Given;
        }
        return decision;
    }
    for (const Place place : weighed.nos) {
        const Recorded* no = causality.at(place);
        if (no && standingAfter(no->event) > decision.standing) {
            decision = {standingAfter(no->event), *no};
        }
    }
    const bool isFinal = decision.by && ledger::isLastWord(decision.by->event);
    if (!isFinal && mayStillCount(weighed.open, now, causality)) {
        decision.standing = Standing::Withheld;
    }
    return decision;
}

Decision ConsentLedger::decide(const Scope& scope, const record::TrustedNow& now) const {
    return decide(scope, now, Causality(history_));
}

bool ConsentLedger::isEligible(const Scope& scope, const record::TrustedNow& now) const {
    return ledger::isEligible(decide(scope, now).standing);
}

std::optional<ReleasableLead> ConsentLedger::release(const event::Ask& ask,
                                                     const Decision& decision) const {
    if (!ledger::isEligible(decision.standing)) {
        return std::nullopt;
    }
    return ReleasableLead(*decision.by, decision.confirmation, person_, ask.uses);
}

std::optional<ReleasableLead> ConsentLedger::release(const Scope& scope,
                                                     const record::TrustedNow& now) const {
    const event::Ask* ask = event_.find(scope.purpose, scope.channel);
    return ask ? release(*ask, decide(scope, now)) : std::nullopt;
}

std::vector<ReleasableLead> ConsentLedger::releaseAll(const record::TrustedNow& now) const {
    const Causality causality(history_);
    std::vector<ReleasableLead> leads;
    for (const event::Ask& ask : event_.asks) {
        const Decision decision = decide({ask.purpose, ask.channel}, now, causality);
        if (auto lead = release(ask, decision); lead) {
            leads.push_back(std::move(*lead));
        }
    }
    return leads;
}

std::vector<Reconfirmation> ConsentLedger::needsReconfirmation(
    const record::TrustedNow& now) const {
    using Reason = Reconfirmation::Reason;
    const Causality causality(history_);
    std::vector<Reconfirmation> list;
    for (const event::Ask& ask : event_.asks) {
        const Scope scope{ask.purpose, ask.channel};
        if (history_.isContested()) {
            list.push_back({scope, Reason::Contested, {}});
            continue;
        }
        const Weighed weighed = weigh(scope, causality);
        const bool isLive = !weighed.live.empty();
        if ((isLive && weighed.suppressedBy.empty()) ||
            !mayStillCount(isLive ? weighed.live : weighed.open, now, causality)) {
            continue;
        }
        Reconfirmation one{scope, isLive ? Reason::Suppressed : Reason::UnseenNo,
                           weighed.suppressedBy};
        for (const Place no : weighed.nos) {
            one.toName.push_back(causality.idAt(no));
        }
        list.push_back(std::move(one));
    }
    return list;
}

bool ConsentLedger::mustForget(const record::TrustedNow& now) const {
    const Causality causality(history_);
    return std::all_of(event_.asks.begin(), event_.asks.end(), [&](const event::Ask& ask) {
        switch (decide({ask.purpose, ask.channel}, now, causality).standing) {
            case Standing::Given:
            case Standing::Renewed:
            case Standing::Pending:
            case Standing::Withheld:
                return false;
            case Standing::Expired:
            case Standing::Deferred:
                return now.isCertain();
            default:
                return true;
        }
    });
}

std::string_view nameOf(Reconfirmation::Reason reason) {
    switch (reason) {
        case Reconfirmation::Reason::UnseenNo:
            return "unseen no";
        case Reconfirmation::Reason::Suppressed:
            return "suppressed";
        case Reconfirmation::Reason::Contested:
            return "contested";
    }
    return "contested";
}

}  // namespace tapport::ledger
