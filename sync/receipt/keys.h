// SPDX-License-Identifier: GPL-3.0-or-later
// Ed25519 keys (RFC 8032): a kiosk's, which signs receipts, and the event's offline root, which
// signs what is published. No state; any thread, after seal::initialise(). A secret key is never
// logged.
#pragma once

#include "sync/base/error.h"
#include "sync/record/ids.h"

namespace tapport::receipt {

struct SigningKeys {
    Bytes publicKey;  ///< 32 bytes
    Bytes secretKey;  ///< the 32-byte seed
};

inline constexpr std::size_t kKeySize = 32;

[[nodiscard]] SigningKeys makeSigningKeys();
/// The pair that belongs to a stored seed; InvalidInput unless it has 32 bytes.
[[nodiscard]] Result<SigningKeys> signingKeysFrom(ByteView seed);

/// What a signature calls its key: the first 8 bytes of the JWK thumbprint (RFC 7638), base64url:
/// 11 characters. A hint, no proof: whoever publishes keys refuses two with the same id.
[[nodiscard]] std::string keyId(ByteView publicKey);

/// Deterministic: the same message gives the same signature.
[[nodiscard]] record::Signature signMessage(ByteView message, const SigningKeys& keys);
/// False for a signature that does not fit and for anything but a usable 32-byte public key.
[[nodiscard]] bool fits(const record::Signature& signature, ByteView message, ByteView publicKey);

}  // namespace tapport::receipt
