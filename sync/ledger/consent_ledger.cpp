// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/consent_ledger.h"

#include "sync/ledger/answer.h"

#include <functional>

namespace tapport::ledger {
namespace {

using record::ConsentState;
using Place = Causality::Place;
using Places = std::vector<Place>;
using Reason = Reconfirmation::Reason;

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

bool isByTheSubject(const record::ConsentEvent& event) {
    return event.by == record::ExpressedBy::Subject;
}

}  // namespace

/// Everything about one scope that does not depend on the time of day.
struct ConsentLedger::Weighed {
    Places yeses;
    Places nos;          ///< the latest ones
    Places live;         ///< the latest of the yeses that were made knowing every no
    Places open;         ///< yeses that no no was made knowing
    Places doubted;      ///< like open, but not beyond doubt: they are in none of the others
    Places doubtedLive;  ///< of these, what was made knowing every no
    bool isLastWord;     ///< an objection or erasure is among the nos
};

/// What the answers to one question are based on, worked out once.
struct ConsentLedger::Basis {
    Basis(const ConsentLedger& ledger, const record::TrustedNow& at)
        : now(at), causality(ledger.history_) {
        Places standing;
        for (Scope& scope : ledger.scopes()) {
            Weighed weighed = ledger.weigh(scope, causality);
            std::copy_if(weighed.live.begin(), weighed.live.end(), std::back_inserter(standing),
                         [&](Place yes) {
                             return ledger.judge(*causality.at(yes), now).standing ==
                                    Standing::Given;
                         });
            scopes.emplace_back(std::move(scope), std::move(weighed));
        }
        contacts.emplace(ledger.person_.contacts, causality, standing);
    }
    Basis(const Basis&) = delete;
    Basis& operator=(const Basis&) = delete;

    record::TrustedNow now;
    Causality causality;
    std::vector<std::pair<Scope, Weighed>> scopes;
    std::optional<ContactChoice> contacts;
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
        } else if (isExpressYes(one) && one.purpose == scope.purpose &&
                   one.channel == scope.channel) {
            result.yeses.push_back(place);
        }
    }
    // What somebody knew of and nobody has brought yet may be a no.
    nos.insert(nos.end(), causality.missing().begin(), causality.missing().end());
    const Causality::Marks undone = causality.knownBy(nos);
    for (const Place yes : result.yeses) {
        if (!undone[yes]) {
            (isBeyondDoubt(*causality.at(yes)) ? result.open : result.doubted).push_back(yes);
        }
    }
    result.nos = latestOf(nos, causality);
    if (isCoveredBy(nos, result.nos, causality)) {
        result.live = result.open;
        result.doubtedLive = result.doubted;
    } else {
        result.nos = nos;
    }
    const auto keepLive = [&](const auto& counts) {
        for (Places* const live : {&result.live, &result.doubtedLive}) {
            live->erase(std::remove_if(live->begin(), live->end(), std::not_fn(counts)),
                        live->end());
        }
    };
    if (result.isLastWord) {
        keepLive([&](Place yes) { return isByTheSubject(causality.at(yes)->event); });
    }
    for (const Place no : result.nos) {
        if (result.live.empty() && result.doubtedLive.empty()) {
            break;
        }
        const Causality::Marks knowing = causality.knowing(no);
        keepLive([&](Place yes) { return knowing[yes]; });
    }
    result.live = latestOf(result.live, causality);
    return result;
}

std::vector<Scope> ConsentLedger::scopes() const {
    std::vector<Scope> scopes;
    scopes.reserve(event_.asks.size());
    for (const event::Ask& ask : event_.asks) {
        scopes.push_back({ask.purpose, ask.channel});
    }
    std::set<Scope> others;
    for (const auto& [id, one] : history_.events()) {
        if (isExpressYes(one.event) && !event_.find(one.event.purpose, one.event.channel)) {
            others.insert({one.event.purpose, one.event.channel});
        }
    }
    scopes.insert(scopes.end(), others.begin(), others.end());
    return scopes;
}

bool ConsentLedger::isBeyondDoubt(const Recorded& yes) const {
    const event::Ask* const ask = event_.find(yes.event.purpose, yes.event.channel);
    return yes.credence == Credence::Full && ask && ask->knows(yes.event.notice);
}

