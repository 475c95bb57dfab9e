// SPDX-License-Identifier: GPL-3.0-or-later
// The names of things inside records. Each has its own type, so that one cannot pass for another.
#pragma once

#include "sync/base/bytes.h"

#include <chrono>
#include <optional>
#include <string>

namespace tapport::record {

/// UUID version 7 (RFC 9562 section 5.7), made before the first write; a retry uses the same.
using RecordId = FixedBytes<struct RecordIdTag, 16>;
/// The pseudonym of an attendee at one event; never a badge UID or an address.
using SubjectId = FixedBytes<struct SubjectIdTag, 16>;
/// Random, made with the kiosk's database file: tells a re-imaged card from the old one.
using Epoch = FixedBytes<struct EpochTag, 8>;
/// The kernel's boot id: monotonic times compare only within one.
using BootId = FixedBytes<struct BootIdTag, 16>;
/// SHA-256 over every string of a notice in one language.
using NoticeHash = FixedBytes<struct NoticeHashTag, 32>;
/// How a vault entry is found: derived from the badge token, tells nothing about it.
using VaultLookup = FixedBytes<struct VaultLookupTag, 16>;
/// What opens a vault entry: derived from the badge token.
using VaultKey = FixedBytes<struct VaultKeyTag, 32>;
/// 128 random bits, made on the kiosk: whoever holds them may see that receipt's page. No UUIDv7,
/// whose first half can be guessed.
using ReceiptId = FixedBytes<struct ReceiptIdTag, 16>;
/// Stands for everything that a kiosk recorded in an epoch up to one position (sync/seal/chain.h).
using ChainHash = FixedBytes<struct ChainHashTag, 32>;
/// Ed25519 (RFC 8032).
using Signature = FixedBytes<struct SignatureTag, 64>;

/// A short text id: 1 to 32 characters of a-z, 0-9 and '-'. Safe in topics and file names.
template <typename Tag>
struct Name {
    std::string value;
    auto operator<=>(const Name&) const = default;
};
using EventId = Name<struct EventIdTag>;
using KioskId = Name<struct KioskIdTag>;
using PurposeId = Name<struct PurposeIdTag>;
using StaffId = Name<struct StaffIdTag>;

[[nodiscard]] bool isName(std::string_view text);

/// Under this name the hub itself records what people say on its pages, in epochs of its own,
/// signed with the hub's online key. No kiosk is enrolled under a name that begins with "hub-".
inline const KioskId kHubLink{"hub-link"};

/// Makes a UUIDv7 from a time and ten random bytes (version and variant bits are set here).
[[nodiscard]] RecordId makeRecordId(std::chrono::sys_time<std::chrono::milliseconds> at,
                                    const std::array<std::uint8_t, 10>& random);
/// The `n`-th id beside one: its time, and its last 62 bits counted up (RFC 9562 section 6.2,
/// method 2). For what one transaction makes, so that one id stands for all of them.
[[nodiscard]] RecordId idBeside(const RecordId& id, std::uint64_t n);
/// Which one `other` is, from 1 to `most`; nothing if it is none of them.
[[nodiscard]] std::optional<std::uint64_t> whichBeside(const RecordId& id, const RecordId& other,
                                                       std::uint64_t most);
/// 8-4-4-4-12 form.
[[nodiscard]] std::string uuidText(const RecordId& id);

/// Where a record stands in its kiosk's sequence: finds holes and forks, is no identity.
struct Position {
    KioskId kiosk;
    Epoch epoch;
    std::uint64_t seq = 0;  ///< dense, from 1
    auto operator<=>(const Position&) const = default;
};

}  // namespace tapport::record
