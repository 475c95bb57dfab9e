// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/ndef/message.h"

#include <utility>

namespace tapport::ndef {
namespace {

constexpr std::uint8_t kMessageBegin = 0x80;
constexpr std::uint8_t kMessageEnd = 0x40;
constexpr std::uint8_t kChunk = 0x20;
constexpr std::uint8_t kShort = 0x10;
constexpr std::uint8_t kHasId = 0x08;
constexpr std::uint8_t kTnfMask = 0x07;
constexpr std::uint8_t kTnfUnchanged = 6;
constexpr std::uint8_t kTnfReserved = 7;

/// One record as it lies in the bytes, before chunks are put together.
struct Raw {
    std::uint8_t flags = 0;
    ByteView type;
    ByteView id;
    ByteView payload;

    [[nodiscard]] bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
    [[nodiscard]] std::uint8_t tnf() const { return flags & kTnfMask; }
};

class Cursor {
  public:
    explicit Cursor(ByteView bytes) : rest_(bytes) {}

    [[nodiscard]] bool atEnd() const { return rest_.empty(); }
    [[nodiscard]] Parsed<Raw> nextRecord() {
        const auto flags = number(1);
        const auto typeLength = number(1);
        const auto payloadLength = number((flags & kShort) != 0 ? 1 : 4);
        const auto idLength = (flags & kHasId) != 0 ? number(1) : 0;
        Raw raw;
        raw.flags = static_cast<std::uint8_t>(flags);
        raw.type = take(typeLength);
        raw.id = take(idLength);
        raw.payload = take(payloadLength);
        if (short_) {
            return tl::unexpected(Fault::Truncated);
        }
        return raw;
    }

  private:
    ByteView take(std::size_t size) {
        if (size > rest_.size()) {
            short_ = true;
            rest_ = {};
            return {};
        }
        const auto taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }
    std::size_t number(std::size_t octets) {
        std::size_t value = 0;
        for (const auto octet : take(octets)) {
            value = value << 8 | octet;
        }
        return value;
    }

    ByteView rest_;
    bool short_ = false;
};

Parsed<void> checkFirstChunk(const Raw& raw) {
    if (raw.tnf() == kTnfReserved) {
        return tl::unexpected(Fault::ReservedTnf);
    }
    if (raw.tnf() == kTnfUnchanged) {
        return tl::unexpected(Fault::Chunking);
    }
    const auto tnf = static_cast<Tnf>(raw.tnf());
    if (tnf == Tnf::Empty && !(raw.type.empty() && raw.id.empty() && raw.payload.empty())) {
        return tl::unexpected(Fault::TypeLength);
    }
    if (tnf == Tnf::Unknown && !raw.type.empty()) {
        return tl::unexpected(Fault::TypeLength);
    }
    return {};
}

Parsed<void> checkLaterChunk(const Raw& raw) {
    if (raw.tnf() != kTnfUnchanged || !raw.type.empty() || raw.has(kHasId)) {
        return tl::unexpected(Fault::Chunking);
    }
    return {};
}

void append(Bytes& to, ByteView bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace

std::string_view nameOf(Fault fault) {
    switch (fault) {
        case Fault::Truncated:
            return "Truncated";
        case Fault::TrailingBytes:
            return "TrailingBytes";
        case Fault::TooLong:
            return "TooLong";
        case Fault::TooManyRecords:
            return "TooManyRecords";
        case Fault::MessageBegin:
            return "MessageBegin";
        case Fault::Chunking:
            return "Chunking";
        case Fault::ReservedTnf:
            return "ReservedTnf";
        case Fault::TypeLength:
            return "TypeLength";
        case Fault::Uri:
            return "Uri";
        case Fault::Text:
            return "Text";
        case Fault::SmartPoster:
            return "SmartPoster";
    }
    return "Truncated";
}

Parsed<Message> parseMessage(ByteView bytes) {
    if (bytes.size() > kMaxMessageSize) {
        return tl::unexpected(Fault::TooLong);
    }
    Cursor cursor(bytes);
    Message message;
    bool inChunks = false;
    for (bool isFirst = true, isLast = false; !isLast; isFirst = false) {
        const auto raw = cursor.nextRecord();
        if (!raw) {
            return tl::unexpected(raw.error());
        }
        if (raw->has(kMessageBegin) != isFirst) {
            return tl::unexpected(Fault::MessageBegin);
        }
        isLast = raw->has(kMessageEnd);
        if (isLast && raw->has(kChunk)) {
            return tl::unexpected(Fault::Chunking);
        }
        if (const auto fine = inChunks ? checkLaterChunk(*raw) : checkFirstChunk(*raw); !fine) {
            return tl::unexpected(fine.error());
        }
        if (!inChunks) {
            if (message.records.size() == kMaxRecords) {
                return tl::unexpected(Fault::TooManyRecords);
            }
            message.records.push_back(
                {static_cast<Tnf>(raw->tnf()), toBytes(raw->type), toBytes(raw->id), {}});
        }
        append(message.records.back().payload, raw->payload);
        inChunks = raw->has(kChunk);
    }
    if (!cursor.atEnd()) {
        return tl::unexpected(Fault::TrailingBytes);
    }
    return message;
}

Result<Bytes> encodeMessage(const std::vector<Record>& records) {
    if (records.empty() || records.size() > kMaxRecords) {
        return fail(Code::InvalidInput, "an NDEF message has 1 to 32 records");
    }
    Bytes out;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto& record = records[i];
        if (record.type.size() > 0xFF || record.id.size() > 0xFF ||
            record.payload.size() > kMaxMessageSize) {
            return fail(Code::InvalidInput, "an NDEF record's type, id or payload is too long");
        }
        const bool isShort = record.payload.size() <= 0xFF;
        out.push_back(static_cast<std::uint8_t>(
            (i == 0 ? kMessageBegin : 0) | (i + 1 == records.size() ? kMessageEnd : 0) |
            (isShort ? kShort : 0) | (record.id.empty() ? 0 : kHasId) |
            static_cast<std::uint8_t>(record.tnf)));
        out.push_back(static_cast<std::uint8_t>(record.type.size()));
        for (int shift = isShort ? 0 : 24; shift >= 0; shift -= 8) {
            out.push_back(static_cast<std::uint8_t>(record.payload.size() >> shift));
        }
        if (!record.id.empty()) {
            out.push_back(static_cast<std::uint8_t>(record.id.size()));
        }
        append(out, record.type);
        append(out, record.id);
        append(out, record.payload);
    }
    if (out.size() > kMaxMessageSize) {
        return fail(Code::InvalidInput, "an NDEF message has at most 8 KiB");
    }
    return out;
}

}  // namespace tapport::ndef
