// SPDX-License-Identifier: GPL-3.0-or-later
// The pieces that units and vault entries have in common, as deterministic CBOR: one layout,
// written and read in one place. The layout is in sync/wire/README.md, as CDDL. Pure.
//
// Readers latch the first error in the CborReader and give values that the caller must not use
// until finish() said that all is well. No error quotes what was read.
#pragma once

#include "sync/base/cbor.h"
#include "sync/record/unit.h"

namespace tapport::record {

// Bounds of what a reader accepts; a writer of ours stays far below.
inline constexpr std::size_t kMostText = 4096;  ///< bytes
inline constexpr std::size_t kMostItems = 256;

template <typename Tag, std::size_t N>
void write(CborWriter& out, const FixedBytes<Tag, N>& id) {
    out.bytes(id.view());
}
void write(CborWriter& out, const StaffId& staff);
void write(CborWriter& out, const ClockReading& at);
void write(CborWriter& out, const ConsentEvent& event);
void write(CborWriter& out, const Contact& contact);
void write(CborWriter& out, const Promise& promise);
void write(CborWriter& out, const Conversation& conversation);
void write(CborWriter& out, const VaultAccess& vault);
// In a unit that has such an id and time: what follows from these is not said again.
void write(CborWriter& out, const ConsentEvent& event, const Unit& unit);
void write(CborWriter& out, const Conversation& conversation, const Unit& unit);

/// From 1970 to the year 10000: no difference or sum of two overflows.
[[nodiscard]] WallTime readTime(CborReader& in);
[[nodiscard]] ClockReading readClock(CborReader& in);
[[nodiscard]] ConsentEvent readConsentEvent(CborReader& in);
[[nodiscard]] ConsentEvent readConsentEventIn(CborReader& in, const Unit& unit);
[[nodiscard]] Contact readContact(CborReader& in);
[[nodiscard]] Promise readPromise(CborReader& in);
[[nodiscard]] Conversation readConversation(CborReader& in);
[[nodiscard]] Conversation readConversationIn(CborReader& in, const Unit& unit);
[[nodiscard]] VaultAccess readVaultAccess(CborReader& in);

/// EventId, KioskId, PurposeId or StaffId; an error unless isName().
template <typename N>
[[nodiscard]] N readName(CborReader& in) {
    N name{in.text(kMostText)};
    if (in.ok() && !isName(name.value)) {
        in.reject("name outside a-z 0-9 -");
    }
    return name;
}

template <typename Item, typename... In>
void writeAll(CborWriter& out, const std::vector<Item>& items, const In&... in) {
    out.array(items.size());
    for (const Item& item : items) {
        write(out, item, in...);
    }
}

template <typename Read>
[[nodiscard]] auto readAll(CborReader& in, Read read) {
    std::vector<decltype(read(in))> items;
    const std::size_t count = in.array(kMostItems);
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        items.push_back(read(in));
    }
    return items;
}

template <typename Value>
void writeOptional(CborWriter& out, const std::optional<Value>& value) {
    if (value) {
        write(out, *value);
    } else {
        out.null();
    }
}

template <typename Read>
[[nodiscard]] auto readOptional(CborReader& in, Read read) {
    return in.skipNull() ? std::optional<decltype(read(in))>() : std::optional(read(in));
}

}  // namespace tapport::record
