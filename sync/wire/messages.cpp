// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/wire/messages.h"

#include "sync/wire/frame.h"

namespace tapport::wire {
namespace {

enum class UpType : std::uint8_t { Batch, Hello, DownAck, Farewell };

/// What a signature speaks of, so that none passes for one over something else.
constexpr std::string_view kUpLabel = "tapport up 3:";
constexpr std::string_view kAckLabel = "tapport ack 3:";

/// Items of a message's array, its signature included.
constexpr std::size_t kBatchItems = 9;
constexpr std::size_t kHelloItems = 12;
constexpr std::size_t kDownAckItems = 7;
constexpr std::size_t kFarewellItems = 6;
constexpr std::size_t kAckItems = 12;

/// A clock may be off, also before 1970; but the difference of two must not overflow.
record::WallTime readTime(CborReader& in) {
    constexpr record::WallTime kEnd = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);
    const record::WallTime time{record::Millis(in.integer())};
    if (in.ok() && (time <= record::WallTime{} - kEnd.time_since_epoch() || time >= kEnd)) {
        in.reject("time out of range");
    }
    return time;
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

Run readRun(CborReader& in) {
    Run run;
    in.arrayOf(3);
    run.first = readSeq(in, 1);
    run.before = in.id<record::ChainHash>();
    const std::size_t units = in.array(kMostUnits);
    if (in.ok() && (units == 0 || run.first > record::kMostSeq - (units - 1))) {
        in.reject("run without units, or beyond the last position");
    }
    for (std::size_t i = 0; i < units && in.ok(); ++i) {
        BatchUnit unit;
        in.arrayOf(2);
        unit.id = in.id<record::RecordId>();
        unit.sealed = Blob::lentBy(in.bytes(kMostSealedBytes));
        if (in.ok() && unit.sealed.empty()) {
            in.reject("unit without bytes");
        }
        run.units.push_back(std::move(unit));
    }
    return run;
}

Batch readBatch(CborReader& in) {
    Batch batch;
    batch.event = readName<record::EventId>(in);
    batch.kiosk = readName<record::KioskId>(in);
    batch.epoch = in.id<record::Epoch>();
    batch.base = readTime(in);
    batch.codec = in.enumeration(Codec::None);
    const std::size_t runs = in.array(kMostUnits);
    if (in.ok() && runs == 0) {
        in.reject("batch without records");
    }
    std::size_t units = 0;
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < runs && in.ok(); ++i) {
        Run run = readRun(in);
        units += run.units.size();
        // Runs that touch would give one batch two encodings.
        if (in.ok() && (units > kMostUnits || (i > 0 && run.first <= before + 1))) {
            in.reject("too many units, or runs that are not ascending and apart");
        }
        before = run.first + run.units.size() - 1;
        batch.runs.push_back(std::move(run));
    }
    return batch;
}

std::optional<ForkPoint> readForkPoint(CborReader& in) {
    if (in.skipNull()) {
        return std::nullopt;
    }
    ForkPoint point;
    in.arrayOf(2);
    point.epoch = in.id<record::Epoch>();
    point.seq = readSeq(in, 0);
    return point;
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
    hello.lastChain = in.id<record::ChainHash>();
    hello.forkOf = readForkPoint(in);
    hello.downVersion = readDownVersion(in);
    hello.base = readTime(in);
    return hello;
}

DownAck readDownAck(CborReader& in) {
    DownAck ack;
    ack.event = readName<record::EventId>(in);
    ack.kiosk = readName<record::KioskId>(in);
    ack.has.hub = in.id<HubEpoch>();
    ack.has.version = readDownVersion(in);
    return ack;
}

Farewell readFarewell(CborReader& in) {
    Farewell farewell;
    farewell.event = readName<record::EventId>(in);
    farewell.kiosk = readName<record::KioskId>(in);
    farewell.hub = in.id<HubEpoch>();
    return farewell;
}

std::size_t itemsOf(UpType type) {
    switch (type) {
        case UpType::Batch:
            return kBatchItems;
        case UpType::Hello:
            return kHelloItems;
        case UpType::DownAck:
            return kDownAckItems;
        case UpType::Farewell:
            break;
    }
    return kFarewellItems;
}

UpMessage readUp(CborReader& in, UpType type) {
    switch (type) {
        case UpType::Batch:
            return readBatch(in);
        case UpType::Hello:
            return readHello(in);
        case UpType::DownAck:
            return readDownAck(in);
        case UpType::Farewell:
            break;
    }
    return readFarewell(in);
}

Prefix readPrefix(CborReader& in) {
    Prefix prefix;
    if (!in.skipNull()) {
        in.arrayOf(2);
        prefix.seq = readSeq(in, 1);
        prefix.chain = in.id<record::ChainHash>();
    }
    return prefix;
}

std::vector<Answered> readAnswered(CborReader& in) {
    std::vector<Answered> batches(in.array(kMostAnswered));
    for (Answered& one : batches) {
        in.arrayOf(2);
        one.name = in.id<BatchName>();
        one.quarantined = readRanges(in);
    }
    return batches;
}

/// At least what it takes, with its signature.
std::size_t roomFor(const Batch& batch) {
    constexpr std::size_t kOfEnvelope = 256;
    constexpr std::size_t kOfRun = 64;
    constexpr std::size_t kOfUnit = 32;
    std::size_t room = kOfEnvelope;
    for (const Run& run : batch.runs) {
        room += kOfRun;
        for (const BatchUnit& unit : run.units) {
            room += kOfUnit + unit.sealed.size();
        }
    }
    return room;
}

}  // namespace

