// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/kiosk_data.h"

#include "sync/program/program.h"

#include <fmt/format.h>

namespace tapport::bench {

std::string badgeToken(std::uint32_t number) {
    return fmt::format("bench-badge-{:08}", number);
}

VisitToKeep sampleVisit(const event::Event& event, std::uint32_t number) {
    const seal::BadgeIdentity badge =
        seal::deriveBadge(viewOf(badgeToken(number)), event.badgeSalt);
    record::Unit unit;
    unit.id = program::newRecordId();
    unit.event = event.id;
    unit.subject = badge.subject;
    unit.at = program::readClocks();
    unit.contact = record::Contact{"Alex", "Example Works", fmt::format("a{}@example.com", number),
                                   "+442079460001", ""};
    unit.vault = badge.vault;
    unit.receipt = record::ReceiptId();
    program::fillRandom(unit.receipt->bytes.data(), unit.receipt->bytes.size());
    for (const event::Ask& ask : event.asks) {
        record::ConsentEvent consent;
        consent.id = record::idBeside(unit.id, unit.consents.size() + 1);
        consent.purpose = ask.purpose;
        consent.channel = ask.channel;
        consent.state = record::ConsentState::Given;
        consent.method = record::Method::KioskYes;
        consent.notice = ask.noticeRef("en");
        consent.at = unit.at;
        consent.validUntil = unit.at.wall + ask.validity;
        consent.evidence = {"Question", TAPPORT_VERSION, "no,yes", record::Millis(2300), {}};
        unit.consents.push_back(consent);
    }
    vault::Entry entry;
    entry.subject = badge.subject;
    entry.decisions = unit.consents;
    entry.contact = unit.contact;
    entry.receipt = unit.receipt;
    return {{unit}, {badge.vault, entry}};
}

}  // namespace tapport::bench
