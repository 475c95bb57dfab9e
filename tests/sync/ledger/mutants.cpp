// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sync/ledger/mutants.h"

namespace tapport::ledger::world {
namespace {

using record::ConsentEvent;
using record::ConsentState;
using record::ExpressedBy;
using record::Method;

bool saysYes(const ConsentEvent& event) {
    return record::isYes(event.state);
}
bool isConfirmation(const ConsentEvent& event) {
    return event.state == ConsentState::Confirmed;
}
bool saysNo(const ConsentEvent& event) {
    return !saysYes(event) && !isConfirmation(event);
}
bool isHere(const ConsentEvent& event, const Scope& scope) {
    return event.purpose == scope.purpose && event.channel == scope.channel;
}
bool names(const ConsentEvent& later, const ConsentEvent& earlier) {
    return std::find(later.causes.begin(), later.causes.end(), earlier.id) != later.causes.end();
}

/// Shows every event changed.
template <typename Change>
bool withEach(HubView view, const Scope& scope, Change change) {
    for (Recorded& one : view.arrivals) {
        change(one.event);
    }
    return releases(view, scope);
}

template <typename Hide>
bool without(HubView view, const Scope& scope, Hide hide) {
    auto& all = view.arrivals;
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const Recorded& one) { return hide(one.event); }),
              all.end());
    return releases(view, scope);
}

bool withoutState(const HubView& view, const Scope& scope, ConsentState state) {
    return without(view, scope, [&](const ConsentEvent& event) { return event.state == state; });
}

/// First of each id, whatever came later under it.
std::vector<Recorded> firsts(const HubView& view) {
    std::vector<Recorded> result;
    for (const Recorded& one : view.arrivals) {
        if (std::none_of(result.begin(), result.end(),
                         [&](const Recorded& held) { return held.event.id == one.event.id; })) {
            result.push_back(one);
        }
    }
    return result;
}

/// Whoever comes later in some order is taken to have known all before.
template <typename Key>
bool inOrderOf(HubView view, const Scope& scope, Key key) {
    view.arrivals = firsts(view);
    std::stable_sort(view.arrivals.begin(), view.arrivals.end(),
                     [&](const Recorded& a, const Recorded& b) { return key(a) < key(b); });
    std::vector<record::RecordId> before;
    for (Recorded& one : view.arrivals) {
        if (!isConfirmation(one.event)) {
            one.event.causes = before;
            before.push_back(one.event.id);
        }
    }
    return releases(view, scope);
}

bool lastWriteWins(const HubView& view, const Scope& scope) {
    return inOrderOf(view, scope, [](const Recorded& one) { return one.event.at.wall; });
}

bool arrivalOrder(const HubView& view, const Scope& scope) {
    return inOrderOf(view, scope, [](const Recorded&) { return 0; });
}

/// Each event counts one more than what it names (Lamport): later is not the same as knowing.
bool logicalClock(const HubView& view, const Scope& scope) {
    const std::vector<Recorded> all = firsts(view);
    std::map<record::RecordId, std::size_t> count;
    for (std::size_t round = 0; round < all.size(); ++round) {
        for (const Recorded& one : all) {
            std::size_t most = 0;
            for (const record::RecordId& cause : one.event.causes) {
                most = std::max(most, count[cause]);
            }
            count[one.event.id] = most + 1;
        }
    }
    return inOrderOf(view, scope, [&](const Recorded& one) { return count[one.event.id]; });
}

bool namedReceiptOnly(const HubView& view, const Scope& scope) {
    return without(view, scope, [&](const ConsentEvent& event) {
        return saysNo(event) ||
               std::any_of(view.arrivals.begin(), view.arrivals.end(), [&](const Recorded& no) {
                   return saysNo(no.event) && names(no.event, event);
               });
    });
}

bool ignoreChannel(const HubView& view, const Scope& scope) {
    return withEach(view, scope, [&](ConsentEvent& event) {
        if (event.purpose == scope.purpose) {
            event.channel = scope.channel;
            event.notice.id = view.event->find(scope.purpose, scope.channel)->noticeId;
        }
    });
}

