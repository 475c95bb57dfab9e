// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/export/lead_csv.h"

#include "sync/hub/export/csv.h"

#include <fmt/core.h>

namespace tapport::hub {
namespace {

/// Several values in one cell are separated by "; ": one inside a value gets a backslash.
std::string escapeMulti(const std::string& value) {
    std::string out;
    for (const char c : value) {
        if (c == ';' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out;
}

/// Parts of one value. One that is missing stays empty, so that each keeps its place; nothing is
/// said of those missing at the end.
std::string parts(std::initializer_list<std::string> values) {
    std::string out;
    std::string separators;
    for (const std::string& value : values) {
        if (!value.empty()) {
            out += separators + escapeMulti(value);
            separators.clear();
        }
        separators += " | ";
    }
    return out;
}

void appendMulti(std::string& cell, const std::string& value) {
    cell += (cell.empty() ? "" : "; ") + value;
}

}  // namespace

std::string leadCsvHeader() {
    std::string out;
    appendCsvRow(out, std::vector<std::string>{
                          "subject",       "name",         "company",        "email",
                          "phone",         "address",      "purpose",        "channel",
                          "consent_state", "notice_id",    "notice_version", "notice_language",
                          "notice_hash",   "consent_time", "clock_quality",  "consent_event",
                          "receipt_id",    "kiosk",        "kiosk_epoch",    "kiosk_seq",
                          "proof",         "valid_until",  "conversations",  "promises"});
    return out;
}

void appendLead(std::string& out, const ProvenLead& proven, const event::Event& event) {
    const ledger::ReleasableLead& lead = proven.lead;
    const Origin& origin = proven.origin;
    const record::ConsentEvent& consent = lead.consent();
    const record::Contact contact = contactFor(lead.channel(), lead.contact());
    std::string conversations;
    std::string promises;
    for (const record::Conversation& talk : lead.conversations()) {
        const auto state = proven.doubtOf(talk);
        const std::string doubt(state ? nameOf(*state) : "");
        appendMulti(conversations,
                    parts({record::isoText(talk.at.wall), staffName(event, talk.staff),
                           labelOf(event.needs, talk.need, event),
                           labelOf(event.readiness, talk.readiness, event), talk.note, doubt}));
        if (talk.promise) {
            appendMulti(promises,
                        parts({dateText(talk.promise->due), staffName(event, talk.promise->owner),
                               talk.promise->what, doubt}));
        }
    }
    appendCsvRow(out, std::vector<std::string>{lead.subject().hex(),
                                               contact.name,
                                               contact.company,
                                               contact.email,
                                               asE164(contact.phone),
                                               contact.address,
                                               lead.purpose().value,
                                               std::string(record::nameOf(lead.channel())),
                                               std::string(record::nameOf(consent.state)),
                                               consent.notice.id,
                                               std::to_string(consent.notice.version),
                                               consent.notice.language,
                                               consent.notice.hash.hex(),
                                               record::isoText(consent.at.wall),
                                               std::string(record::nameOf(consent.at.quality)),
                                               record::uuidText(consent.id),
                                               origin.receipt ? origin.receipt->hex() : "",
                                               origin.position.kiosk.value,
                                               origin.position.epoch.hex(),
                                               std::to_string(origin.position.seq),
                                               std::string(nameOf(origin.proof)),
                                               record::isoText(consent.validUntil),
                                               conversations,
                                               promises});
}

record::Contact contactFor(record::Channel channel, const record::Contact& contact) {
    record::Contact allowed;
    allowed.name = contact.name;
    allowed.company = contact.company;
    switch (channel) {
        case record::Channel::Email:
            allowed.email = contact.email;
            break;
        case record::Channel::Phone:
        case record::Channel::Sms:
        case record::Channel::Messenger:
            allowed.phone = contact.phone;
            break;
        case record::Channel::Post:
            allowed.address = contact.address;
            break;
    }
    return allowed;
}

std::string labelOf(const std::vector<event::Choice>& choices, const std::string& id,
                    const event::Event& event) {
    const auto found = std::find_if(choices.begin(), choices.end(),
                                    [&](const event::Choice& choice) { return choice.id == id; });
    return found == choices.end() ? id : found->label.at(event.languages.front());
}

std::string staffName(const event::Event& event, const record::StaffId& id) {
    const event::Staff* staff = event.findStaff(id);
    return staff == nullptr ? id.value : staff->name;
}

std::string dateText(const std::chrono::year_month_day& date) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace tapport::hub
