// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/record/codec.h"

#include <gtest/gtest.h>

namespace tapport::record {
namespace {

using namespace std::chrono_literals;

PositionedUnit fullUnit() {
    const ClockReading at{WallTime(1'790'000'000'000ms), ClockQuality::Holdover,
                          *BootId::from(Bytes(16, 7)), 5123ms};
    ConsentEvent event;
    event.id = *RecordId::from(Bytes(16, 1));
    event.purpose = {"newsletter"};
    event.channel = Channel::Email;
    event.state = ConsentState::Given;
    event.method = Method::KioskYes;
    event.notice = {"newsletter-email", 3, *NoticeHash::from(Bytes(32, 9)), "de"};
    event.at = at;
    event.validUntil = at.wall + 24h;
    event.evidence = {"question", "0.1.0", "no,yes", 2400ms, StaffId{"kim"}};
    event.causes = {*RecordId::from(Bytes(16, 2))};
    event.by = ExpressedBy::Guardian;
    event.hubState = 77;

    Conversation conversation;
    conversation.id = *RecordId::from(Bytes(16, 3));
    conversation.staff = {"kim"};
    conversation.at = at;
    conversation.need = "replace-system";
    conversation.readiness = "this-quarter";
    conversation.note = "Line one\nL\xC3\xADne two";
    conversation.promise = Promise{"send the data sheet", 2026y / 12 / 1, {"kim"}};

    Unit unit;
    unit.id = *RecordId::from(Bytes(16, 4));
    unit.event = {"demo-2026"};
    unit.subject = *SubjectId::from(Bytes(16, 5));
    unit.at = at;
    unit.consents = {event};
    unit.contact = Contact{"Test Attendee", "Example Works", "test@example.com", "", ""};
    unit.conversations = {conversation};
    unit.vault = VaultAccess{*VaultLookup::from(Bytes(16, 6)), *VaultKey::from(Bytes(32, 8))};
    unit.receipt = *ReceiptId::from(Bytes(16, 10));
    return {{{"kiosk-1"}, *Epoch::from(Bytes(8, 1)), 42},
            unit,
            *Signature::from(Bytes(64, 11)),
            *Signature::from(Bytes(64, 12))};
}

TEST(UnitCodec, RoundTripsEveryField) {
    const PositionedUnit unit = fullUnit();

    const auto decoded = decodeUnit(encode(unit));

    ASSERT_TRUE(decoded) << decoded.error().context;
    EXPECT_EQ(*decoded, unit);
}

TEST(UnitCodec, RoundTripsARefusalWithNothingAboutThePerson) {
    PositionedUnit unit;
    unit.position = {{"kiosk-1"}, *Epoch::from(Bytes(8, 1)), 1};
    unit.unit.kind = UnitKind::Refusal;
    unit.unit.event = {"demo-2026"};

    const auto decoded = decodeUnit(encode(unit));

    ASSERT_TRUE(decoded) << decoded.error().context;
    EXPECT_EQ(*decoded, unit);
}

TEST(UnitCodec, RefusesTruncationAtEveryByteWithoutQuotingData) {
    const Bytes bytes = encode(fullUnit());

    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const auto decoded = decodeUnit(ByteView(bytes).first(length));
        ASSERT_FALSE(decoded) << length;
        EXPECT_EQ(decoded.error().code, Code::InvalidInput);
        EXPECT_EQ(decoded.error().context.find("example.com"), std::string::npos);
    }
}

TEST(UnitCodec, SaysOnceWhatAllOfAUnitHave) {
    PositionedUnit apart = fullUnit();
    PositionedUnit beside = fullUnit();
    beside.unit.consents.front().id = idBeside(beside.unit.id, 1);
    beside.unit.conversations.front().id = idBeside(beside.unit.id, 2);
    apart.unit.consents.front().at.monotonic += 1ms;
    apart.unit.conversations.front().at.monotonic += 1ms;

    EXPECT_EQ(decodeUnit(encode(apart)), apart);
    EXPECT_EQ(decodeUnit(encode(beside)), beside);
    constexpr std::size_t kIds = 2 * RecordId::kSize;
    constexpr std::size_t kClocks = 2 * (BootId::kSize + 14);
    EXPECT_EQ(encode(beside).size() + kIds + kClocks, encode(apart).size());
}

TEST(UnitCodec, RefusesInFullWhatTheShortFormSays) {
    PositionedUnit unit = fullUnit();
    unit.unit.id.bytes.back() = 0x20;
    unit.unit.consents.front().id = idBeside(unit.unit.id, 1);
    const Bytes bytes = encode(unit);
    Bytes head = {0x8C, 0x01, 0x6A};  // the consent: its id, and the head of its purpose
    const auto at = std::search(bytes.begin(), bytes.end(), head.begin(), head.end());
    ASSERT_NE(at, bytes.end());
    const auto with = [&](const Bytes& id) {
        Bytes changed(bytes.begin(), at + 1);
        changed.insert(changed.end(), id.begin(), id.end());
        changed.insert(changed.end(), at + 2, bytes.end());
        return changed;
    };
    Bytes inFull{0x50};
    const RecordId id = idBeside(unit.unit.id, 1);
    inFull.insert(inFull.end(), id.bytes.begin(), id.bytes.end());

    EXPECT_TRUE(decodeUnit(with({0x01})));
    EXPECT_FALSE(decodeUnit(with(inFull)));
    EXPECT_FALSE(decodeUnit(with({0x00}))) << "the unit's own";
    EXPECT_FALSE(decodeUnit(with({0x19, 0x01, 0x01}))) << "257";
}

TEST(UnitCodec, RefusesTimesThatNoCalendarShows) {
    const WallTime after = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);
    for (const WallTime time : {WallTime(Millis(-1)), after, WallTime::max(), WallTime::min()}) {
        PositionedUnit stamped = fullUnit();
        stamped.unit.at.wall = time;
        PositionedUnit valid = fullUnit();
        valid.unit.consents.front().validUntil = time;

        EXPECT_FALSE(decodeUnit(encode(stamped)));
        EXPECT_FALSE(decodeUnit(encode(valid)));
    }
}

TEST(UnitCodec, RefusesAUnitThatBringsNoSignature) {
    const Bytes lacking = encodeUnsigned(fullUnit());
    Bytes none = lacking;
    ++none.front();  // as many items as it must have
    none.push_back(0xF6);

    EXPECT_FALSE(decodeUnit(lacking));
    EXPECT_FALSE(decodeUnit(none));
}

TEST(UnitCodec, EncodesTheSignatureAsTheLastItemOfTheSameArray) {
    Bytes expected = encodeUnsigned(fullUnit());
    ++expected.front();
    expected.insert(expected.end(), {0x58, 0x40});
    expected.insert(expected.end(), 64, 12);

    EXPECT_EQ(encode(fullUnit()), expected);
}

TEST(UnitCodec, RefusesAnUnknownSchema) {
    Bytes bytes = encode(fullUnit());
    bytes[1] = 9;  // the schema is the first item of the array

    const auto decoded = decodeUnit(bytes);

    ASSERT_FALSE(decoded);
    EXPECT_NE(decoded.error().context.find("schema"), std::string::npos);
}

}  // namespace
}  // namespace tapport::record
