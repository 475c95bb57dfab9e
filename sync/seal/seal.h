// SPDX-License-Identifier: GPL-3.0-or-later
// Keys and seals, on libsodium: what closes a unit before its first write, and what a badge's token
// stands for. No state; any thread, after `initialise()`.
#pragma once

#include "sync/base/error.h"
#include "sync/record/unit.h"

namespace tapport::seal {

/// X25519 key pair of an event. The secret half exists in the hub's opener and its backup only.
struct SealingKeys {
    Bytes publicKey;  ///< 32 bytes
    Bytes secretKey;  ///< 32 bytes
};

/// What one badge means at one event. Two offline kiosks derive the same.
struct BadgeIdentity {
    record::SubjectId subject;
    record::VaultAccess vault;
    bool operator==(const BadgeIdentity&) const = default;
};

/// Once a process, before anything else here; Internal if libsodium has no randomness.
[[nodiscard]] Result<> initialise();

[[nodiscard]] SealingKeys makeSealingKeys();
/// The pair that belongs to a stored secret half; InvalidInput unless it has 32 bytes.
[[nodiscard]] Result<SealingKeys> sealingKeysFrom(ByteView secretKey);

/// Encoded, squeezed where that takes off a step of the padding (squeeze.h), padded to
/// kSmallestUnit bytes or so many steps of kPadding more, closed with crypto_box_seal to the
/// event's key. `publicKey` must have 32 bytes. The kiosk cannot open what it closed.
inline constexpr std::size_t kPadding = 256;
/// So that a conversation fits, and, a step above it, what a visit says of one to four questions.
inline constexpr std::size_t kSmallestUnit = 352;
[[nodiscard]] Bytes sealUnit(const record::PositionedUnit& unit, ByteView publicKey);
/// Crypto: not sealed to this key, or changed. InvalidInput: opened, but no unit of a known schema,
/// or squeezed in a way that is unknown here.
[[nodiscard]] Result<record::PositionedUnit> openUnit(ByteView sealed, const SealingKeys& keys);

/// Event-scoped derivation from a badge's token (any length from 1) and the event's 32-byte salt.
[[nodiscard]] BadgeIdentity deriveBadge(ByteView token, ByteView badgeSalt);

/// XChaCha20-Poly1305 with a random nonce in front, over bytes padded to a multiple of kPadding;
/// the lookup is bound as associated data, so that an entry cannot be moved to another badge's
/// place.
[[nodiscard]] Bytes closeForBadge(ByteView plain, const record::VaultAccess& access);
/// Crypto: another badge's key or lookup, or changed bytes.
[[nodiscard]] Result<Bytes> openForBadge(ByteView sealed, const record::VaultAccess& access);

/// BLAKE2b-256: identity of sealed bytes together with the record id.
using Digest = FixedBytes<struct DigestTag, 32>;
[[nodiscard]] Digest digestOf(ByteView bytes);
/// What other programs can compute of a file, too.
using Sha256 = FixedBytes<struct Sha256Tag, 32>;
[[nodiscard]] Sha256 sha256Of(ByteView bytes);

/// Argon2id, interactive limits, in crypto_pwhash_str form. Takes about 0.1 s: never on the UI
/// thread.
[[nodiscard]] Result<std::string> hashPassword(std::string_view password);
[[nodiscard]] bool passwordMatches(std::string_view password, const std::string& hash);

}  // namespace tapport::seal
