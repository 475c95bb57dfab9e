// SPDX-License-Identifier: GPL-3.0-or-later
// JSON Web Signatures in compact form (RFC 7515) with Ed25519 (RFC 8037), and nothing else of the
// family: the algorithm is never taken from the message, and a header says exactly "alg" and "kid".
// Pure.
#pragma once

#include "sync/receipt/keys.h"

namespace tapport::receipt {

/// A signature that was taken apart, not yet one that fits.
struct Jws {
    std::string keyId;
    std::string payload;       ///< decoded
    std::string signingInput;  ///< what the signature covers (RFC 7515 section 5.1)
    record::Signature signature;
};

/// `header.payload.signature`; the header is {"alg":"EdDSA","kid":...} in canonical form.
[[nodiscard]] std::string sign(std::string_view payload, const SigningKeys& keys);
/// Puts a signature that was made before back into its compact form.
[[nodiscard]] std::string compact(std::string_view payload, ByteView publicKey,
                                  const record::Signature& signature);
/// What a signature by this key over this payload covers.
[[nodiscard]] std::string signingInput(std::string_view payload, ByteView publicKey);

/// InvalidInput says what is wrong: not three parts, no canonical base64url, an algorithm other
/// than EdDSA ("none" and HS256 among them), an unknown header member ("crit", "b64", "jwk"), no or
/// no well-formed key id, trailing data, more than kMostJws bytes.
inline constexpr std::size_t kMostJws = 128UL * 1024;
[[nodiscard]] Result<Jws> split(std::string_view compact);

/// `header..signature` (RFC 7515 appendix F): the payload travels apart.
[[nodiscard]] std::string signDetached(std::string_view payload, const SigningKeys& keys);
[[nodiscard]] Result<Jws> splitDetached(std::string_view detached, std::string_view payload);

[[nodiscard]] bool verifies(const Jws& jws, ByteView publicKey);

}  // namespace tapport::receipt