Bytes encode(const Batch& batch, const Signer& kiosk) {
    CborWriter out(roomFor(batch));
    out.array(kBatchItems - 1)
        .uinteger(kVersion)
        .uinteger(number(UpType::Batch))
        .text(batch.event.value)
        .text(batch.kiosk.value)
        .bytes(batch.epoch.view())
        .integer(batch.base.time_since_epoch().count())
        .uinteger(number(batch.codec));
    out.array(batch.runs.size());
    for (const Run& run : batch.runs) {
        out.array(3).uinteger(run.first).bytes(run.before.view()).array(run.units.size());
        for (const BatchUnit& unit : run.units) {
            out.array(2).bytes(unit.id.view()).bytes(unit.sealed);
        }
    }
    return signedBy(kiosk, kUpLabel, out.take());
}

Bytes encode(const Hello& hello, const Signer& kiosk) {
    CborWriter out;
    out.array(kHelloItems - 1)
        .uinteger(kVersion)
        .uinteger(number(UpType::Hello))
        .text(hello.event.value)
        .text(hello.kiosk.value)
        .bytes(hello.epoch.view())
        .uinteger(hello.firstWaiting)
        .uinteger(hello.last)
        .bytes(hello.lastChain.view());
    if (hello.forkOf) {
        out.array(2).bytes(hello.forkOf->epoch.view()).uinteger(hello.forkOf->seq);
    } else {
        out.null();
    }
    writeTo(out, hello.downVersion).integer(hello.base.time_since_epoch().count());
    return signedBy(kiosk, kUpLabel, out.take());
}

Bytes encode(const DownAck& ack, const Signer& kiosk) {
    CborWriter out;
    out.array(kDownAckItems - 1)
        .uinteger(kVersion)
        .uinteger(number(UpType::DownAck))
        .text(ack.event.value)
        .text(ack.kiosk.value)
        .bytes(ack.has.hub.view());
    writeTo(out, ack.has.version);
    return signedBy(kiosk, kUpLabel, out.take());
}

Bytes encode(const Farewell& farewell, const Signer& kiosk) {
    CborWriter out;
    out.array(kFarewellItems - 1)
        .uinteger(kVersion)
        .uinteger(number(UpType::Farewell))
        .text(farewell.event.value)
        .text(farewell.kiosk.value)
        .bytes(farewell.hub.view());
    return signedBy(kiosk, kUpLabel, out.take());
}

Bytes encode(const Ack& ack, const Signer& hub) {
    CborWriter out;
    out.array(kAckItems - 1).uinteger(kVersion).bytes(ack.hub.view()).bytes(ack.epoch.view());
    out.array(ack.batches.size());
    for (const Answered& one : ack.batches) {
        out.array(2).bytes(one.name.view());
        write(out, one.quarantined);
    }
    write(out, ack.received);
    write(out, ack.quarantined);
    out.uinteger(ack.completeThrough);
    if (ack.prefix.seq == 0) {
        out.null();
    } else {
        out.array(2).uinteger(ack.prefix.seq).bytes(ack.prefix.chain.view());
    }
    out.uinteger(ack.watermark)
        .uinteger(ack.creditBytes)
        .integer(ack.hubTime.time_since_epoch().count());
    return signedBy(hub, kAckLabel, out.take());
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

BatchName nameOf(ByteView batch) {
    BatchName name;
    if (batch.size() >= record::Signature::kSize) {
        const ByteView signature = batch.last(record::Signature::kSize);
        std::copy_n(signature.begin(), BatchName::kSize, name.bytes.begin());
    }
    return name;
}

Result<Signed<UpMessage>> decodeUp(ByteView bytes) {
    CborReader in = readerOf(bytes);
    const std::size_t items = in.array(std::max(kBatchItems, kHelloItems));
    readVersion(in);
    const auto type = in.enumeration(UpType::Farewell);
    if (in.ok() && items != itemsOf(type)) {
        in.reject("array of wrong length");
    }
    UpMessage message = readUp(in, type);
    return finishedSigned(in, std::move(message), bytes, kUpLabel, "up message");
}

Result<Signed<Ack>> decodeAck(ByteView bytes) {
    CborReader in = readerOf(bytes);
    Ack ack;
    in.arrayOf(kAckItems);
    readVersion(in);
    ack.hub = in.id<HubEpoch>();
    ack.epoch = in.id<record::Epoch>();
    ack.batches = readAnswered(in);
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
    ack.prefix = readPrefix(in);
    const bool answersHello = ack.completeThrough != 0;
    const bool hasHoldings =
        !ack.received.empty() || !ack.quarantined.empty() || ack.prefix.seq != 0;
    if (in.ok() && (answersHello != ack.batches.empty() || (hasHoldings && !answersHello))) {
        in.reject("answers both batches and a hello, or neither");
    }
    ack.watermark = readSeq(in, 0);
    const std::uint64_t credit = in.uinteger();
    if (in.ok() && credit > UINT32_MAX) {
        in.reject("credit out of range");
    }
    ack.creditBytes = static_cast<std::uint32_t>(credit);
    ack.hubTime = readTime(in);
    return finishedSigned(in, std::move(ack), bytes, kAckLabel, "acknowledgement");
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
