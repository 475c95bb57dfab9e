// SPDX-License-Identifier: GPL-3.0-or-later
// How the attendee is to be reached: what is at hand, what is missing, and what is typed instead.
#include "firmware-app/visit/plain_text.h"
#include "firmware-app/visit/session_state.h"

namespace tapport::visit {

namespace {

constexpr std::array kContactFields{ContactField::Email, ContactField::Phone,
                                    ContactField::Address};

}  // namespace

void VisitSession::State::on(const EnterContact& entry) {
    if (view.screen != Screen::Contact) {
        return;
    }
    const auto value = contactValue(view.contactField, entry.text);
    view.isContactInvalid = !value;
    if (value) {
        fieldOf(visit->typed, view.contactField) = *value;
        const auto next = visit->beforeCorrection ? correctable(view.contactField)
                                                  : std::optional<ContactField>();
        if (next) {
            view.contactField = *next;
            enter(Screen::Contact);
        } else {
            advance();
        }
    }
}

/// What the organiser or the badge says of somebody may be wrong, though nothing is missing.
void VisitSession::State::on(const CorrectContact&) {
    const auto first =
        view.screen == Screen::Summary ? correctable(std::nullopt) : std::optional<ContactField>();
    if (first) {
        visit->beforeCorrection = visit->typed;
        view.contactField = *first;
        enter(Screen::Contact);
    }
}

record::Contact VisitSession::State::contactAtHand() const {
    record::Contact contact = visit->roster.value_or(record::Contact{});
    const auto prefer = [](std::string& value, const std::string& better) {
        if (!better.empty()) {
            value = better;
        }
    };
    const auto preferAll = [&](const record::Contact& better) {
        prefer(contact.name, better.name);
        prefer(contact.company, better.company);
        prefer(contact.email, better.email);
        prefer(contact.phone, better.phone);
        prefer(contact.address, better.address);
    };
    preferAll(visit->badge.card);
    if (visit->known && visit->known->contact) {
        preferAll(*visit->known->contact);
    }
    preferAll(visit->typed);
    return contact;
}

std::optional<ContactField> VisitSession::State::missingField() const {
    record::Contact contact = contactAtHand();
    for (const ContactField field : kContactFields) {
        for (const record::Channel channel : channelsWithYes()) {
            if (fieldFor(channel) == field && fieldOf(contact, field).empty()) {
                return field;
            }
        }
    }
    return std::nullopt;
}

std::optional<ContactField> VisitSession::State::correctable(
    const std::optional<ContactField>& after) const {
    constexpr std::array kInOrder{ContactField::Name, ContactField::Company, ContactField::Email,
                                  ContactField::Phone, ContactField::Address};
    record::Contact stored = contactFor(contactAtHand(), channelsWithYes());
    const auto* const from =
        after ? std::next(std::find(kInOrder.begin(), kInOrder.end(), *after)) : kInOrder.begin();
    const auto* const found = std::find_if(
        from, kInOrder.end(), [&](ContactField field) { return !fieldOf(stored, field).empty(); });
    return found == kInOrder.end() ? std::nullopt : std::optional(*found);
}

}  // namespace tapport::visit
