// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sync/receipt/samples.h"

#include "tests/support/sample_event.h"

namespace tapport::receipt::samples {
namespace {

const record::WallTime kTime{record::Millis(1'795'363'444'678)};

record::RecordId recordId(std::uint8_t fill) {
    return record::makeRecordId(kTime, {fill});
}

}  // namespace

event::Event event() {
    return support::sampleEvent();
}

SigningKeys kioskKeys() {
    return signingKeysFrom(Bytes(32, 0x51)).value();
}

SigningKeys rootKeys() {
    return signingKeysFrom(support::sampleRootSeed()).value();
}

KeySet keySet(std::optional<Revocation> revoked) {
    return {event().id, "2026-11-20T08:00:00.000Z", {{kKiosk, kioskKeys().publicKey, revoked}}};
}

record::Epoch epoch() {
    return *record::Epoch::from(Bytes(8, 0xE1));
}

record::ReceiptId receiptId(std::uint8_t fill) {
    return *record::ReceiptId::from(Bytes(16, fill));
}

record::ConsentEvent answer(const event::Event& event, std::size_t index,
                            record::ConsentState state, const std::string& language) {
    const event::Ask& ask = event.asks.at(index);
    record::ConsentEvent consent;
    consent.id = recordId(static_cast<std::uint8_t>(0x10 + index));
    consent.purpose = ask.purpose;
    consent.channel = ask.channel;
    consent.state = state;
    consent.method =
        state == record::ConsentState::Given ? record::Method::KioskYes : record::Method::KioskNo;
    consent.notice = ask.noticeRef(language);
    consent.at = {kTime, record::ClockQuality::Synced, *record::BootId::from(Bytes(16, 0xB0)),
                  record::Millis(60'000)};
    consent.validUntil = kTime + ask.validity;
    consent.evidence = {"question", "0.1.0", "no,yes", record::Millis(2'400), std::nullopt};
    return consent;
}

record::PositionedUnit unit(record::UnitKind kind, std::uint64_t seq,
                            std::vector<record::ConsentEvent> consents) {
    record::PositionedUnit positioned;
    positioned.position = {kKiosk, epoch(), seq};
    record::Unit& unit = positioned.unit;
    unit.id = recordId(static_cast<std::uint8_t>(seq));
    unit.kind = kind;
    unit.event = event().id;
    unit.subject = *record::SubjectId::from(Bytes(16, static_cast<std::uint8_t>(0x70 + seq)));
    unit.at = consents.front().at;
    unit.consents = std::move(consents);
    unit.receipt = receiptId(static_cast<std::uint8_t>(seq));
    return positioned;
}

std::vector<record::PositionedUnit> mixedVisit(const event::Event& event) {
    using record::ConsentState;
    record::PositionedUnit visit = unit(
        record::UnitKind::Visit, 17,
        {answer(event, 0, ConsentState::Given, "de"), answer(event, 3, ConsentState::Given, "de")});
    visit.unit.contact = record::Contact{"Ada Example", "Example Works", "ada@example.com", "", ""};
    return {visit,
            unit(record::UnitKind::Refusal, 18, {answer(event, 2, ConsentState::Refused, "de")})};
}

}  // namespace tapport::receipt::samples
