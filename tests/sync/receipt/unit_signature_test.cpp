// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/unit_signature.h"

#include "sync/receipt/full_receipt.h"
#include "tests/sync/receipt/samples.h"

#include <functional>

#include <gtest/gtest.h>

namespace tapport::receipt {
namespace {

using record::PositionedUnit;

/// A visit that has everything a unit can have.
PositionedUnit fullVisit() {
    PositionedUnit unit = samples::mixedVisit(samples::event()).front();
    unit.unit.contact = record::Contact{"Alex Example", "", "alex@example.com", "", ""};
    unit.unit.vault = record::VaultAccess{};
    record::Conversation talk;
    talk.staff = {"kim"};
    talk.note = "asked for the data sheet";
    talk.promise = record::Promise{"call", std::chrono::year(2026) / 12 / 1, {"kim"}};
    unit.unit.conversations = {talk};
    unit.proof = prove(unit, samples::event(), samples::kioskKeys());
    return unit;
}

PositionedUnit conversation() {
    PositionedUnit unit = fullVisit();
    unit.unit.kind = record::UnitKind::Conversation;
    unit.unit.consents.clear();
    unit.unit.contact.reset();
    unit.unit.receipt.reset();
    unit.proof.reset();
    return unit;
}

bool isSigned(const PositionedUnit& unit) {
    return fits(unit.signature, signedPart(unit), samples::kioskKeys().publicKey);
}

TEST(UnitSignature, FitsEveryKindOfUnitThatTheKioskSigned) {
    for (const auto kind :
         {record::UnitKind::Visit, record::UnitKind::Refusal, record::UnitKind::Withdrawal,
          record::UnitKind::Conversation, record::UnitKind::Count}) {
        PositionedUnit unit = conversation();
        unit.unit.kind = kind;

        unit.signature = signUnit(unit, samples::kioskKeys());

        EXPECT_TRUE(isSigned(unit)) << record::nameOf(kind);
    }
}

TEST(UnitSignature, IsMissingUntilItIsMade) {
    EXPECT_FALSE(isSigned(conversation()));
}

TEST(UnitSignature, DoesNotFitTheUnitAtAnotherPositionOrUnderAnotherName) {
    PositionedUnit made = conversation();
    made.signature = signUnit(made, samples::kioskKeys());
    ASSERT_TRUE(isSigned(made));
    const std::vector<std::function<void(PositionedUnit&)>> moves{
        [](PositionedUnit& unit) { unit.position.kiosk = {"kiosk-2"}; },
        [](PositionedUnit& unit) { unit.position.epoch.bytes[7] ^= 1U; },
        [](PositionedUnit& unit) { ++unit.position.seq; },
        [](PositionedUnit& unit) { unit.unit.id.bytes[15] ^= 1U; },
        [](PositionedUnit& unit) { unit.unit.event = {"other-2026"}; }};

    for (std::size_t i = 0; i < moves.size(); ++i) {
        PositionedUnit moved = made;
        moves[i](moved);
        EXPECT_FALSE(isSigned(moved)) << i;
    }
}

TEST(UnitSignature, CoversAllThatAUnitSays) {
    PositionedUnit made = fullVisit();
    made.signature = signUnit(made, samples::kioskKeys());
    ASSERT_TRUE(isSigned(made));
    const std::vector<std::function<void(PositionedUnit&)>> changes{
        [](PositionedUnit& unit) { unit.unit.kind = record::UnitKind::Withdrawal; },
        [](PositionedUnit& unit) { unit.unit.subject.bytes[0] ^= 1U; },
        [](PositionedUnit& unit) { unit.unit.at.wall += record::Millis(1); },
        [](PositionedUnit& unit) { unit.unit.at.quality = record::ClockQuality::Unset; },
        [](PositionedUnit& unit) { unit.unit.consents.pop_back(); },
        [](PositionedUnit& unit) { unit.unit.contact->email = "eve@example.com"; },
        [](PositionedUnit& unit) { unit.unit.contact.reset(); },
        [](PositionedUnit& unit) { unit.unit.conversations.front().note += "!"; },
        [](PositionedUnit& unit) { unit.unit.conversations.front().promise.reset(); },
        [](PositionedUnit& unit) { unit.unit.vault->key.bytes[0] ^= 1U; },
        [](PositionedUnit& unit) { unit.unit.receipt.reset(); },
        [](PositionedUnit& unit) { unit.proof.reset(); }};

    for (std::size_t i = 0; i < changes.size(); ++i) {
        PositionedUnit changed = made;
        changes[i](changed);
        EXPECT_FALSE(isSigned(changed)) << i;
    }
}

// Why a proof is no signature: it stays what it is while contact, conversation and badge change.
TEST(UnitSignature, CoversWhatNoProofDoes) {
    PositionedUnit made = fullVisit();
    made.signature = signUnit(made, samples::kioskKeys());
    made.unit.contact->email = "eve@example.com";
    made.unit.conversations.front().note = "said something else";
    made.unit.vault->key.bytes[0] ^= 1U;

    EXPECT_TRUE(fullJws(made, samples::event(), samples::kioskKeys().publicKey));
    EXPECT_FALSE(isSigned(made));
}

TEST(UnitSignature, IsOverALabelOfItsOwn) {
    const Bytes part = signedPart(conversation());

    EXPECT_EQ(tapport::textOf(part).substr(0, 15), "tapport unit 5:");
    EXPECT_EQ(part.size(), 15U + 32U);
}

TEST(UnitSignature, IsTheSameOnARetryAndAnotherKeysDoesNotFit) {
    PositionedUnit unit = conversation();
    unit.signature = signUnit(unit, samples::kioskKeys());

    EXPECT_EQ(signUnit(unit, samples::kioskKeys()), unit.signature);
    EXPECT_FALSE(fits(unit.signature, signedPart(unit), samples::rootKeys().publicKey));
}

}  // namespace
}  // namespace tapport::receipt
