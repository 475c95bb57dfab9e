// SPDX-License-Identifier: GPL-3.0-or-later
// How a world comes to its rest, and what must hold then.
#include "tests/simulation/world.h"

namespace tapport::simulation {

bool World::isSettled() {
    if (clock_.now() < kQuietAt || !hub_.isUp() || hub_.disk().hasSealed() || !phones_.areIdle()) {
        return false;
    }
    for (std::size_t i = 0; i < kiosks_.size(); ++i) {
        if (carriedAway_.count(i) > 0 || (kiosks_[i]->isDone() && kiosks_[i]->isTold())) {
            continue;
        }
        // Of two clones each needs its turn: they take the connection from each other.
        const auto other = links_[kiosks_[i]->name().value].kiosk;
        if (other && *other != i && kiosks_[*other]->isDone()) {
            carryAway(*other);
        }
        return false;
    }
    return true;
}

/// This one is done, and is unplugged, so that its clone can finish.
void World::carryAway(std::size_t kiosk) {
    carriedAway_.insert(kiosk);
    Link& link = links_[kiosks_[kiosk]->name().value];
    link = {std::nullopt, link.connection + 1};
}

void World::judgeTheEnd() {
    const auto leads = hub_.exportLeads(hubTime());
    if (!leads) {
        throw Violation("no export, although all is opened");
    }
    report_.exported += leads->size();
    judge_.exported(*leads, hub_.disk());
    judge_.settled(*leads, hub_.disk());
    report_.confirmed = judge_.confirmedRecords();
    report_.takenBack = judge_.confirmedPresses();
    report_.told = hub_.disk().toldThrough().urgent + hub_.disk().toldThrough().bulk;
    for (std::size_t i = 0; i < kiosks_.size(); ++i) {
        if (carriedAway_.count(i) == 0) {
            judgeWhatIsTold(*kiosks_[i]);
        }
    }
    for (const auto& kiosk : kiosks_) {
        report_.forks += kiosk->forks();
        report_.dropped += kiosk->outbox().counts()->dropped;
        if (isCopying()) {
            continue;
        }
        for (const agent::OutboxEpoch& epoch : kiosk->outbox().epochsOnCard()) {
            const auto held = hub_.disk().held({kiosk->name(), epoch.epoch}).value();
            if (epoch.last != 0 && held.prefix() != wire::Prefix{epoch.last, epoch.lastChain}) {
                throw Violation("the hub's records of a kiosk are not what it recorded, in order");
            }
        }
    }
    if (report_.forks != 0 && !hasDiverged_) {
        throw Violation("a kiosk took itself for a copy");
    }
}

/// Of an attendee: what a screen would show now.
void World::judgeWhatIsTold(const Kiosk& kiosk) {
    Judge::told(kiosk.told().items(), hub_.disk());
    for (const Attendee& attendee : judge_.attendees()) {
        if (const auto known = kiosk.recall(attendee.badge.identity.vault).entry) {
            judge_.shown(attendee, *known, hub_.disk());
        }
    }
}

}  // namespace tapport::simulation
