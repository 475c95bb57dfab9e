// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/wire/downstream.h"

#include "sync/wire/frame.h"

namespace tapport::wire {
namespace {

constexpr std::string_view kDownLabel = "tapport down 3:";
constexpr std::size_t kDownItems = 9;

DownItem readItem(CborReader& in) {
    DownItem item;
    in.arrayOf(3);
    item.kind = in.enumeration(ItemKind::Command);
    item.key = toBytes(in.bytes(kMostItemKey));
    if (!in.skipNull()) {
        item.payload = toBytes(in.bytes(kMostItemBytes));
    }
    if (in.ok() && (item.key.empty() || (item.payload && item.payload->empty()))) {
        in.reject("item without a key, or with nothing in it");
    }
    return item;
}

}  // namespace

bool follows(const DownChunk& chunk, const DownState& has) {
    return chunk.from == (has.hub == chunk.hub ? has.version : DownVersion{});
}

DownState after(const DownChunk& chunk, const DownState& has) {
    if (follows(chunk, has)) {
        return {chunk.hub, chunk.through};
    }
    return has.hub == chunk.hub ? has : DownState{chunk.hub, {}};
}

Bytes encode(const DownChunk& chunk, const Signer& hub) {
    CborWriter out;
    out.array(kDownItems - 1)
        .uinteger(kVersion)
        .text(chunk.event.value)
        .text(chunk.kiosk.value)
        .bytes(chunk.hub.view());
    writeTo(out, chunk.from);
    writeTo(out, chunk.through).array(chunk.items.size());
    for (const DownItem& item : chunk.items) {
        out.array(3).uinteger(number(item.kind)).bytes(item.key);
        if (item.payload) {
            out.bytes(*item.payload);
        } else {
            out.null();
        }
    }
    out.uinteger(number(chunk.rest));
    return signedBy(hub, kDownLabel, out.take());
}

Result<Signed<DownChunk>> decodeDown(ByteView bytes) {
    CborReader in = readerOf(bytes);
    if (bytes.size() > kMostChunkBytes) {
        in.reject("chunk too large");
    }
    DownChunk chunk;
    in.arrayOf(kDownItems);
    readVersion(in);
    chunk.event = readName<record::EventId>(in);
    chunk.kiosk = readName<record::KioskId>(in);
    chunk.hub = in.id<HubEpoch>();
    chunk.from = readDownVersion(in);
    chunk.through = readDownVersion(in);
    if (in.ok() && (chunk.through == chunk.from || !chunk.through.reaches(chunk.from))) {
        in.reject("chunk that brings nothing, or goes back");
    }
    const std::size_t items = in.array(kMostChunkItems);
    for (std::size_t i = 0; i < items && in.ok(); ++i) {
        chunk.items.push_back(readItem(in));
    }
    chunk.rest = in.enumeration(Rest::None);
    return finishedSigned(in, std::move(chunk), bytes, kDownLabel, "chunk");
}

Bytes encode(const EventPart& part) {
    CborWriter out;
    out.array(3).uinteger(part.edition).uinteger(part.parts).bytes(part.bytes);
    return out.take();
}

Result<EventPart> decodeEventPart(ByteView bytes) {
    CborReader in(bytes);
    EventPart part;
    in.arrayOf(3);
    part.edition = readSeq(in, 1);
    const std::uint64_t parts = in.uinteger();
    if (in.ok() && (parts == 0 || parts > kMostEventParts)) {
        in.reject("an event file of no parts, or of too many");
    }
    part.parts = static_cast<std::uint8_t>(parts);
    part.bytes = toBytes(in.bytes(kEventPartBytes));
    return finished(in, std::move(part), "part of the event file");
}

}  // namespace tapport::wire