bool anyPurpose(const HubView& view, const Scope& scope) {
    return withEach(view, scope, [&](ConsentEvent& event) {
        if (event.channel == scope.channel) {
            event.purpose = scope.purpose;
            event.notice.id = view.event->find(scope.purpose, scope.channel)->noticeId;
        }
    });
}

bool ignoreNoticeVersion(const HubView& view, const Scope& scope) {
    return withEach(view, scope, [&](ConsentEvent& event) {
        event.notice = view.event->find(event.purpose, event.channel)->noticeRef("en");
    });
}

bool expiredCounts(const HubView& real, const Scope& scope) {
    HubView view = real;
    view.clock = {};
    view.floor = {};
    return releases(view, scope);
}

bool forgetsWhatHasPassed(const HubView& real, const Scope& scope) {
    HubView view = real;
    view.floor = {};
    return releases(view, scope);
}

bool believesEveryStamp(const HubView& view, const Scope& scope) {
    return withEach(view, scope,
                    [](ConsentEvent& event) { event.at.quality = record::ClockQuality::Synced; });
}

bool ignorePending(const HubView& real, const Scope& scope) {
    HubView view = real;
    view.event = &eventOf(false);
    return releases(view, scope);
}

bool anyConfirmation(const HubView& view, const Scope& scope) {
    return withEach(view, scope, [&](ConsentEvent& event) {
        for (const Recorded& other : view.arrivals) {
            if (isConfirmation(event) && isHere(other.event, {event.purpose, event.channel})) {
                event.causes.push_back(other.event.id);
            }
        }
    });
}

bool confirmationIsConsent(const HubView& view, const Scope& scope) {
    return withEach(view, scope, [](ConsentEvent& event) {
        if (isConfirmation(event)) {
            event.state = ConsentState::Given;
            event.method = Method::ReceiptLink;
        }
    });
}

bool oldLinkResubscribes(const HubView& view, const Scope& scope) {
    return without(view, scope, [&](const ConsentEvent& event) {
        return saysNo(event) &&
               std::any_of(view.arrivals.begin(), view.arrivals.end(), [&](const Recorded& click) {
                   return isConfirmation(click.event) && isHere(click.event, scope);
               });
    });
}

bool lateConfirmationCounts(const HubView& view, const Scope& scope) {
    return withEach(view, scope, [&](ConsentEvent& event) {
        if (isConfirmation(event)) {
            event.at.wall = view.event->firstDay;
        }
    });
}

bool mailConfirmsPhone(const HubView& view, const Scope& scope) {
    return withEach(view, scope, [](ConsentEvent& event) {
        if (isConfirmation(event) && event.channel == record::Channel::Phone) {
            event.method = Method::OneClick;
        }
    });
}

bool ignoreObjection(const HubView& view, const Scope& scope) {
    return withoutState(view, scope, ConsentState::Objected);
}

bool objectionToOneScopeOnly(const HubView& view, const Scope& scope) {
    return withEach(view, scope, [](ConsentEvent& event) {
        if (event.state == ConsentState::Objected) {
            event.state = ConsentState::Withdrawn;
        }
    });
}

bool ignoreErasure(const HubView& real, const Scope& scope) {
    HubView view = real;
    view.suppressions = Suppressions{SuppressionKey{}};
    return withoutState(view, scope, ConsentState::Erased);
}

bool ignoreSuppression(const HubView& real, const Scope& scope) {
    HubView view = real;
    view.suppressions = Suppressions{SuppressionKey{}};
    return releases(view, scope);
}

bool guardianLiftsLastWord(const HubView& view, const Scope& scope) {
    return withEach(view, scope, [](ConsentEvent& event) {
        if (event.by == ExpressedBy::Guardian) {
            event.by = ExpressedBy::Subject;
        }
    });
}

