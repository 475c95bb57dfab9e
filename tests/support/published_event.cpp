// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/published_event.h"

#include "sync/receipt/full_receipt.h"
#include "sync/receipt/summary.h"
#include "sync/seal/seal.h"

#include <stdexcept>

namespace tapport::support {
namespace {

constexpr std::uint64_t kSeq = 42;
const record::WallTime kTime{std::chrono::milliseconds(1'795'608'000'000)};  // 2026-11-25 12Z

record::Epoch epoch() {
    return *record::Epoch::from(Bytes(record::Epoch::kSize, 0xE1));
}

std::string expectDone(const Finished& finished) {
    if (finished.status != 0) {
        throw std::runtime_error(finished.err);
    }
    return finished.out;
}

record::UnitKind kindFor(record::ConsentState state) {
    switch (state) {
        case record::ConsentState::Refused:
            return record::UnitKind::Refusal;
        case record::ConsentState::Withdrawn:
            return record::UnitKind::Withdrawal;
        default:
            return record::UnitKind::Visit;
    }
}

}  // namespace

PublishedEvent::PublishedEvent() {
    if (!seal::initialise()) {
        throw std::runtime_error("no libsodium");
    }
    expectDone(tapport({"event", "init", path("").string(), "--staff-pin", "kim=1234",
                        "--staff-pin", "alex=5678"}));
    writeFile(path("kiosk-1.jwk"),
              expectDone(tapport({"kiosk", "key", "--config", path("kiosk.toml").string()})));
    expectDone(publish({"--add", path("kiosk-1.jwk").string()}));
    event_ = event::parse(readFile(path("event.json"))).value();
}

Finished PublishedEvent::tapport(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), program("tapport"));
    return run(arguments);
}

Finished PublishedEvent::publish(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"event", "publish", path("").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return tapport(std::move(arguments));
}

std::filesystem::path PublishedEvent::path(const std::string& name) const {
    return name.empty() ? dir_ / "fair" : dir_ / "fair" / name;
}

receipt::SigningKeys PublishedEvent::kioskKeys() const {
    const std::string stored = readFile(path("kiosk/signing.key"));
    return receipt::signingKeysFrom(*fromHex(std::string_view(stored).substr(0, 64))).value();
}

record::PositionedUnit PublishedEvent::unit(record::ConsentState state, std::size_t index,
                                            const std::string& language) const {
    const event::Ask& ask = event_.asks.at(index);
    record::ConsentEvent consent;
    consent.id = record::makeRecordId(kTime, {1});
    consent.purpose = ask.purpose;
    consent.channel = ask.channel;
    consent.state = state;
    consent.notice = ask.noticeRef(language);
    consent.at = {kTime, record::ClockQuality::Synced,
                  *record::BootId::from(Bytes(record::BootId::kSize, 0xB0)),
                  record::Millis(60'000)};
    consent.validUntil = kTime + ask.validity;
    consent.evidence = {"question", "0.1.0", "no,yes", record::Millis(2'400), std::nullopt};
    record::PositionedUnit positioned;
    positioned.position = {{"kiosk-1"}, epoch(), kSeq};
    positioned.unit.id = record::makeRecordId(kTime, {2});
    positioned.unit.kind = kindFor(state);
    positioned.unit.event = event_.id;
    positioned.unit.subject = *record::SubjectId::from(Bytes(record::SubjectId::kSize, 0x70));
    positioned.unit.at = consent.at;
    positioned.unit.consents = {std::move(consent)};
    positioned.unit.receipt = *record::ReceiptId::from(Bytes(record::ReceiptId::kSize, 0x2A));
    return positioned;
}

std::string PublishedEvent::link(const record::PositionedUnit& unit) const {
    return receipt::receiptLink(*receipt::summaryOf({&unit, 1}), event_, kioskKeys());
}

std::string PublishedEvent::summaryJws(const record::PositionedUnit& unit) const {
    const std::string whole = link(unit);
    return whole.substr(whole.find('#') + 1);
}

std::string PublishedEvent::fullJws(record::PositionedUnit unit) const {
    unit.proof = receipt::prove(unit, event_, kioskKeys());
    return receipt::fullJws(unit, event_, kioskKeys().publicKey).value();
}

std::string PublishedEvent::beforeThat() {
    return "kiosk-1=" + epoch().hex() + ":" + std::to_string(kSeq - 1);
}

}  // namespace tapport::support
