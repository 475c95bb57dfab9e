// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/record/codec.h"

#include "sync/record/parts.h"

namespace tapport::record {
namespace {

constexpr std::size_t kItems = 16;  ///< the signature is the last one

void writeUnsigned(CborWriter& out, const PositionedUnit& positioned) {
    const Position& position = positioned.position;
    const Unit& unit = positioned.unit;
    out.uinteger(kUnitSchema)
        .text(position.kiosk.value)
        .bytes(position.epoch.view())
        .uinteger(position.seq)
        .bytes(unit.id.view())
        .uinteger(static_cast<std::uint64_t>(unit.kind))
        .text(unit.event.value)
        .bytes(unit.subject.view());
    write(out, unit.at);
    writeAll(out, unit.consents, unit);
    writeOptional(out, unit.contact);
    writeOptional(out, unit.vault);
    writeAll(out, unit.conversations, unit);
    writeOptional(out, unit.receipt);
    writeOptional(out, positioned.proof);
}

}  // namespace

Bytes encode(const PositionedUnit& unit) {
    CborWriter out;
    out.array(kItems);
    writeUnsigned(out, unit);
    write(out, unit.signature);
    return out.take();
}

Bytes encodeUnsigned(const PositionedUnit& unit) {
    CborWriter out;
    out.array(kItems - 1);
    writeUnsigned(out, unit);
    return out.take();
}

Result<PositionedUnit> decodeUnit(ByteView bytes) {
    CborReader in(bytes);
    PositionedUnit result;
    Position& position = result.position;  // clang 14 lets no lambda take a structured binding
    Unit& unit = result.unit;
    const std::size_t items = in.array(kMostItems);
    if (in.uinteger() != kUnitSchema) {  // said first: other schemas have other items
        in.reject("unknown unit schema");
    }
    if (items != kItems) {
        in.reject("a unit has 16 items");
    }
    position.kiosk = readName<KioskId>(in);
    position.epoch = in.id<Epoch>();
    position.seq = in.uinteger();
    unit.id = in.id<RecordId>();
    unit.kind = in.enumeration(UnitKind::Count);
    unit.event = readName<EventId>(in);
    unit.subject = in.id<SubjectId>();
    unit.at = readClock(in);
    unit.consents = readAll(in, [&](CborReader& item) { return readConsentEventIn(item, unit); });
    unit.contact = readOptional(in, readContact);
    unit.vault = readOptional(in, readVaultAccess);
    unit.conversations =
        readAll(in, [&](CborReader& item) { return readConversationIn(item, unit); });
    unit.receipt = readOptional(in, [](CborReader& item) { return item.id<ReceiptId>(); });
    result.proof = readOptional(in, [](CborReader& item) { return item.id<Signature>(); });
    result.signature = in.id<Signature>();
    if (const auto finished = in.finish(); !finished) {
        return tl::unexpected(finished.error().in("unit"));
    }
    return result;
}

}  // namespace tapport::record
