// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/suppression.h"

#include <sodium/crypto_generichash.h>

namespace tapport::ledger {
namespace {

using event::PersonalData;

constexpr std::array kReaching{PersonalData::Email, PersonalData::Phone, PersonalData::Address};

bool isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/// ASCII only: the case of other letters depends on a locale, and a hash must not.
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Lower case, words parted by one space.
std::string plain(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (!isSpace(c)) {
            result += lower(c);
        } else if (!result.empty() && result.back() != ' ') {
            result += ' ';
        }
    }
    if (!result.empty() && result.back() == ' ') {
        result.pop_back();
    }
    return result;
}

std::string digits(const std::string& text) {
    std::string result;
    for (const char c : text) {
        const bool isLeadingPlus = c == '+' && result.empty();
        if (isLeadingPlus || (c >= '0' && c <= '9')) {
            result += c;
        }
    }
    if (result.rfind("00", 0) == 0) {
        result.replace(0, 2, "+");
    }
    return result;
}

std::string_view nameOf(PersonalData kind) {
    switch (kind) {
        case PersonalData::Phone:
            return "phone";
        case PersonalData::Address:
            return "address";
        default:
            return "email";
    }
}

}  // namespace

std::string normalised(PersonalData kind, const record::Contact& contact) {
    switch (kind) {
        case PersonalData::Email:
            return plain(contact.email);
        case PersonalData::Phone:
            return digits(contact.phone);
        case PersonalData::Address:
            return plain(contact.address);
        case PersonalData::Name:
        case PersonalData::Company:
        case PersonalData::Conversations:
            break;
    }
    return {};
}

std::vector<ContactMark> Suppressions::marksOf(const record::Contact& contact) const {
    std::vector<ContactMark> marks;
    for (const PersonalData kind : kReaching) {
        if (const auto mark = markOf(kind, contact)) {
            marks.push_back(*mark);
        }
    }
    return marks;
}

void Suppressions::add(const ContactMark& mark, const record::RecordId& ending) {
    endings_[mark].insert(ending);
}

std::set<record::RecordId> Suppressions::endingsOf(const record::Contact& contact,
                                                   const std::set<PersonalData>& uses) const {
    std::set<record::RecordId> endings;
    for (const PersonalData kind : kReaching) {
        const auto mark = uses.count(kind) == 1 ? markOf(kind, contact) : std::nullopt;
        const auto found = mark ? endings_.find(*mark) : endings_.end();
        if (found != endings_.end()) {
            endings.insert(found->second.begin(), found->second.end());
        }
    }
    return endings;
}

std::optional<ContactMark> Suppressions::markOf(PersonalData kind,
                                                const record::Contact& contact) const {
    const std::string value = normalised(kind, contact);
    if (value.empty()) {
        return std::nullopt;
    }
    const std::string text = std::string(nameOf(kind)) + ':' + value;
    const ByteView bytes = viewOf(text);
    ContactMark mark;
    static_assert(SuppressionKey::kSize == crypto_generichash_KEYBYTES);
    crypto_generichash(mark.bytes.data(), mark.bytes.size(), bytes.data(), bytes.size(),
                       key_.bytes.data(), key_.bytes.size());
    return mark;
}

}  // namespace tapport::ledger
