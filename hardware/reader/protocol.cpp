// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/reader/protocol.h"

#include "hardware/ndef/message.h"
#include "sync/base/cbor.h"

namespace tapport::reader {
namespace {

constexpr std::size_t kLengthSize = 4;
constexpr std::size_t kMaxText = 300;
constexpr std::size_t kMaxUid = 10;

/// The first item of every packet; the numbers are the protocol.
enum class Kind : std::uint8_t {
    Opened,
    Heartbeat,
    DeviceFailed,
    BadgeRead,
    BadgeUnusable,
    BadgeRemoved,
    WriteEnded,
    WriteRequest,
};

CborWriter begin(Kind kind, std::size_t fields) {
    CborWriter out;
    out.array(1 + fields).uinteger(static_cast<std::uint64_t>(kind));
    return out;
}

struct Fields {
    CborWriter operator()(const Opened&) const { return begin(Kind::Opened, 0); }
    CborWriter operator()(const Heartbeat&) const { return begin(Kind::Heartbeat, 0); }
    CborWriter operator()(const BadgeRemoved&) const { return begin(Kind::BadgeRemoved, 0); }
    CborWriter operator()(const DeviceFailed& failed) const {
        auto out = begin(Kind::DeviceFailed, 1);
        out.text(failed.why);
        return out;
    }
    CborWriter operator()(const BadgeRead& read) const {
        auto out = begin(Kind::BadgeRead, 2);
        out.bytes(read.uid).bytes(read.message);
        return out;
    }
    CborWriter operator()(const BadgeUnusable& unusable) const {
        auto out = begin(Kind::BadgeUnusable, 2);
        out.uinteger(static_cast<std::uint64_t>(unusable.reason)).bytes(unusable.uid);
        return out;
    }
    CborWriter operator()(const WriteEnded& ended) const {
        auto out = begin(Kind::WriteEnded, 3);
        out.uinteger(ended.request).boolean(ended.succeeded).text(ended.why);
        return out;
    }
    CborWriter operator()(const WriteRequest& wanted) const {
        auto out = begin(Kind::WriteRequest, 2);
        out.uinteger(wanted.request).bytes(wanted.message);
        return out;
    }
};

Bytes framed(const Bytes& packet) {
    Bytes out;
    for (int shift = 24; shift >= 0; shift -= 8) {
        out.push_back(static_cast<std::uint8_t>(packet.size() >> shift));
    }
    out.insert(out.end(), packet.begin(), packet.end());
    return out;
}

FromChild readFields(CborReader& in, Kind kind, std::size_t fields) {
    const auto expect = [&](std::size_t wanted) {
        if (fields != wanted) {
            in.reject("wrong number of fields");
        }
    };
    switch (kind) {
        case Kind::Opened:
            expect(0);
            return Opened{};
        case Kind::Heartbeat:
            expect(0);
            return Heartbeat{};
        case Kind::DeviceFailed:
            expect(1);
            return DeviceFailed{in.text(kMaxText)};
        case Kind::BadgeRead: {
            expect(2);
            BadgeRead read;
            read.uid = toBytes(in.bytes(kMaxUid));
            read.message = toBytes(in.bytes(ndef::kMaxMessageSize));
            return read;
        }
        case Kind::BadgeUnusable: {
            expect(2);
            BadgeUnusable unusable;
            unusable.reason = in.enumeration(Unusable::SeveralTags);
            unusable.uid = toBytes(in.bytes(kMaxUid));
            return unusable;
        }
        case Kind::BadgeRemoved:
            expect(0);
            return BadgeRemoved{};
        case Kind::WriteEnded: {
            expect(3);
            WriteEnded ended;
            ended.request = in.uinteger();
            ended.succeeded = in.boolean();
            ended.why = in.text(kMaxText);
            return ended;
        }
        case Kind::WriteRequest:
            break;
    }
    in.reject("not for the parent");
    return Heartbeat{};
}

}  // namespace

Bytes encode(const FromChild& message) {
    return framed(std::visit(Fields{}, message).take());
}

Bytes encode(const WriteRequest& request) {
    return framed(Fields{}(request).take());
}

Result<FromChild> decodeFromChild(ByteView packet) {
    CborReader in(packet);
    const auto items = in.array(4);
    if (items == 0) {
        in.reject("a message of nothing");
    }
    const auto kind = in.enumeration(Kind::WriteRequest);
    const auto message = readFields(in, kind, items > 0 ? items - 1 : 0);
    if (const auto fine = in.finish(); !fine) {
        return tl::unexpected(fine.error().in("reader message"));
    }
    return message;
}

Result<WriteRequest> decodeWriteRequest(ByteView packet) {
    CborReader in(packet);
    in.arrayOf(3);
    if (in.enumeration(Kind::WriteRequest) != Kind::WriteRequest) {
        in.reject("not for the child");
    }
    WriteRequest request;
    request.request = in.uinteger();
    request.message = toBytes(in.bytes(ndef::kMaxMessageSize));
    if (const auto fine = in.finish(); !fine) {
        return tl::unexpected(fine.error().in("write request"));
    }
    return request;
}

Result<std::optional<Bytes>> PacketSplitter::next() {
    if (buffer_.size() < kLengthSize) {
        return std::nullopt;
    }
    std::size_t length = 0;
    for (std::size_t i = 0; i < kLengthSize; ++i) {
        length = length << 8 | buffer_[i];
    }
    if (length > kMaxPacket) {
        return fail(Code::InvalidInput, "a packet of the reader protocol is too long");
    }
    if (buffer_.size() < kLengthSize + length) {
        return std::nullopt;
    }
    const auto begin = buffer_.begin() + kLengthSize;
    const auto end = begin + static_cast<std::ptrdiff_t>(length);
    Bytes packet(begin, end);
    buffer_.erase(buffer_.begin(), end);
    return packet;
}

}  // namespace tapport::reader
