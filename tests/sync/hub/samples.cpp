// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/sync/hub/samples.h"

namespace tapport::hub::samples {

record::RecordId recordId(std::uint64_t n) {
    return record::makeRecordId(kNow + std::chrono::milliseconds(n), {});
}

record::SubjectId subject(std::uint8_t n) {
    record::SubjectId id;
    id.bytes.fill(n);
    return id;
}

record::Epoch epoch(std::uint8_t n) {
    record::Epoch epoch;
    epoch.bytes.fill(n);
    return epoch;
}

record::ClockReading clockAt(record::WallTime wall) {
    return {wall, record::ClockQuality::Synced, {}, record::Millis(60'000)};
}

record::ConsentEvent consent(std::uint64_t n, const std::string& purpose, record::Channel channel,
                             record::ConsentState state) {
    const bool isYes = state == record::ConsentState::Given;
    record::ConsentEvent event;
    event.id = recordId(n);
    event.purpose = {purpose};
    event.channel = channel;
    event.state = state;
    event.method = isYes ? record::Method::KioskYes : record::Method::KioskNo;
    event.notice.id = purpose;
    event.notice.version = 2;
    event.notice.hash.bytes.fill(0xEE);
    event.notice.language = "en";
    event.at = clockAt(kNow);
    event.validUntil = kNow + std::chrono::days(730);
    event.evidence = {"question", "0.1.0", "no,yes", record::Millis(2400), std::nullopt};
    return event;
}

record::Contact contact(std::uint8_t n) {
    const std::string number = std::to_string(n);
    return {"Attendee " + number, "Example Works", "attendee" + number + "@example.com", "", ""};
}

record::Conversation conversation(std::uint64_t n, const std::string& note) {
    return {recordId(n), {"sam"}, clockAt(kNow), "automation", "this-year", note, std::nullopt};
}

record::PositionedUnit visit(std::uint64_t seq, std::uint8_t who) {
    record::PositionedUnit positioned;
    positioned.position = {kKiosk, epoch(), seq};
    record::Unit& unit = positioned.unit;
    unit.id = recordId(1000 * seq);
    unit.event = kScope.event;
    unit.subject = subject(who);
    unit.at = clockAt(kNow);
    unit.consents = {
        consent(1000 * seq + 1, "newsletter", record::Channel::Email, record::ConsentState::Given)};
    unit.contact = contact(who);
    unit.receipt = record::ReceiptId{};
    unit.receipt->bytes.fill(static_cast<std::uint8_t>(seq));
    positioned.proof = record::Signature{};
    return positioned;
}

record::PositionedUnit withdrawal(std::uint64_t seq, std::uint8_t who,
                                  std::vector<record::RecordId> causes) {
    record::PositionedUnit positioned = visit(seq, who);
    positioned.unit.kind = record::UnitKind::Withdrawal;
    positioned.unit.contact.reset();
    record::ConsentEvent& event = positioned.unit.consents.front();
    event.state = record::ConsentState::Withdrawn;
    event.method = record::Method::ReTap;
    event.causes = std::move(causes);
    return positioned;
}

record::PositionedUnit erasure(std::uint64_t seq, std::uint8_t who,
                               std::vector<record::RecordId> causes) {
    record::PositionedUnit positioned = withdrawal(seq, who, std::move(causes));
    record::ConsentEvent& event = positioned.unit.consents.front();
    event.purpose.value = record::kEveryPurpose;
    event.state = record::ConsentState::Erased;
    return positioned;
}

record::ChainHash chain(std::uint64_t seq) {
    record::ChainHash value;
    for (unsigned i = 0; i < sizeof seq; ++i) {
        value.bytes.at(i) = static_cast<std::uint8_t>(seq >> (8U * i));
    }
    return value;
}

Parcels& Parcels::add(const record::RecordId& id, const record::Position& position, Bytes bytes) {
    const Bytes& kept = bytes_.emplace_back(std::move(bytes));
    intake_.arrivals.push_back(
        {id, position, seal::digestOf(kept), kept, chain(position.seq - 1), chain(position.seq)});
    return *this;
}

Parcels& Parcels::add(std::uint64_t seq, Bytes bytes) {
    return add(recordId(1000 * seq), {kKiosk, epoch(), seq}, std::move(bytes));
}

}  // namespace tapport::hub::samples
