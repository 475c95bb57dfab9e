// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/base/cbor.h"

#include <limits>

#include <cbor.h>

namespace tapport {

template <typename Encode>
CborWriter& CborWriter::head(Encode encode) {
    constexpr std::size_t kLongestHead = 9;
    const std::size_t start = out_.size();
    out_.resize(start + kLongestHead);
    out_.resize(start + encode(out_.data() + start, kLongestHead));
    return *this;
}

CborWriter& CborWriter::array(std::size_t items) {
    return head([&](auto* to, auto room) { return cbor_encode_array_start(items, to, room); });
}

CborWriter& CborWriter::uinteger(std::uint64_t value) {
    return head([&](auto* to, auto room) { return cbor_encode_uint(value, to, room); });
}

CborWriter& CborWriter::integer(std::int64_t value) {
    if (value >= 0) {
        return uinteger(static_cast<std::uint64_t>(value));
    }
    const auto magnitude = static_cast<std::uint64_t>(-(value + 1));
    return head([&](auto* to, auto room) { return cbor_encode_negint(magnitude, to, room); });
}

CborWriter& CborWriter::boolean(bool value) {
    return head([&](auto* to, auto room) { return cbor_encode_bool(value, to, room); });
}

CborWriter& CborWriter::null() {
    return head([](auto* to, auto room) { return cbor_encode_null(to, room); });
}

CborWriter& CborWriter::bytes(ByteView value) {
    head([&](auto* to, auto room) { return cbor_encode_bytestring_start(value.size(), to, room); });
    out_.insert(out_.end(), value.begin(), value.end());
    return *this;
}

CborWriter& CborWriter::text(std::string_view value) {
    head([&](auto* to, auto room) { return cbor_encode_string_start(value.size(), to, room); });
    const ByteView view = viewOf(value);
    out_.insert(out_.end(), view.begin(), view.end());
    return *this;
}

/// What one step of libcbor's decoder found.
struct CborReader::Item {
    enum class Kind : std::uint8_t {
        Other,
        Unsigned,
        Negative,
        ByteString,
        Text,
        Array,
        Bool,
        Null
    };
    Kind kind = Kind::Other;
    std::uint64_t value = 0;
    ByteView data;
};

namespace {

template <auto Kind, typename Item, typename T>
void store(void* context, T value) {
    auto* item = static_cast<Item*>(context);
    item->kind = Kind;
    item->value = static_cast<std::uint64_t>(value);
}

template <auto Kind, typename Item>
void storeData(void* context, cbor_data data, std::uint64_t length) {
    auto* item = static_cast<Item*>(context);
    item->kind = Kind;
    item->value = length;
    item->data = {data, static_cast<std::size_t>(length)};
}

template <typename Item>
cbor_callbacks makeCallbacks() {
    using Kind = typename Item::Kind;
    cbor_callbacks callbacks = cbor_empty_callbacks;
    callbacks.uint8 = store<Kind::Unsigned, Item, std::uint8_t>;
    callbacks.uint16 = store<Kind::Unsigned, Item, std::uint16_t>;
    callbacks.uint32 = store<Kind::Unsigned, Item, std::uint32_t>;
    callbacks.uint64 = store<Kind::Unsigned, Item, std::uint64_t>;
    callbacks.negint8 = store<Kind::Negative, Item, std::uint8_t>;
    callbacks.negint16 = store<Kind::Negative, Item, std::uint16_t>;
    callbacks.negint32 = store<Kind::Negative, Item, std::uint32_t>;
    callbacks.negint64 = store<Kind::Negative, Item, std::uint64_t>;
    callbacks.byte_string = storeData<Kind::ByteString, Item>;
    callbacks.string = storeData<Kind::Text, Item>;
    callbacks.array_start = [](void* context, auto items) {
        store<Kind::Array, Item, std::uint64_t>(context, items);
    };
    callbacks.boolean = store<Kind::Bool, Item, bool>;
    callbacks.null = [](void* context) { static_cast<Item*>(context)->kind = Kind::Null; };
    return callbacks;
}

std::size_t shortestHead(std::uint64_t value) {
    if (value < 24) {
        return 1;
    }
    if (value <= std::numeric_limits<std::uint8_t>::max()) {
        return 2;
    }
    if (value <= std::numeric_limits<std::uint16_t>::max()) {
        return 3;
    }
    return value <= std::numeric_limits<std::uint32_t>::max() ? 5 : 9;
}

}  // namespace

CborReader::Item CborReader::next(std::string_view wanted) {
    static const cbor_callbacks kCallbacks = makeCallbacks<Item>();
    Item item;
    if (!ok()) {
        return item;
    }
    const auto result = cbor_stream_decode(rest_.data(), rest_.size(), &kCallbacks, &item);
    if (result.status != CBOR_DECODER_FINISHED) {
        reject("truncated or malformed where " + std::string(wanted) + " was expected");
        return {};
    }
    // Bool and null carry their value in the head's first byte.
    const bool oneByte = item.kind == Item::Kind::Bool || item.kind == Item::Kind::Null;
    const std::size_t head = oneByte ? 1 : shortestHead(item.value);
    if (result.read != head + item.data.size()) {
        reject("not in its shortest form");
        return {};
    }
    rest_ = rest_.subspan(result.read);
    return item;
}

std::size_t CborReader::array(std::size_t most) {
    const Item item = next("array");
    if (ok() && (item.kind != Item::Kind::Array || item.value > most)) {
        reject("array missing or too long");
    }
    return ok() ? static_cast<std::size_t>(item.value) : 0;
}

void CborReader::arrayOf(std::size_t items) {
    const std::size_t found = array(items);
    if (ok() && found != items) {
        reject("array of wrong length");
    }
}

std::int64_t CborReader::integer() {
    const Item item = next("integer");
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (ok() && ((item.kind != Item::Kind::Unsigned && item.kind != Item::Kind::Negative) ||
                 item.value > kMost)) {
        reject("integer missing or out of range");
    }
    if (!ok()) {
        return 0;
    }
    const auto value = static_cast<std::int64_t>(item.value);
    return item.kind == Item::Kind::Unsigned ? value : -1 - value;
}

std::uint64_t CborReader::uinteger() {
    const Item item = next("unsigned integer");
    if (ok() && item.kind != Item::Kind::Unsigned) {
        reject("unsigned integer missing");
    }
    return ok() ? item.value : 0;
}

bool CborReader::boolean() {
    const Item item = next("boolean");
    if (ok() && item.kind != Item::Kind::Bool) {
        reject("boolean missing");
    }
    return ok() && item.value != 0;
}

bool CborReader::skipNull() {
    constexpr std::uint8_t kNull = 0xF6;
    if (!ok() || rest_.empty() || rest_.front() != kNull) {
        return false;
    }
    rest_ = rest_.subspan(1);
    return true;
}

bool CborReader::isUinteger() const {
    constexpr std::uint8_t kOtherKinds = 0x20;  // major type 0 is what stands below
    return ok() && !rest_.empty() && rest_.front() < kOtherKinds;
}

ByteView CborReader::bytes(std::size_t most) {
    const Item item = next("byte string");
    if (ok() && (item.kind != Item::Kind::ByteString || item.data.size() > most)) {
        reject("byte string missing or too long");
    }
    return ok() ? item.data : ByteView{};
}

std::string CborReader::text(std::size_t most) {
    const Item item = next("text");
    if (ok() && (item.kind != Item::Kind::Text || item.data.size() > most)) {
        reject("text missing or too long");
    }
    if (ok() && !isUtf8(textOf(item.data))) {
        reject("text is not UTF-8");
    }
    return ok() ? std::string(textOf(item.data)) : std::string{};
}

void CborReader::reject(std::string_view what) {
    if (error_.empty()) {
        error_ = what;
    }
}

Result<> CborReader::finish() const {
    if (!error_.empty()) {
        return fail(Code::InvalidInput, "CBOR: " + error_);
    }
    if (!rest_.empty()) {
        return fail(Code::InvalidInput, "CBOR: bytes after the end");
    }
    return {};
}

bool isUtf8(std::string_view text) {
    const ByteView bytes = viewOf(text);
    for (std::size_t i = 0; i < bytes.size();) {
        const std::uint8_t lead = bytes[i++];
        if (lead < 0x80) {
            continue;
        }
        // RFC 3629 section 4: the second byte's range rules out overlong forms and surrogates.
        std::size_t more = 0;
        std::uint8_t low = 0x80;
        std::uint8_t high = 0xBF;
        if (lead >= 0xC2 && lead <= 0xDF) {
            more = 1;
        } else if (lead >= 0xE0 && lead <= 0xEF) {
            more = 2;
            low = lead == 0xE0 ? 0xA0 : low;
            high = lead == 0xED ? 0x9F : high;
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            more = 3;
            low = lead == 0xF0 ? 0x90 : low;
            high = lead == 0xF4 ? 0x8F : high;
        } else {
            return false;
        }
        for (; more > 0; --more, low = 0x80, high = 0xBF) {
            if (i == bytes.size() || bytes[i] < low || bytes[i] > high) {
                return false;
            }
            ++i;
        }
    }
    return true;
}

}  // namespace tapport
