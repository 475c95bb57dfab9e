// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/record/ids.h"

namespace tapport::record {
namespace {

/// Where a version 7 counts: behind time, version, twelve random bits and the variant.
constexpr std::size_t kCounter = 8;
constexpr std::uint64_t kCounterBits = (std::uint64_t{1} << 62U) - 1;

std::uint64_t counterOf(const RecordId& id) {
    std::uint64_t counter = 0;
    for (std::size_t i = kCounter; i < RecordId::kSize; ++i) {
        counter = counter << 8U | id.bytes.at(i);
    }
    return counter & kCounterBits;
}

}  // namespace

bool isName(std::string_view text) {
    constexpr std::size_t kLongest = 32;
    if (text.empty() || text.size() > kLongest) {
        return false;
    }
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

RecordId makeRecordId(std::chrono::sys_time<std::chrono::milliseconds> at,
                      const std::array<std::uint8_t, 10>& random) {
    RecordId id;
    const auto millis = static_cast<std::uint64_t>(at.time_since_epoch().count());
    for (unsigned i = 0; i < 6; ++i) {
        id.bytes[i] = static_cast<std::uint8_t>(millis >> (40U - 8U * i));
    }
    std::copy(random.begin(), random.end(), id.bytes.begin() + 6);
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x70U);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);
    return id;
}

RecordId idBeside(const RecordId& id, std::uint64_t n) {
    RecordId other = id;
    std::uint64_t counter = (counterOf(id) + n) & kCounterBits;
    for (std::size_t i = RecordId::kSize; i-- > kCounter; counter >>= 8U) {
        other.bytes.at(i) = static_cast<std::uint8_t>(counter);
    }
    constexpr std::uint8_t kVariant = 0xC0;
    other.bytes[kCounter] = static_cast<std::uint8_t>((id.bytes[kCounter] & kVariant) |
                                                      (other.bytes[kCounter] & ~kVariant));
    return other;
}

std::optional<std::uint64_t> whichBeside(const RecordId& id, const RecordId& other,
                                         std::uint64_t most) {
    const std::uint64_t n = (counterOf(other) - counterOf(id)) & kCounterBits;
    return n >= 1 && n <= most && other == idBeside(id, n) ? std::optional(n) : std::nullopt;
}

std::string uuidText(const RecordId& id) {
    std::string text = id.hex();
    for (const std::size_t at : {20U, 16U, 12U, 8U}) {
        text.insert(at, 1, '-');
    }
    return text;
}

}  // namespace tapport::record
