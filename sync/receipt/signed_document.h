// SPDX-License-Identifier: GPL-3.0-or-later
// A published JSON file that carries its own signature by the event's root: the keys and the
// notices. Its member "signature" is a detached JWS over the canonical form of everything else.
// Pure.
#pragma once

#include "sync/receipt/keys.h"

namespace tapport::receipt {

/// The document with its signature, in canonical form; one that was there is replaced. InvalidInput
/// unless `json` is an object of the profile (profile.h).
[[nodiscard]] Result<std::string> signDocument(std::string_view json, const SigningKeys& root);
/// InvalidInput: no document of the profile, or no well-formed signature. Crypto: signed with
/// another key than `rootKey`, or changed.
[[nodiscard]] Result<> checkDocument(std::string_view json, ByteView rootKey);

}  // namespace tapport::receipt