bool controllerMayConsent(const HubView& view, const Scope& scope) {
    return withEach(view, scope, [](ConsentEvent& event) { event.by = ExpressedBy::Subject; });
}

bool controllerMayNotEnd(const HubView& view, const Scope& scope) {
    return without(view, scope, [](const ConsentEvent& event) {
        return saysNo(event) && event.by == ExpressedBy::Controller;
    });
}

bool silenceIsConsent(const HubView& view, const Scope& scope) {
    return withEach(view, scope, [](ConsentEvent& event) {
        if (event.method == Method::Timeout) {
            event.method = Method::KioskYes;
        }
    });
}

/// A yes has to name each no itself.
bool causesNotTransitive(const HubView& view, const Scope& scope) {
    return std::any_of(view.arrivals.begin(), view.arrivals.end(), [&](const Recorded& yes) {
        if (!saysYes(yes.event) || !isHere(yes.event, scope)) {
            return false;
        }
        return withEach(view, scope, [&](ConsentEvent& event) {
            const bool isSeen = event.id == yes.event.id || isConfirmation(event);
            if (!isSeen) {
                event.causes.clear();
                event.method = saysYes(event) ? Method::Timeout : event.method;
            }
        });
    });
}

/// What is sent twice is said twice.
bool duplicateAsRenewal(const HubView& real, const Scope& scope) {
    HubView view = real;
    std::vector<record::RecordId> seen;
    for (Recorded& one : view.arrivals) {
        if (std::find(seen.begin(), seen.end(), one.event.id) != seen.end()) {
            one.event.id.bytes[7] = static_cast<std::uint8_t>(seen.size());
            one.event.causes = seen;
        }
        seen.push_back(one.event.id);
    }
    return releases(view, scope);
}

bool firstContentWins(const HubView& real, const Scope& scope) {
    HubView view = real;
    view.arrivals = firsts(view);
    return releases(view, scope);
}

}  // namespace

bool releases(const HubView& view, const Scope& scope) {
    ConsentLedger ledger(*view.event, view.suppressions, view.person);
    for (const Recorded& one : view.arrivals) {
        ledger.add(one);
    }
    const auto leads = ledger.releaseAll(view.now());
    return std::any_of(leads.begin(), leads.end(), [&](const ReleasableLead& lead) {
        return Scope{lead.purpose(), lead.channel()} == scope;
    });
}

const std::vector<Mutant>& mutants() {
    static const std::vector<Mutant> kMutants{
        {"last write wins", lastWriteWins},
        {"order of arrival", arrivalOrder},
        {"logical clock", logicalClock},
        {"a withdrawal ends only the receipt it names", namedReceiptOnly},
        {"channel ignored", ignoreChannel},
        {"any purpose", anyPurpose},
        {"version of the notice ignored", ignoreNoticeVersion},
        {"expired counts", expiredCounts},
        {"the hub forgets what time has passed", forgetsWhatHasPassed},
        {"every stamp is believed", believesEveryStamp},
        {"pending counts", ignorePending},
        {"any confirmation will do", anyConfirmation},
        {"a confirmation is consent", confirmationIsConsent},
        {"an old link brings back who left", oldLinkResubscribes},
        {"a late confirmation counts", lateConfirmationCounts},
        {"a mail confirms the telephone", mailConfirmsPhone},
        {"objection ignored", ignoreObjection},
        {"objection to one question only", objectionToOneScopeOnly},
        {"erasure ignored", ignoreErasure},
        {"suppression ignored", ignoreSuppression},
        {"a guardian lifts the last word", guardianLiftsLastWord},
        {"the controller may consent", controllerMayConsent},
        {"the controller may not end it", controllerMayNotEnd},
        {"silence is consent", silenceIsConsent},
        {"causes are not transitive", causesNotTransitive},
        {"a duplicate renews", duplicateAsRenewal},
        {"the first content under an id wins", firstContentWins},
    };
    return kMutants;
}

}  // namespace tapport::ledger::world
