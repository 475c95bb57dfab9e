// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/wire/messages.h"

#include "sync/base/cbor.h"

namespace tapport::wire {
namespace {

enum class UpType : std::uint8_t { Batch, Hello };

std::uint64_t number(auto enumerator) {
    return static_cast<std::uint64_t>(enumerator);
}

void readVersion(CborReader& in) {
    if (in.uinteger() != kVersion) {
        in.reject("unknown version");
    }
}

template <typename N>
N readName(CborReader& in) {
    constexpr std::size_t kMostName = 32;
    N name{in.text(kMostName)};
    if (in.ok() && !record::isName(name.value)) {
        in.reject("name outside a-z 0-9 -");
    }
    return name;
}

/// `least` is 0 where 0 means "none", else 1.
std::uint64_t readSeq(CborReader& in, std::uint64_t least) {
    const std::uint64_t seq = in.uinteger();
    if (in.ok() && (seq < least || seq > record::kMostSeq)) {
        in.reject("position out of range");
    }
    return seq;
}

record::WallTime readTime(CborReader& in) {
    return record::WallTime(record::Millis(in.integer()));
}

void write(CborWriter& out, const record::SeqRanges& ranges) {
    out.array(ranges.view().size() * 2);
    for (const record::SeqRange& range : ranges.view()) {
        out.uinteger(range.first).uinteger(range.last);
    }
}

record::SeqRanges readRanges(CborReader& in) {
    record::SeqRanges ranges;
    const std::size_t numbers = in.array(kMostRanges * 2);
    if (numbers % 2 != 0) {
        in.reject("a range needs two ends");
    }
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < numbers / 2 && in.ok(); ++i) {
        const std::uint64_t first = readSeq(in, 1);
        const std::uint64_t last = readSeq(in, 1);
        // Ranges that touch would give one set two encodings.
        if (in.ok() && (last < first || (i > 0 && first <= before + 1))) {
            in.reject("ranges are not ascending and apart");
        }
        if (in.ok()) {
            ranges.add({first, last});
        }
        before = last;
    }
    return ranges;
}

Batch readBatch(CborReader& in) {
    Batch batch;
    batch.event = readName<record::EventId>(in);
    batch.kiosk = readName<record::KioskId>(in);
    batch.epoch = in.id<record::Epoch>();
    batch.base = readTime(in);
    batch.codec = in.enumeration(Codec::None);
    const std::size_t units = in.array(kMostUnits);
    if (in.ok() && units == 0) {
        in.reject("batch without units");
    }
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < units && in.ok(); ++i) {
        BatchUnit unit;
        in.arrayOf(3);
        unit.seq = readSeq(in, 1);
        unit.id = in.id<record::RecordId>();
        unit.sealed = toBytes(in.bytes(kMostSealedBytes));
        if (in.ok() && (unit.seq <= before || unit.sealed.empty())) {
            in.reject("unit empty or out of order");
        }
        before = unit.seq;
        batch.units.push_back(std::move(unit));
    }
    return batch;
}

Hello readHello(CborReader& in) {
    Hello hello;
    hello.event = readName<record::EventId>(in);
    hello.kiosk = readName<record::KioskId>(in);
    hello.epoch = in.id<record::Epoch>();
    hello.firstWaiting = readSeq(in, 0);
    hello.last = readSeq(in, 0);
    if (in.ok() && hello.firstWaiting > hello.last) {
        in.reject("waits beyond its last position");
    }
    return hello;
}

template <typename Message>
Result<Message> finished(const CborReader& in, Message message, std::string_view what) {
    if (const auto done = in.finish(); !done) {
        return tl::unexpected(done.error().in(what));
    }
    return message;
}

/// Latches an error before anything is copied out of an oversized message.
CborReader readerOf(ByteView bytes) {
    CborReader in(bytes);
    if (bytes.size() > kMostMessageBytes) {
        in.reject("message too large");
    }
    return in;
}

}  // namespace

