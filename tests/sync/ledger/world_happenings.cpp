// SPDX-License-Identifier: GPL-3.0-or-later
// What people, machines and cheats do in a world.
#include "tests/sync/ledger/world.h"

namespace tapport::ledger::world {

namespace {

using record::ConsentState;
using record::Method;

bool isYesState(const Happening& one) {
    return one.kind == Kind::Yes;
}

}  // namespace

void World::answer() {
    const std::size_t actor = isShowOver() ? 3 : pick(3);
    const std::size_t badge = pick(4) == 3 ? 1 : 0;
    const Scope& scope = scopes()[pick(3)];
    const std::size_t how = pick(24);
    if (how < 5) {
        // Without an earlier yes that the kiosk knows, a no stands under a one-off subject: this
        // person's history never hears of it.
        if (knowsYes(actor, badge, scope)) {
            happen(actor, make(actor, badge, scope, ConsentState::Withdrawn));
        }
        return;
    }
    const bool isAgain = knowsYes(actor, badge, scope);
    Happening yes =
        make(actor, badge, scope, isAgain ? ConsentState::Renewed : ConsentState::Given);
    yes.kind = Kind::Yes;
    record::ConsentEvent& event = yes.recorded.event;
    event.method = isShowOver() ? Method::ReceiptLink : Method::KioskYes;
    event.notice.language = "en";
    if (how == 5 || how == 6) {
        yes.noticeVersion = static_cast<std::uint32_t>(how - 4);
        event.notice.version = yes.noticeVersion;
        event.notice.hash = hashOfVersion(yes.noticeVersion);
    } else if (how == 7) {
        event.method = Method::Timeout;
        yes.isExpress = false;
    } else if (how == 8) {
        event.by = record::ExpressedBy::Controller;
        yes.isExpress = false;
    } else if (how == 9 || how == 10) {
        event.by = record::ExpressedBy::Guardian;
    } else if (how == 11) {
        // The person says: that erasure, under my other badge, was mine.
        const Set known = knows_[actor] & ~ofBadge(badge, ~Set{0});
        for (std::size_t i = 0; i < happenings_.size(); ++i) {
            if (happenings_[i].isErasure && (known & bit(i)) != 0) {
                event.causes.push_back(happenings_[i].recorded.event.id);
                yes.knew |= bit(i);
            }
        }
    }
    happen(actor, std::move(yes));
}

void World::withdraw() {
    const std::size_t actor = somewhere();
    const bool isOnPhone = actor == 3;
    Happening no =
        make(actor, pick(4) == 3 ? 1 : 0, scopes()[pick(3)],
             isOnPhone && pick(3) == 0 ? ConsentState::Refused : ConsentState::Withdrawn);
    no.recorded.event.method = isOnPhone ? Method::OneClick : Method::ReTap;
    happen(actor, std::move(no));
}

void World::sayLastWord() {
    const std::size_t actor = somewhere();
    const bool isErasure = pick(2) == 1;
    Happening word = make(actor, pick(2), scopes()[pick(3)],
                          isErasure ? ConsentState::Erased : ConsentState::Objected);
    word.kind = Kind::LastWord;
    word.isErasure = isErasure;
    happen(actor, std::move(word));
}

/// The mail goes out when the hub has the yes; its link is followed at any time after.
void World::confirm() {
    std::vector<std::size_t> mailed;
    for (const std::size_t number : arrivals_) {
        if (isYesState(happenings_[number])) {
            mailed.push_back(number);
        }
    }
    if (mailed.empty()) {
        return;
    }
    const std::size_t named = mailed[pick(mailed.size())];
    const record::ConsentEvent yes = happenings_[named].recorded.event;
    Happening click =
        make(kHub, happenings_[named].badge, {yes.purpose, yes.channel}, ConsentState::Confirmed);
    click.kind = Kind::Confirmation;
    click.confirmed = named;
    record::ConsentEvent& event = click.recorded.event;
    event.causes = {yes.id};  // the link tells of nothing else
    click.knew = bit(named) | happenings_[named].knew;
    const bool isMail = yes.channel == record::Channel::Email || pick(3) == 0;
    event.method = isMail ? Method::EmailConfirm : Method::OneClick;
    const Clock clock = clocks_[kHub];
    click.isProperlyConfirmed = isMail == (yes.channel == record::Channel::Email) &&
                                (clock == Clock::Synced || clock == Clock::Slow);
    happen(kHub, std::move(click));
}

void World::endByController() {
    constexpr std::array kEnds{ConsentState::Revoked, ConsentState::Invalidated,
                               ConsentState::Expired};
    Happening end = make(kHub, pick(4) == 3 ? 1 : 0, scopes()[pick(3)], kEnds[pick(3)]);
    end.recorded.event.by = record::ExpressedBy::Controller;
    happen(kHub, std::move(end));
}

void World::share() {
    const std::size_t from = pick(kActors);
    learn(pick(kActors - 1), knows_[from]);  // the hub learns by arrivals only
}

void World::deliver() {
    if (happenings_.empty()) {
        return;
    }
    for (std::size_t i = pick(4) + 1; i > 0; --i) {
        arrive(pick(happenings_.size()));  // often one that has arrived before
    }
}

void World::loseAndRestore() {
    const std::size_t actor = pick(kActors);
    const bool isRestored = pick(2) == 1;
    if (actor == kHub && isRestored) {
        arrivals_.resize(hubCopy_);
        forgeries_.erase(std::remove_if(forgeries_.begin(), forgeries_.end(),
                                        [&](const Forgery& one) { return one.after > hubCopy_; }),
                         forgeries_.end());
    } else if (actor == kHub) {
        hubCopy_ = arrivals_.size();
    }
    (isRestored ? knows_ : copy_)[actor] = (isRestored ? copy_ : knows_)[actor];
}

void World::forge() {
    if (happenings_.empty()) {
        return;
    }
    const std::size_t number = pick(happenings_.size());
    Recorded other = happenings_[number].recorded;
    other.event.state = ConsentState::Given;
    other.event.evidence.screen = "forged";
    arrive(number);
    forgeries_.push_back({arrivals_.size(), happenings_[number].badge, std::move(other)});
}

void World::passTime() {
    constexpr std::array<record::Millis, 5> kSpans{1h, 24h, 24h * 10, 24h * 200, 24h * 400};
    now_ += kSpans[pick(kSpans.size())];
}

bool World::knowsYes(std::size_t actor, std::size_t badge, const Scope& scope) const {
    for (std::size_t i = 0; i < happenings_.size(); ++i) {
        const record::ConsentEvent& event = happenings_[i].recorded.event;
        if ((knows_[actor] & bit(i)) != 0 && isYesState(happenings_[i]) &&
            happenings_[i].badge == badge && event.purpose == scope.purpose &&
            event.channel == scope.channel) {
            return true;
        }
    }
    return false;
}

}  // namespace tapport::ledger::world
