// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/releasable_lead.h"

namespace tapport::ledger {

using event::PersonalData;

ReleasableLead::ReleasableLead(Recorded proof, std::optional<Recorded> confirmation,
                               const Person& person, const record::Contact& contact,
                               const std::set<PersonalData>& uses)
    : proof_(std::move(proof)), confirmation_(std::move(confirmation)), subject_(person.subject) {
    // Copies what was agreed to instead of clearing the rest: a field added later stays out.
    const auto copy = [&](PersonalData use, std::string record::Contact::*field) {
        if (uses.count(use) == 1) {
            contact_.*field = contact.*field;
        }
    };
    copy(PersonalData::Name, &record::Contact::name);
    copy(PersonalData::Company, &record::Contact::company);
    copy(PersonalData::Email, &record::Contact::email);
    copy(PersonalData::Phone, &record::Contact::phone);
    copy(PersonalData::Address, &record::Contact::address);
    if (uses.count(PersonalData::Conversations) == 1) {
        conversations_ = person.conversations;
    }
}

}  // namespace tapport::ledger
