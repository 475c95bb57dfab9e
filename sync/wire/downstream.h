// SPDX-License-Identifier: GPL-3.0-or-later
// What the hub tells kiosks: the event file, the roster, what other kiosks recorded, commands. One
// state of items with a key, in two orders with a rising version each, so that nothing urgent waits
// behind a roster; a kiosk gets what changed since the versions it has, chunk by chunk. Pure: what
// an item holds is sealed or signed elsewhere. Format: README.md.
#pragma once

#include "sync/wire/messages.h"

namespace tapport::wire {

inline constexpr std::size_t kMostChunkBytes = 64 * 1024;  ///< a whole message, signed
inline constexpr std::size_t kMostChunkItems = 1024;
inline constexpr std::size_t kMostItemKey = 64;           ///< bytes
inline constexpr std::size_t kMostItemBytes = 48 * 1024;  ///< of a payload
/// Of a chunk, besides its items' own bytes: heads, names, signature.
inline constexpr std::size_t kChunkOverhead = 256;
/// The same of an item, besides key and payload.
inline constexpr std::size_t kItemOverhead = 8;

/// Key of the command that ends the event on a kiosk; the payload is one byte, 1.
inline constexpr std::string_view kEndOfEvent = "end-of-event";

/// Key of the command that takes a kiosk out of use; the payload is the SHA-256 of its certificate
/// (DER), which is void. A device with another one is not meant.
inline constexpr std::string_view kRevoked = "revoked";

enum class ItemKind : std::uint8_t {
    EventPart,  ///< of the event file's newest edition; key: its number, one byte
    Roster,     ///< a badge's contact as the organiser has it, closed for it; key: vault lookup
    Vault,      ///< what other kiosks recorded of a badge, closed for it; key: vault lookup
    Command,    ///< key: its name
};

struct DownItem {
    ItemKind kind = ItemKind::Command;
    Bytes key;                     ///< 1 to kMostItemKey
    std::optional<Bytes> payload;  ///< 1 to kMostItemBytes; none: there is no such item any more
    bool operator==(const DownItem&) const = default;
};

/// Whether there was more to tell when a chunk was made.
enum class Rest : std::uint8_t { Some, None };

/// Hub to one kiosk: everything of its state that is newer than `from` and not newer than
/// `through`, in each of the two orders.
struct DownChunk {
    record::EventId event;
    record::KioskId kiosk;
    HubEpoch hub;
    DownVersion from;
    DownVersion through;  ///< above `from` in one order or both, below it in none
    std::vector<DownItem> items;
    /// None: with it the kiosk has all. What it has of an earlier hub epoch, and was not told in
    /// this one, is no more.
    Rest rest = Rest::Some;
    bool operator==(const DownChunk&) const = default;
};

/// Continues what the kiosk has. Nothing of any other chunk may be taken: it would leave a gap.
[[nodiscard]] bool follows(const DownChunk& chunk, const DownState& has);

/// What a kiosk has that was sent this chunk: taken when it follows, and else as before, in the
/// terms of the hub that speaks, so that it goes on from there.
[[nodiscard]] DownState after(const DownChunk& chunk, const DownState& has);

/// One part of the event file's edition, as an item's payload. Editions count from 1.
struct EventPart {
    std::uint64_t edition = 1;
    std::uint8_t parts = 1;  ///< how many there are of this edition
    Bytes bytes;
    bool operator==(const EventPart&) const = default;
};
inline constexpr std::size_t kMostEventParts = 8;
inline constexpr std::size_t kEventPartBytes = 32 * 1024;  ///< of each but the last

/// The caller keeps the bounds above.
[[nodiscard]] Bytes encode(const DownChunk& chunk, const Signer& hub);
[[nodiscard]] Bytes encode(const EventPart& part);

[[nodiscard]] Result<Signed<DownChunk>> decodeDown(ByteView bytes);
[[nodiscard]] Result<EventPart> decodeEventPart(ByteView bytes);

}  // namespace tapport::wire
