// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/vault/merge.h"

#include <map>

namespace tapport::vault {
namespace {

using record::ConsentEvent;
using record::ConsentState;
using Events = std::vector<ConsentEvent>;

bool isLastWord(const ConsentEvent& event) {
    return event.state == ConsentState::Erased || event.state == ConsentState::Objected;
}

bool names(const ConsentEvent& event, const ConsentEvent& earlier) {
    return std::find(event.causes.begin(), event.causes.end(), earlier.id) != event.causes.end();
}

bool isSameScope(const ConsentEvent& one, const ConsentEvent& other) {
    return one.purpose == other.purpose && one.channel == other.channel;
}

/// Of a last word nothing is left standing that it knew, and it is never superseded itself.
bool supersedes(const ConsentEvent& later, const ConsentEvent& event) {
    return !isLastWord(event) && names(later, event) &&
           (isLastWord(later) || isSameScope(later, event));
}

bool namesSomeOf(const Events& later, const Events& earlier) {
    return std::any_of(later.begin(), later.end(), [&](const ConsentEvent& one) {
        return std::any_of(earlier.begin(), earlier.end(),
                           [&](const ConsentEvent& other) { return names(one, other); });
    });
}

/// Of both, in the order of their ids; `own` as it is where both have one.
template <typename Item>
std::vector<Item> unite(const std::vector<Item>& own, const std::vector<Item>& others) {
    std::map<record::RecordId, Item> all;
    for (const auto* const some : {&own, &others}) {
        for (const Item& item : *some) {
            all.emplace(item.id, item);
        }
    }
    std::vector<Item> items;
    for (auto& [id, item] : all) {
        items.push_back(std::move(item));
    }
    return items;
}

Events standing(const Events& all) {
    Events heads;
    std::copy_if(all.begin(), all.end(), std::back_inserter(heads), [&](const ConsentEvent& event) {
        return std::none_of(all.begin(), all.end(),
                            [&](const ConsentEvent& later) { return supersedes(later, event); });
    });
    return heads;
}

/// Whether `one` tells more than `other` of where the person stands, both being of one scope. A no
/// beats a yes, but for a refusal: that stands under nobody's name, so the hub counts the yes.
bool isStronger(const ConsentEvent& one, const ConsentEvent& other) {
    const auto rank = [](const ConsentEvent& event) {
        return event.state == ConsentState::Refused ? 0 : record::isYes(event.state) ? 1 : 2;
    };
    return rank(one) != rank(other) ? rank(one) > rank(other) : one.id > other.id;
}

/// A last word of these was not known to it.
bool isOverruled(const ConsentEvent& event, const Events& heads) {
    return std::any_of(heads.begin(), heads.end(), [&](const ConsentEvent& other) {
        return isLastWord(other) && !isLastWord(event) && !names(event, other);
    });
}

/// Says no to a yes that knew the last word, and did not know this no.
bool isStandingAgainst(const ConsentEvent& no, const Events& heads) {
    return !record::isYes(no.state) &&
           std::any_of(heads.begin(), heads.end(), [&](const ConsentEvent& other) {
               return record::isYes(other.state) && isSameScope(other, no) &&
                      !isOverruled(other, heads);
           });
}

/// The strongest of each scope; what else stands goes beside.
Merged choose(const Events& heads) {
    Merged merged;
    for (const ConsentEvent& event : heads) {
        if (isOverruled(event, heads) && !isStandingAgainst(event, heads)) {
            merged.beside.push_back(event);
            continue;
        }
        Events& decisions = merged.entry.decisions;
        const auto rival =
            std::find_if(decisions.begin(), decisions.end(),
                         [&](const ConsentEvent& one) { return isSameScope(one, event); });
        if (rival == decisions.end()) {
            decisions.push_back(event);
            continue;
        }
        merged.beside.push_back(event);
        if (isStronger(event, *rival)) {
            std::swap(*rival, merged.beside.back());
        }
    }
    return merged;
}

/// Field by field, `better` before `other`.
std::optional<record::Contact> contactOf(const Entry& better, const Entry& other) {
    if (!better.contact || !other.contact) {
        return better.contact ? better.contact : other.contact;
    }
    record::Contact contact = *other.contact;
    const auto prefer = [&](std::string record::Contact::*field) {
        if (!((*better.contact).*field).empty()) {
            contact.*field = (*better.contact).*field;
        }
    };
    prefer(&record::Contact::name);
    prefer(&record::Contact::company);
    prefer(&record::Contact::email);
    prefer(&record::Contact::phone);
    prefer(&record::Contact::address);
    return contact;
}

}  // namespace

Merged merge(const Entry& own, const Entry& others) {
    Merged merged = choose(standing(unite(own.decisions, others.decisions)));
    const bool areOthersLater = namesSomeOf(others.decisions, own.decisions);
    const bool isOwnLater = namesSomeOf(own.decisions, others.decisions);
    const Entry& later = areOthersLater ? others : own;
    const Entry& earlier = areOthersLater ? own : others;
    Entry& entry = merged.entry;
    entry.subject = own.subject;
    entry.receipt = later.receipt ? later.receipt : earlier.receipt;
    const bool isNamed =
        std::any_of(entry.decisions.begin(), entry.decisions.end(),
                    [](const ConsentEvent& one) { return record::isYes(one.state); });
    if (isNamed) {
        // Who knew the other may have left a field out on purpose.
        const bool isSettled = areOthersLater != isOwnLater && later.contact;
        entry.contact = isSettled ? later.contact : contactOf(later, earlier);
        entry.conversations = unite(own.conversations, others.conversations);
    }
    return merged;
}

}  // namespace tapport::vault
