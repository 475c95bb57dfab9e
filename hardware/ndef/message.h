// SPDX-License-Identifier: GPL-3.0-or-later
// NDEF messages (NFC Forum NDEF 1.0): bytes to records and back. Strict, because a badge is input
// from a stranger: exactly one message, no bytes after it, and fixed limits. Pure.
#pragma once

#include "sync/base/bytes.h"
#include "sync/base/error.h"

#include <cstdint>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace tapport::ndef {

inline constexpr std::size_t kMaxMessageSize = 8 * 1024;
inline constexpr std::size_t kMaxRecords = 32;
inline constexpr std::size_t kMaxUriSize = 512;

/// NDEF 1.0, section 3.2.6; "Unchanged" and the reserved 7 never leave the parser.
enum class Tnf : std::uint8_t { Empty, WellKnown, Mime, AbsoluteUri, External, Unknown };

struct Record {
    Tnf tnf = Tnf::Empty;
    Bytes type;
    Bytes id;
    Bytes payload;
    bool operator==(const Record&) const = default;
};

struct Message {
    std::vector<Record> records;  ///< one at least; chunks are put together
};

/// Why bytes are no message, or a record's payload is not what its type promises.
enum class Fault : std::uint8_t {
    Truncated,       ///< shorter than a record, or a length in it, says
    TrailingBytes,   ///< bytes after the record that ends the message
    TooLong,         ///< more than kMaxMessageSize, or a URI of more than kMaxUriSize
    TooManyRecords,  ///< more than kMaxRecords
    MessageBegin,    ///< MB missing on the first record or set on a later one
    Chunking,        ///< CF with ME, a middle chunk with a type or id, or no chunk where one is due
    ReservedTnf,     ///< TNF 7
    TypeLength,      ///< a type, id or payload where the TNF forbids one
    Uri,             ///< no UTF-8, empty, or holds a control character
    Text,            ///< language code longer than the payload, or broken UTF-8 or UTF-16
    SmartPoster,     ///< not exactly one URI, or a Smart Poster inside another
};

template <typename T>
using Parsed = tl::expected<T, Fault>;

/// As the enumerator is spelt, for logs; never quotes the data.
[[nodiscard]] std::string_view nameOf(Fault fault);

[[nodiscard]] Parsed<Message> parseMessage(ByteView bytes);

/// InvalidInput for no record, a field longer than its length octets can say, or a message beyond
/// the limits above. Never writes chunks.
[[nodiscard]] Result<Bytes> encodeMessage(const std::vector<Record>& records);

}  // namespace tapport::ndef
