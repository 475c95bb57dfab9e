// SPDX-License-Identifier: GPL-3.0-or-later
// Deterministic CBOR (RFC 8949 section 4.2) on libcbor's streaming coder: shortest heads, definite
// lengths, arrays instead of maps. One value has one encoding, so bytes can be hashed and signed.
// Pure; every read is bounded by the input. Not thread-safe: one writer or reader a thread.
#pragma once

#include "sync/base/bytes.h"
#include "sync/base/error.h"

namespace tapport {

class CborWriter {
  public:
    CborWriter() = default;
    /// With room for so many bytes: a long message is else copied again and again as it grows.
    explicit CborWriter(std::size_t room) { out_.reserve(room); }

    CborWriter& array(std::size_t items);
    CborWriter& integer(std::int64_t value);
    CborWriter& uinteger(std::uint64_t value);
    CborWriter& boolean(bool value);
    CborWriter& null();
    CborWriter& bytes(ByteView value);
    CborWriter& text(std::string_view value);

    [[nodiscard]] const Bytes& view() const { return out_; }
    [[nodiscard]] Bytes take() { return std::move(out_); }

  private:
    template <typename Encode>
    CborWriter& head(Encode encode);
    Bytes out_;
};

/// Reads items in order. The first item that does not fit latches an error; every later read gives
/// a zero value, so a caller reads a whole structure and asks `finish()` once.
class CborReader {
  public:
    explicit CborReader(ByteView input) : rest_(input) {}

    /// Number of items that follow; an array of more than `most` is an error.
    std::size_t array(std::size_t most);
    /// As above, and an error unless it has exactly `items`.
    void arrayOf(std::size_t items);
    std::int64_t integer();
    std::uint64_t uinteger();
    bool boolean();
    /// True, and consumes it, when the next item is null.
    bool skipNull();
    /// The next item is an unsigned integer.
    [[nodiscard]] bool isUinteger() const;
    ByteView bytes(std::size_t most);
    std::string text(std::size_t most);  ///< an error unless it is well-formed UTF-8

    template <typename Id>
    Id id() {
        const auto value = Id::from(bytes(Id::kSize));
        if (!value) {
            reject("id of wrong length");
        }
        return value.value_or(Id{});
    }
    /// An enum whose enumerators are 0..last.
    template <typename Enum>
    Enum enumeration(Enum last) {
        const auto value = uinteger();
        if (value > static_cast<std::uint64_t>(last)) {
            reject("enumerator out of range");
            return Enum{};
        }
        return static_cast<Enum>(value);
    }

    /// Latches an error that the caller found in what was read. `what` must not quote the data.
    void reject(std::string_view what);
    [[nodiscard]] bool ok() const { return error_.empty(); }
    /// An error if any read failed or bytes are left over.
    [[nodiscard]] Result<> finish() const;

  private:
    struct Item;
    Item next(std::string_view wanted);
    ByteView rest_;
    std::string error_;
};

/// RFC 3629: no overlong forms, surrogates, or code points above U+10FFFF.
[[nodiscard]] bool isUtf8(std::string_view text);

}  // namespace tapport
