// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/store/badge_memory.h"

#include "sync/ledger/answer.h"
#include "sync/vault/withdrawn.h"
#include "sync/wire/downstream.h"

namespace tapport::hub {
namespace {

constexpr std::size_t kMostConsents = 256;
constexpr std::size_t kMostDecisions = 48;
constexpr std::size_t kMostConversations = 24;

using Consents = std::vector<const KeptConsent*>;

template <typename Items>
void keepLast(Items& items, std::size_t most) {
    if (items.size() > most) {
        items.erase(items.begin(), items.end() - static_cast<std::ptrdiff_t>(most));
    }
}

/// Refusals stand under nobody's name; a confirmation is no decision.
bool isDecision(const KeptConsent& kept) {
    const bool isYes = record::isYes(kept.event.state);
    return isYes ? kept.origin.proof != ProofState::NotProven
                 : ledger::isNo(kept.event) && kept.event.state != record::ConsentState::Refused;
}

Consents decisionsOf(const Dossier& dossier) {
    Consents decisions;
    for (const KeptConsent& kept : dossier.consents) {
        if (isDecision(kept)) {
            decisions.push_back(&kept);
        }
    }
    std::sort(decisions.begin(), decisions.end(),
              [](const auto* one, const auto* other) { return one->event.id < other->event.id; });
    keepLast(decisions, kMostConsents);
    return decisions;
}

bool supersedes(const record::ConsentEvent& later, const record::ConsentEvent& event) {
    return !ledger::isLastWord(event) &&
           (ledger::isLastWord(later) ||
            (later.purpose == event.purpose && later.channel == event.channel));
}

/// Those that no other one knew.
Consents standing(const Consents& decisions, const ledger::Causality& causality) {
    Consents heads;
    for (const KeptConsent* const one : decisions) {
        const auto later = causality.knowing(*causality.find(one->event.id));
        const bool isOver =
            std::any_of(decisions.begin(), decisions.end(), [&](const KeptConsent* other) {
                return other != one && later[*causality.find(other->event.id)] &&
                       supersedes(other->event, one->event);
            });
        if (!isOver) {
            heads.push_back(one);
        }
    }
    return heads;
}

std::optional<record::Contact> contactOf(const Dossier& dossier, const Consents& heads,
                                         const ledger::Causality& causality) {
    ledger::ContactChoice::Places yeses;
    for (const KeptConsent* const one : heads) {
        if (record::isYes(one->event.state)) {
            yeses.push_back(*causality.find(one->event.id));
        }
    }
    if (yeses.empty()) {
        return std::nullopt;
    }
    const ledger::ContactChoice choice(dossier.contacts, causality, yeses);
    record::Contact contact;
    for (const ledger::Causality::Place yes : yeses) {
        const record::Contact its = choice.of(yes);
        for (const auto field :
             {&record::Contact::name, &record::Contact::company, &record::Contact::email,
              &record::Contact::phone, &record::Contact::address}) {
            if (!(its.*field).empty()) {
                contact.*field = its.*field;
            }
        }
    }
    return contact;
}

}  // namespace

vault::Entry badgeMemory(const Dossier& dossier) {
    ledger::History history;
    for (const KeptConsent& kept : dossier.consents) {
        history.add({kept.event, kept.origin.position.kiosk});
    }
    const ledger::Causality causality(history);
    Consents heads = standing(decisionsOf(dossier), causality);
    keepLast(heads, kMostDecisions);
    vault::Entry entry;
    entry.subject = dossier.subject;
    for (const KeptConsent* const one : heads) {
        entry.decisions.push_back(one->event);
        entry.receipt = one->origin.receipt ? one->origin.receipt : entry.receipt;
    }
    entry.contact = contactOf(dossier, heads, causality);
    if (entry.contact) {
        entry.conversations = dossier.conversations;
        keepLast(entry.conversations, kMostConversations);
    }
    return entry;
}

ClosedMemory closedMemory(const Dossier& dossier, const record::VaultAccess& access) {
    vault::Entry entry = badgeMemory(dossier);
    Bytes sealed = vault::close(entry, access).sealed;
    while (sealed.size() > wire::kMostItemBytes) {
        // Decisions can be long: each names all that came before it.
        keepLast(entry.conversations, entry.conversations.size() / 2);
        keepLast(entry.decisions,
                 entry.conversations.empty() ? entry.decisions.size() / 2 : entry.decisions.size());
        sealed = vault::close(entry, access).sealed;
    }
    if (!entry.contact) {
        return {sealed, sealed};
    }
    entry.contact.reset();
    entry.conversations.clear();
    return {std::move(sealed), vault::close(entry, access).sealed};
}

bool isWithdrawnByLink(const record::Unit& unit) {
    return !unit.consents.empty() &&
           std::all_of(unit.consents.begin(), unit.consents.end(),
                       [](const record::ConsentEvent& event) {
                           return event.state == record::ConsentState::Withdrawn &&
                                  (event.method == record::Method::ReceiptLink ||
                                   event.method == record::Method::OneClick);
                       });
}

Bytes withdrawnMemory(const Dossier& dossier) {
    std::vector<record::ConsentEvent> decisions = badgeMemory(dossier).decisions;
    std::erase_if(decisions, [](const record::ConsentEvent& decision) {
        return decision.state != record::ConsentState::Withdrawn;
    });
    return vault::encodeWithdrawn(decisions, wire::kMostItemBytes);
}

}  // namespace tapport::hub
