// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sync/ledger/world.h"

namespace tapport::ledger::world {
namespace {

using record::ClockQuality;
using record::ConsentState;
using record::Method;

record::NoticeHash hashOfVersion(std::uint32_t version) {
    record::NoticeHash hash;
    hash.bytes.fill(static_cast<std::uint8_t>(version));
    return hash;
}

event::Event makeEvent(bool isDoubleOptIn) {
    event::Event event = eventInNovember();
    for (event::Ask& ask : event.asks) {
        ask.noticeVersion = 3;
        ask.noticeChange = event::NoticeChange::Wording;
        ask.earlierNotices = {{1, event::NoticeChange::Material, {{"en", hashOfVersion(1)}}},
                              {2, event::NoticeChange::Material, {{"en", hashOfVersion(2)}}}};
        ask.validity = std::chrono::days(365);
        for (auto& [language, notice] : ask.notices) {
            notice.hash = hashOfVersion(3);
        }
    }
    if (isDoubleOptIn) {
        event.profile.doubleOptIn = {record::Channel::Email, record::Channel::Phone};
    }
    return event;
}

Person personOf(std::size_t badge) {
    Person person;
    person.subject.bytes[0] = static_cast<std::uint8_t>(badge);
    person.contacts = {
        {{"Test Attendee", "", "test@example.com", badge == 0 ? "+49301" : "+49302", ""}, {}}};
    return person;
}

bool isYesState(const Happening& one) {
    return one.kind == Kind::Yes;
}

}  // namespace

const event::Event& eventOf(bool isDoubleOptIn) {
    static const event::Event kSingle = makeEvent(false);
    static const event::Event kDouble = makeEvent(true);
    return isDoubleOptIn ? kDouble : kSingle;
}

const std::vector<Scope>& scopes() {
    static const std::vector<Scope> kScopes{kSalesEmail, kSalesPhone, kNewsletter};
    return kScopes;
}

World::World(const Tape& tape, Look look)
    : tape_(tape),
      look_(std::move(look)),
      event_(eventOf(pick(3) == 0)),
      now_(event_.firstDay + 9h),
      hubFloor_(now_) {
    while (at_ < tape_.size() && happenings_.size() < kMostHappenings) {
        step();
    }
    for (std::size_t i = 0; i < happenings_.size(); ++i) {
        arrive(i);
    }
    isComplete_ = true;
    look_(*this);
}

std::size_t World::pick(std::size_t below) {
    return at_ < tape_.size() ? tape_[at_++] % below : 0;
}

void World::step() {
    now_ += 5min;
    if (clocks_[kHub] == Clock::Synced) {
        hubFloor_ = now_;  // a hub saves what time it was
    }
    switch (pick(22)) {
        default:
            return answer();
        case 8:
        case 9:
            return withdraw();
        case 10:
            return sayLastWord();
        case 11:
        case 12:
            return confirm();
        case 13:
            return endByController();
        case 14:
            return share();
        case 15:
            return deliver();
        case 16:
            return loseAndRestore();
        case 17:
        case 18:
            return passTime();
        case 19:
        case 20:
            clocks_[pick(kActors)] = static_cast<Clock>(pick(6));
            return;
        case 21:
            return pick(8) == 7 ? forge() : look_(*this);
    }
}

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

bool World::isShowOver() const {
    return now_ >= event_.lastDay + std::chrono::days(1);
}

/// At a kiosk while there is one, or on the phone.
std::size_t World::somewhere() {
    return isShowOver() ? 3 : pick(4);
}

record::ClockReading World::readClock(std::size_t actor) const {
    // What is done on the phone is stamped by the hub's page.
    switch (clocks_[actor == 3 ? kHub : actor]) {
        case Clock::Slow:
            return {now_ - 2h, ClockQuality::Holdover, {}, {}};
        case Clock::Ahead:
            return {now_ + 24h * 2000, ClockQuality::Holdover, {}, {}};
        case Clock::Reset:
            return {{}, ClockQuality::Unset, {}, {}};
        case Clock::Wild:
            return {now_ + 24h * 1000, ClockQuality::Unset, {}, {}};
        case Clock::Jumped:
            return {now_ + 24h * 100, ClockQuality::Stepped, {}, {}};
        case Clock::Synced:
            break;
    }
    return {now_, ClockQuality::Synced, {}, {}};
}

Happening World::make(std::size_t actor, std::size_t badge, const Scope& scope,
                      ConsentState state) {
    const event::Ask& ask = *event_.find(scope.purpose, scope.channel);
    Happening one;
    one.kind = Kind::No;
    one.badge = badge;
    one.trulyAt = now_;
    record::ConsentEvent& event = one.recorded.event;
    // The order of ids must tell nothing.
    event.id.bytes[0] = static_cast<std::uint8_t>(happenings_.size() * 151U);
    event.id.bytes[15] = static_cast<std::uint8_t>(happenings_.size());
    event.purpose = scope.purpose;
    event.channel = scope.channel;
    event.state = state;
    event.method = Method::KioskNo;
    event.notice = ask.noticeRef("en");
    event.at = readClock(actor);
    event.validUntil = event.at.wall + ask.validity;
    one.recorded.kiosk = {"actor-" + std::to_string(actor)};

    const Set known = ofBadge(badge, knows_[actor]);
    Set through = 0;
    for (std::size_t i = 0; i < happenings_.size(); ++i) {
        through |= (known & bit(i)) != 0 ? happenings_[i].knew : 0;
    }
    for (std::size_t i = 0; i < happenings_.size(); ++i) {
        if ((known & ~through & bit(i)) != 0) {
            event.causes.push_back(happenings_[i].recorded.event.id);
        }
    }
    one.knew = known | through;
    return one;
}

void World::happen(std::size_t actor, Happening happening) {
    const std::size_t number = happenings_.size();
    happenings_.push_back(std::move(happening));
    learn(actor, bit(number));
    if (actor >= 3) {
        arrive(number);
    }
}

void World::arrive(std::size_t happening) {
    arrivals_.push_back(happening);
    learn(kHub, bit(happening));
}

void World::learn(std::size_t actor, Set what) {
    knows_[actor] |= what;
    for (std::size_t i = 0; i < happenings_.size(); ++i) {
        knows_[actor] |= (what & bit(i)) != 0 ? happenings_[i].knew : 0;
    }
}

Set World::ofBadge(std::size_t badge, Set from) const {
    Set set = 0;
    for (std::size_t i = 0; i < happenings_.size(); ++i) {
        set |= happenings_[i].badge == badge ? from & bit(i) : 0;
    }
    return set;
}

Set World::setOf(const std::vector<std::size_t>& numbers) const {
    Set set = 0;
    for (const std::size_t number : numbers) {
        set |= bit(number);
    }
    return set;
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

HubView World::hubView(std::size_t badge) const {
    HubView view;
    view.event = &event_;
    view.person = personOf(badge);
    view.clock = readClock(kHub);
    view.floor = hubFloor_;
    for (std::size_t i = 0; i <= arrivals_.size(); ++i) {
        for (const Forgery& forgery : forgeries_) {
            if (forgery.after == i && forgery.badge == badge) {
                view.arrivals.push_back(forgery.recorded);
            }
        }
        if (i == arrivals_.size()) {
            break;
        }
        const Happening& one = happenings_[arrivals_[i]];
        if (one.badge == badge) {
            view.arrivals.push_back(one.recorded);
        }
        if (one.isErasure) {
            for (const ContactMark& mark :
                 view.suppressions.marksOf(personOf(one.badge).contacts[0].contact)) {
                view.suppressions.add(mark, one.recorded.event.id);
            }
        }
        if (one.recorded.event.at.quality == ClockQuality::Synced) {
            view.floor = std::max(view.floor, one.recorded.event.at.wall);
        }
    }
    for (const Recorded& one : view.arrivals) {
        view.person.contacts[0].with.push_back(one.event.id);
    }
    return view;
}

bool World::isForged(std::size_t badge) const {
    return std::any_of(forgeries_.begin(), forgeries_.end(),
                       [&](const Forgery& one) { return one.badge == badge; });
}

record::WallTime World::hubKnowsItIs() const {
    record::WallTime known = clocks_[kHub] == Clock::Synced ? now_ : hubFloor_;
    for (const std::size_t number : arrivals_) {
        if (happenings_[number].recorded.event.at.quality == ClockQuality::Synced) {
            known = std::max(known, happenings_[number].trulyAt);
        }
    }
    return known;
}

}  // namespace tapport::ledger::world
