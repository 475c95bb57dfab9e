// SPDX-License-Identifier: GPL-3.0-or-later
// Closes a secret with a passphrase: for what must survive on paper or a stick in a drawer.
// Argon2id makes a key of the passphrase, XSalsa20-Poly1305 (crypto_secretbox) closes. No state;
// any thread, after initialise().
#pragma once

#include "sync/base/bytes.h"
#include "sync/base/error.h"

namespace tapport::seal {

/// Argon2id with moderate limits: 256 MiB and about a second. Internal: not enough memory.
[[nodiscard]] Result<Bytes> closeWithPassphrase(ByteView plain, std::string_view passphrase);
/// With the limits that it was closed with, as far as they are sensible. InvalidInput: no such
/// bytes. Crypto: another passphrase, or changed bytes. Internal: not enough memory.
[[nodiscard]] Result<Bytes> openWithPassphrase(ByteView closed, std::string_view passphrase);

}  // namespace tapport::seal
