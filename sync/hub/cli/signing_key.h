// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's online signing key, read from its file. Whoever has it can make kiosks believe that a
// record is safe: it stays on the hub.
#pragma once

#include "sync/receipt/keys.h"

#include <filesystem>

namespace tapport::hub {

/// The file holds the 32-byte seed as 64 hexadecimal digits and a line end. InvalidConfig: missing,
/// malformed, or not the key that belongs to `publicKey`.
[[nodiscard]] Result<receipt::SigningKeys> loadSigningKey(const std::filesystem::path& file,
                                                          ByteView publicKey);

}  // namespace tapport::hub
