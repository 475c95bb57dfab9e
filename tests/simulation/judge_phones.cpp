// SPDX-License-Identifier: GPL-3.0-or-later
// What people took back by phone. They believe what a page shows.
#include "tests/simulation/judge.h"

namespace tapport::simulation {

ActRef Judge::pressed(std::size_t attendee) {
    std::vector<Act>& acts = attendees_[attendee].acts;
    acts.emplace_back().isOnPhone = true;
    return {attendee, acts.size() - 1};
}

/// Once: each of its events takes back a yes that no withdrawal had, which was filed by then. One
/// that is not filed yet the hub may not know of.
void Judge::withdrew(const ActRef& press, const record::Unit& unit, const HubDisk& hub) {
    const auto isNew = [&](const record::RecordId& cause) {
        const auto others = takenBackBy_.find(cause);
        return byConsent_.contains(cause) &&
               (others == takenBackBy_.end() ||
                std::none_of(others->second.begin(), others->second.end(),
                             [&](const record::RecordId& id) { return hub.isFiled(id); }));
    };
    for (const record::ConsentEvent& event : unit.consents) {
        if (std::none_of(event.causes.begin(), event.causes.end(), isNew)) {
            throw Violation("what was taken back by phone is taken back once more");
        }
    }
    made_.insert(unit.id);
    onPhone_.emplace(unit.id, press);
    attendees_[press.attendee].acts[press.act].units.push_back(unit);
    for (const record::ConsentEvent& event : unit.consents) {
        for (const record::RecordId& cause : event.causes) {
            takenBackBy_[cause].insert(unit.id);
        }
    }
}

void Judge::tookBack(const ActRef& press, const std::set<record::RecordId>& yeses) {
    attendees_[press.attendee].acts[press.act].isConfirmed = true;
    shownOff_.insert(yeses.begin(), yeses.end());
}

bool Judge::isTakenBackByPhone(const record::RecordId& yes, const HubDisk& hub) const {
    const auto found = takenBackBy_.find(yes);
    return found != takenBackBy_.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [&](const record::RecordId& id) { return hub.isReadable(id); });
}

/// At any time: no kiosk has it, and nobody will bring it.
void Judge::checkPages(const HubDisk& hub) const {
    for (const record::RecordId& id : seen_) {
        if (!hub.isReadable(id) && !excused_.contains(id)) {
            throw Violation("lost: a withdrawal that a page confirmed");
        }
    }
}

void Judge::checkLinks(const HubDisk& hub) {
    std::map<record::Epoch, std::uint64_t> records;
    for (const auto& [id, row] : hub.rows()) {
        if (row.position.kiosk == record::kHubLink) {
            ++records[row.position.epoch];
        }
    }
    for (const auto& [epoch, count] : records) {
        const hub::Held& held = hub.data.held.at({record::kHubLink, epoch});
        if (held.receivedThrough() != count || held.prefix().seq != count) {
            throw Violation("a sequence of the hub's own has a hole, or is forked");
        }
    }
}

/// Who took it back, at a kiosk or by phone, in a record that is nowhere any more, is excused.
void Judge::checkTakenBack(const std::vector<hub::ProvenLead>& leads) const {
    for (const hub::ProvenLead& lead : leads) {
        const record::RecordId& yes = lead.lead.consent().id;
        if (!shownOff_.contains(yes)) {
            continue;
        }
        const Attendee& attendee = attendees_[byConsent_.at(yes).attendee];
        const bool isExcused =
            std::any_of(attendee.acts.begin(), attendee.acts.end(), [&](const Act& act) {
                return std::any_of(
                    act.units.begin(), act.units.end(),
                    [&](const record::Unit& unit) { return excused_.contains(unit.id); });
            });
        if (!isExcused) {
            throw Violation("exported: a yes that a page said is taken back");
        }
    }
}

std::uint64_t Judge::confirmedPresses() const {
    std::uint64_t presses = 0;
    for (const Attendee& attendee : attendees_) {
        presses += static_cast<std::uint64_t>(
            std::count_if(attendee.acts.begin(), attendee.acts.end(),
                          [](const Act& act) { return act.isOnPhone && act.isConfirmed; }));
    }
    return presses;
}

}  // namespace tapport::simulation