Decision ConsentLedger::judge(const Recorded& yes, const record::TrustedNow& now) const {
    const event::Ask* const ask = event_.find(yes.event.purpose, yes.event.channel);
    const bool isOtherAgreement =
        ask && ask->knows(yes.event.notice) && !ask->covers(yes.event.notice);
    if (isOtherAgreement || now.latest() >= endOf(yes.event, event_)) {
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

bool ConsentLedger::mayStillCount(const Places& yeses, const Basis& basis) const {
    return std::any_of(yeses.begin(), yeses.end(), [&](Place yes) {
        const Standing standing = judge(*basis.causality.at(yes), basis.now).standing;
        return standing == Standing::Given || standing == Standing::Pending;
    });
}

std::vector<record::RecordId> ConsentLedger::suppressorsOf(const Scope& scope,
                                                           const Weighed& weighed,
                                                           const Basis& basis) const {
    std::set<record::RecordId> unnamed;
    const event::Ask* const ask = event_.find(scope.purpose, scope.channel);
    for (const Place yes : ask ? weighed.live : Places{}) {
        const bool isOwn = isByTheSubject(basis.causality.at(yes)->event);
        for (const auto& ending : suppressions_.endingsOf(basis.contacts->of(yes), ask->uses)) {
            if (!isOwn || !basis.causality.knew(basis.causality.idAt(yes), ending)) {
                unnamed.insert(ending);
            }
        }
    }
    return {unnamed.begin(), unnamed.end()};
}

Decision ConsentLedger::decide(const Scope& scope, const Basis& basis) const {
    if (history_.isContested()) {
        return {Standing::Withheld};
    }
    const Causality& causality = basis.causality;
    const auto found = std::find_if(basis.scopes.begin(), basis.scopes.end(),
                                    [&](const auto& one) { return one.first == scope; });
    std::optional<Weighed> unasked;
    const Weighed& weighed =
        found == basis.scopes.end() ? unasked.emplace(weigh(scope, causality)) : found->second;
    Decision decision;
    for (const Place place : weighed.live) {
        if (Decision one = judge(*causality.at(place), basis.now);
            one.standing > decision.standing) {
            decision = std::move(one);
        }
    }
    if (decision.standing == Standing::Given) {
        // One that waits for its confirmation may have brought another address, live or not.
        for (const Place place : latestOf(weighed.open, causality)) {
            Decision one = judge(*causality.at(place), basis.now);
            if (one.standing == Standing::Pending || one.standing == Standing::Deferred) {
                decision = std::move(one);
            }
        }
    }
    if (decision.standing == Standing::Given) {
        const auto before = causality.knownBy({*causality.find(decision.by->event.id)});
        const bool isRenewed = decision.by->event.state == ConsentState::Renewed ||
                               std::any_of(weighed.yeses.begin(), weighed.yeses.end(),
                                           [&](Place earlier) { return before[earlier]; });
        decision.standing = isRenewed ? Standing::Renewed : Standing::Given;
    }
    const bool hasEnded = decision.standing == Standing::Unknown ||
                          decision.standing == Standing::Expired ||
                          decision.standing == Standing::Deferred;
    if (hasEnded && mayStillCount(weighed.doubtedLive, basis)) {
        return {Standing::Withheld};
    }
    if (decision.standing != Standing::Unknown) {
        if (decision.standing != Standing::Expired &&
            !suppressorsOf(scope, weighed, basis).empty()) {
            decision.standing = Standing::Withheld;
            decision.confirmation.reset();
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
    if (!isFinal && (mayStillCount(weighed.open, basis) || mayStillCount(weighed.doubted, basis))) {
        decision.standing = Standing::Withheld;
    }
    return decision;
}

Decision ConsentLedger::decide(const Scope& scope, const record::TrustedNow& now) const {
    return decide(scope, Basis(*this, now));
}

std::vector<ReleasableLead> ConsentLedger::releaseAll(const record::TrustedNow& now) const {
    const Basis basis(*this, now);
    std::vector<ReleasableLead> leads;
    for (const event::Ask& ask : event_.asks) {
        Decision decision = decide({ask.purpose, ask.channel}, basis);
        if (isEligible(decision.standing)) {
            const Place yes = *basis.causality.find(decision.by->event.id);
            leads.push_back(ReleasableLead(std::move(*decision.by),
                                           std::move(decision.confirmation), person_,
                                           basis.contacts->of(yes), ask.uses));
        }
    }
    return leads;
}

std::optional<Reason> ConsentLedger::whyAskAgain(const Weighed& weighed,
                                                 const std::vector<record::RecordId>& suppressors,
                                                 const Basis& basis) const {
    if (!weighed.live.empty() && mayStillCount(weighed.live, basis)) {
        return suppressors.empty() ? std::nullopt : std::optional(Reason::Suppressed);
    }
    if (weighed.live.empty() && mayStillCount(weighed.open, basis)) {
        return Reason::UnseenNo;
    }
    if (!mayStillCount(weighed.doubted, basis)) {
        return std::nullopt;
    }
    const bool isDoubted = std::any_of(
        weighed.doubted.begin(), weighed.doubted.end(),
        [&](Place yes) { return basis.causality.at(yes)->credence == Credence::Doubted; });
    return isDoubted ? Reason::Unproven : Reason::OtherEdition;
}

std::vector<Reconfirmation> ConsentLedger::needsReconfirmation(
    const record::TrustedNow& now) const {
    const Basis basis(*this, now);
    std::vector<Reconfirmation> list;
    for (const auto& [scope, weighed] : basis.scopes) {
        if (history_.isContested()) {
            list.push_back({scope, Reason::Contested, {}});
            continue;
        }
        auto toName = suppressorsOf(scope, weighed, basis);
        const auto reason = whyAskAgain(weighed, toName, basis);
        if (!reason) {
            continue;
        }
        for (const Place no : weighed.nos) {
            toName.push_back(basis.causality.idAt(no));
        }
        list.push_back({scope, *reason, std::move(toName)});
    }
    return list;
}

bool ConsentLedger::mustForget(const record::TrustedNow& now) const {
    const Basis basis(*this, now);
    const auto hasRunOut = [&](Place yes) {
        return now.latest() >= endOf(basis.causality.at(yes)->event, event_);
    };
    return std::all_of(basis.scopes.begin(), basis.scopes.end(), [&](const auto& one) {
        const auto& [scope, weighed] = one;
        switch (decide(scope, basis).standing) {
            case Standing::Given:
            case Standing::Renewed:
            case Standing::Pending:
            case Standing::Withheld:
                return false;
            case Standing::Expired:
                return now.isCertain() &&
                       std::all_of(weighed.live.begin(), weighed.live.end(), hasRunOut);
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
        case Reconfirmation::Reason::OtherEdition:
            return "other edition of the event file";
        case Reconfirmation::Reason::Unproven:
            return "signature not proven";
    }
    return "contested";
}

}  // namespace tapport::ledger
