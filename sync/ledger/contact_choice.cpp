// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/contact_choice.h"

#include <tuple>

namespace tapport::ledger {
namespace {

using record::Contact;

void takeWhatIsGiven(Contact& into, const Contact& from) {
    for (std::string Contact::*const field :
         {&Contact::name, &Contact::company, &Contact::email, &Contact::phone, &Contact::address}) {
        if (!(from.*field).empty()) {
            into.*field = from.*field;
        }
    }
}

}  // namespace

ContactChoice::ContactChoice(const std::vector<ContactGiven>& given, const Causality& causality,
                             const Places& standing)
    : causality_(causality) {
    for (const auto& [contact, with] : given) {
        Candidate one;
        one.contact = &contact;
        for (const record::RecordId& id : with) {
            if (const auto place = causality.find(id); place) {
                one.with.push_back(*place);
                one.isStanding = one.isStanding || std::find(standing.begin(), standing.end(),
                                                             *place) != standing.end();
            }
        }
        std::sort(one.with.begin(), one.with.end());
        one.known = causality.knownBy(one.with);
        one.rank = static_cast<std::size_t>(std::count(one.known.begin(), one.known.end(), true));
        candidates_.push_back(std::move(one));
    }
    std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
        return std::tie(a.rank, a.with) < std::tie(b.rank, b.with);
    });
}

Contact ContactChoice::of(Causality::Place yes) const {
    const Causality::Marks known = causality_.knownBy({yes});
    Contact contact;
    for (const Candidate& one : candidates_) {
        const bool isItsOwn = std::find(one.with.begin(), one.with.end(), yes) != one.with.end();
        const bool isEarlier = std::any_of(one.with.begin(), one.with.end(),
                                           [&](Causality::Place place) { return known[place]; });
        if (isItsOwn || (one.isStanding && (isEarlier || one.known[yes]))) {
            takeWhatIsGiven(contact, *one.contact);
        }
    }
    return contact;
}

}  // namespace tapport::ledger
