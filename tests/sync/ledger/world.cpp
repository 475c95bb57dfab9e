// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sync/ledger/world.h"

namespace tapport::ledger::world {
namespace {

using record::ClockQuality;
using record::ConsentState;
using record::Method;

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

}  // namespace

record::NoticeHash hashOfVersion(std::uint32_t version) {
    record::NoticeHash hash;
    hash.bytes.fill(static_cast<std::uint8_t>(version));
    return hash;
}

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
