// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/record/codec.h"

#include "sync/record/parts.h"

namespace tapport::record {
Bytes encode(const PositionedUnit& positioned) {
    const auto& [position, unit, proof] = positioned;
    CborWriter out;
    out.array(15)
        .uinteger(kUnitSchema)
        .text(position.kiosk.value)
        .bytes(position.epoch.view())
        .uinteger(position.seq)
        .bytes(unit.id.view())
        .uinteger(static_cast<std::uint64_t>(unit.kind))
        .text(unit.event.value)
        .bytes(unit.subject.view());
    write(out, unit.at);
    writeAll(out, unit.consents);
    writeOptional(out, unit.contact);
    writeOptional(out, unit.vault);
    writeAll(out, unit.conversations);
    writeOptional(out, unit.receipt);
    writeOptional(out, proof);
    return out.take();
}

Result<PositionedUnit> decodeUnit(ByteView bytes) {
    CborReader in(bytes);
    PositionedUnit result;
    auto& [position, unit, proof] = result;
    in.arrayOf(15);
    if (in.uinteger() != kUnitSchema) {
        in.reject("unknown unit schema");
    }
    position.kiosk = readName<KioskId>(in);
    position.epoch = in.id<Epoch>();
    position.seq = in.uinteger();
    unit.id = in.id<RecordId>();
    unit.kind = in.enumeration(UnitKind::Count);
    unit.event = readName<EventId>(in);
    unit.subject = in.id<SubjectId>();
    unit.at = readClock(in);
    unit.consents = readAll(in, readConsentEvent);
    unit.contact = readOptional(in, readContact);
    unit.vault = readOptional(in, readVaultAccess);
    unit.conversations = readAll(in, readConversation);
    unit.receipt = readOptional(in, [](CborReader& item) { return item.id<ReceiptId>(); });
    proof = readOptional(in, [](CborReader& item) { return item.id<Signature>(); });
    if (const auto finished = in.finish(); !finished) {
        return tl::unexpected(finished.error().in("unit"));
    }
    return result;
}

}  // namespace tapport::record
