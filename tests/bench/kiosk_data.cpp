// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/kiosk_data.h"

#include "sync/program/program.h"
#include "sync/seal/seal.h"

#include <fmt/format.h>

namespace tapport::bench {

VisitToKeep sampleVisit(const event::Event& event, std::uint32_t number) {
    const auto token = fmt::format("bench-badge-{:08}", number);
    const seal::BadgeIdentity badge = seal::deriveBadge(viewOf(token), event.badgeSalt);
    record::Unit unit;
    unit.id = program::newRecordId();
    unit.event = event.id;
    unit.subject = badge.subject;
    unit.at = program::readClocks();
    unit.contact = record::Contact{"Alex", "Example Works", fmt::format("a{}@example.com", number),
                                   "+442079460001", ""};
    unit.vault = badge.vault;
    for (const event::Ask& ask : event.asks) {
        record::ConsentEvent consent;
        consent.id = program::newRecordId();
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
    return {{unit}, {badge.vault, entry}};
}

}  // namespace tapport::bench
