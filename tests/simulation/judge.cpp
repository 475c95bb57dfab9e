// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/judge.h"

#include "sync/record/codec.h"

namespace tapport::simulation {
namespace {

template <typename Id>
Id idOf(std::size_t n) {
    Id id;
    id.bytes.fill(static_cast<std::uint8_t>(n + 1));
    return id;
}

std::vector<record::RecordId> idsOf(const std::vector<record::Unit>& units) {
    std::vector<record::RecordId> ids;
    ids.reserve(units.size());
    for (const record::Unit& unit : units) {
        ids.push_back(unit.id);
    }
    return ids;
}

bool isNo(record::ConsentState state) {
    return state == record::ConsentState::Withdrawn || state == record::ConsentState::Objected ||
           state == record::ConsentState::Erased;
}

bool concerns(const record::ConsentEvent& no, const record::ConsentEvent& yes) {
    return no.purpose.value == record::kEveryPurpose ||
           (no.purpose == yes.purpose && no.channel == yes.channel);
}

/// Says no to `yes` in a record that the hub could read.
bool takesBack(const Act& act, const record::ConsentEvent& yes, const HubDisk& hub) {
    for (const record::Unit& unit : act.units) {
        for (const record::ConsentEvent& event : unit.consents) {
            if (isNo(event.state) && concerns(event, yes) && hub.isReadable(unit.id)) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace

Judge::Judge(std::size_t attendees) {
    for (std::size_t i = 0; i < attendees; ++i) {
        const std::string number = std::to_string(i + 1);
        visit::BadgeSeen badge;
        badge.identity = {idOf<record::SubjectId>(i),
                          {idOf<record::VaultLookup>(i), idOf<record::VaultKey>(i)}};
        badge.card = {"Attendee " + number, "Example Works", "a" + number + "@example.com", "", ""};
        attendees_.push_back({std::move(badge), {}});
    }
}

void Judge::attempted(Attendee& attendee, const std::vector<record::Unit>& units, bool isRetry,
                      bool isClockRight) {
    if (!isRetry) {
        attendee.acts.emplace_back();
    }
    Act& act = attendee.acts.back();
    act.units = units;
    act.isClockRight = isClockRight;
    if (auto ids = idsOf(units); act.attempts.empty() || act.attempts.back() != ids) {
        act.attempts.push_back(std::move(ids));
    }
    const ActRef ref{static_cast<std::size_t>(&attendee - attendees_.data()),
                     attendee.acts.size() - 1};
    for (const record::Unit& unit : units) {
        made_.insert(unit.id);
        for (const record::ConsentEvent& event : unit.consents) {
            byConsent_[event.id] = ref;
        }
    }
}

void Judge::released(const record::RecordId& id, const HubDisk& hub) {
    if (!hub.has(id)) {
        throw Violation("a kiosk takes a record for received that the hub does not have");
    }
}

void Judge::exported(const std::vector<hub::ProvenLead>& leads, const HubDisk& hub) const {
    checkPages(hub);
    for (const hub::ProvenLead& lead : leads) {
        const record::ConsentEvent& yes = lead.lead.consent();
        const auto found = byConsent_.find(yes.id);
        if (found == byConsent_.end()) {
            throw Violation("exported: a yes that nobody gave");
        }
        if (isTakenBack(found->second, yes, hub) || isTakenBackByPhone(yes.id, hub)) {
            throw Violation("exported: a yes that was taken back, and the hub knew it");
        }
    }
}

bool Judge::isTakenBack(const ActRef& given, const record::ConsentEvent& yes,
                        const HubDisk& hub) const {
    const auto& acts = attendees_[given.attendee].acts;
    return std::any_of(acts.begin() + static_cast<std::ptrdiff_t>(given.act) + 1, acts.end(),
                       [&](const Act& later) { return takesBack(later, yes, hub); });
}

void Judge::dropped(const record::RecordId& id, const HubDisk::Backup& backup) {
    const auto found = backup.rows.find(id);
    if (found == backup.rows.end() || found->second.standing != HubDisk::Standing::Filed) {
        throw Violation("a kiosk drops a record that is not opened and backed up");
    }
}

void Judge::told(const support::FakeSink::Items& items, const HubDisk& hub) {
    support::FakeSink::Items all;
    for (const auto& [key, told] : hub.items()) {
        if (told.payload) {
            all.emplace(key, *told.payload);
        }
    }
    if (items != all) {
        throw Violation("a kiosk has something else than its hub tells");
    }
}

bool Judge::isNoByNow(const Attendee& attendee, const record::ConsentEvent& yes,
                      const HubDisk& hub) {
    const auto saysYes = [&](const Act& act) {
        return std::any_of(act.units.begin(), act.units.end(), [&](const record::Unit& unit) {
            return std::any_of(unit.consents.begin(), unit.consents.end(),
                               [&](const record::ConsentEvent& event) {
                                   return record::isYes(event.state) && concerns(event, yes);
                               });
        });
    };
    for (auto act = attendee.acts.rbegin(); act != attendee.acts.rend(); ++act) {
        if (saysYes(*act)) {
            return false;
        }
        if (takesBack(*act, yes, hub)) {
            return true;
        }
    }
    return false;
}

void Judge::shown(const Attendee& attendee, const vault::Entry& entry, const HubDisk& hub) const {
    for (const record::ConsentEvent& event : entry.decisions) {
        const auto given = byConsent_.find(event.id);
        if (record::isYes(event.state) &&
            (given == byConsent_.end() || &attendees_[given->second.attendee] != &attendee ||
             isNoByNow(attendee, event, hub) || isTakenBackByPhone(event.id, hub))) {
            throw Violation("a kiosk shows a yes that was taken back, or that nobody gave");
        }
    }
}

void Judge::settled(const std::vector<hub::ProvenLead>& leads, const HubDisk& hub) const {
    for (const auto& [id, unit] : hub.rows()) {
        if (made_.count(id) == 0) {
            throw Violation("the hub has a record that nobody made");
        }
    }
    for (const Attendee& attendee : attendees_) {
        for (const Act& act : attendee.acts) {
            checkContent(act, hub);
            if (!act.isOnPhone) {
                checkAct(act, hub);
            }
        }
        checkExportOf(attendee, leads, hub);
    }
    checkLinks(hub);
    checkTakenBack(leads);
}

/// Confirmed: all of it is there, as the person saw it. Else: all of it or nothing. Never twice.
void Judge::checkAct(const Act& act, const HubDisk& hub) const {
    int copies = 0;
    for (const auto& ids : act.attempts) {
        const auto there = std::count_if(ids.begin(), ids.end(), [&](const record::RecordId& id) {
            return hub.rows().count(id) > 0;
        });
        const bool isExcused = std::any_of(ids.begin(), ids.end(), [&](const record::RecordId& id) {
            return excused_.count(id) > 0;
        });
        if (there != 0 && static_cast<std::size_t>(there) != ids.size() && !isExcused) {
            throw Violation("the hub has half of what one press recorded");
        }
        copies += there != 0 ? 1 : 0;
        const bool isLast = &ids == &act.attempts.back();
        if (isLast && act.isConfirmed && there == 0 && !isExcused) {
            throw Violation("lost: a record that a screen confirmed");
        }
    }
    if (copies > 1) {
        throw Violation("the hub has twice what one press recorded");
    }
}

void Judge::checkContent(const Act& act, const HubDisk& hub) {
    for (const record::Unit& unit : act.units) {
        const auto row = hub.rows().find(unit.id);
        if (row == hub.rows().end()) {
            continue;
        }
        const auto kept = record::decodeUnit(row->second.sealed);
        if (!kept || kept->unit != unit || kept->position != row->second.position) {
            throw Violation("the hub has another record than was made");
        }
    }
}

/// Who came once and said yes is exported: nothing is held back without a reason.
void Judge::checkExportOf(const Attendee& attendee, const std::vector<hub::ProvenLead>& leads,
                          const HubDisk& hub) const {
    if (attendee.acts.size() != 1 || !attendee.acts.front().isClockRight) {
        return;
    }
    for (const record::Unit& unit : attendee.acts.front().units) {
        for (const record::ConsentEvent& event : unit.consents) {
            const bool isOut = std::any_of(
                leads.begin(), leads.end(),
                [&](const hub::ProvenLead& lead) { return lead.lead.consent().id == event.id; });
            if (record::isYes(event.state) && hub.isReadable(unit.id) && !isOut) {
                throw Violation("not exported: a yes that nothing speaks against");
            }
        }
    }
}

std::uint64_t Judge::confirmedRecords() const {
    std::uint64_t records = 0;
    for (const Attendee& attendee : attendees_) {
        for (const Act& act : attendee.acts) {
            records += act.isConfirmed && !act.isOnPhone ? act.units.size() : 0;
        }
    }
    return records;
}

}  // namespace tapport::simulation