Bytes encode(const Batch& batch) {
    CborWriter out;
    out.array(8)
        .uinteger(kVersion)
        .uinteger(number(UpType::Batch))
        .text(batch.event.value)
        .text(batch.kiosk.value)
        .bytes(batch.epoch.view())
        .integer(batch.base.time_since_epoch().count())
        .uinteger(number(batch.codec));
    out.array(batch.units.size());
    for (const BatchUnit& unit : batch.units) {
        out.array(3).uinteger(unit.seq).bytes(unit.id.view()).bytes(unit.sealed);
    }
    return out.take();
}

Bytes encode(const Hello& hello) {
    CborWriter out;
    out.array(7)
        .uinteger(kVersion)
        .uinteger(number(UpType::Hello))
        .text(hello.event.value)
        .text(hello.kiosk.value)
        .bytes(hello.epoch.view())
        .uinteger(hello.firstWaiting)
        .uinteger(hello.last);
    return out.take();
}

Bytes encode(const Ack& ack) {
    CborWriter out;
    out.array(9).uinteger(kVersion).bytes(ack.hub.view()).bytes(ack.epoch.view());
    write(out, ack.received);
    write(out, ack.quarantined);
    out.uinteger(ack.completeThrough)
        .uinteger(ack.watermark)
        .uinteger(ack.creditBytes)
        .integer(ack.hubTime.time_since_epoch().count());
    return out.take();
}

Bytes encode(const HubState& state) {
    CborWriter out;
    out.array(3).uinteger(kVersion).uinteger(number(state.presence)).bytes(state.hub.view());
    return out.take();
}

Bytes encode(const KioskState& state) {
    CborWriter out;
    out.array(3).uinteger(kVersion).uinteger(number(state.presence)).bytes(state.connection.view());
    return out.take();
}

Result<UpMessage> decodeUp(ByteView bytes) {
    constexpr std::size_t kMostItems = 8;
    CborReader in = readerOf(bytes);
    const std::size_t items = in.array(kMostItems);
    readVersion(in);
    const auto type = in.enumeration(UpType::Hello);
    const std::size_t wanted = type == UpType::Batch ? 8 : 7;
    if (in.ok() && items != wanted) {
        in.reject("array of wrong length");
    }
    UpMessage message;
    if (type == UpType::Batch) {
        message = readBatch(in);
    } else {
        message = readHello(in);
    }
    return finished(in, std::move(message), "up message");
}

Result<Ack> decodeAck(ByteView bytes) {
    CborReader in = readerOf(bytes);
    Ack ack;
    in.arrayOf(9);
    readVersion(in);
    ack.hub = in.id<HubEpoch>();
    ack.epoch = in.id<record::Epoch>();
    ack.received = readRanges(in);
    ack.quarantined = readRanges(in);
    for (const record::SeqRange& range : ack.quarantined.view()) {
        record::SeqRanges alone;
        alone.add(range);
        if (ack.received.holes(range) != alone) {
            in.reject("a position is both received and quarantined");
        }
    }
    ack.completeThrough = readSeq(in, 0);
    ack.watermark = readSeq(in, 0);
    const std::uint64_t credit = in.uinteger();
    if (in.ok() && credit > UINT32_MAX) {
        in.reject("credit out of range");
    }
    ack.creditBytes = static_cast<std::uint32_t>(credit);
    ack.hubTime = readTime(in);
    return finished(in, std::move(ack), "acknowledgement");
}

Result<HubState> decodeHubState(ByteView bytes) {
    CborReader in = readerOf(bytes);
    HubState state;
    in.arrayOf(3);
    readVersion(in);
    state.presence = in.enumeration(Presence::Online);
    state.hub = in.id<HubEpoch>();
    return finished(in, state, "hub state");
}

Result<KioskState> decodeKioskState(ByteView bytes) {
    CborReader in = readerOf(bytes);
    KioskState state;
    in.arrayOf(3);
    readVersion(in);
    state.presence = in.enumeration(Presence::Online);
    state.connection = in.id<ConnectionId>();
    return finished(in, state, "kiosk state");
}

}  // namespace tapport::wire
