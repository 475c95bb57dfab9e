// SPDX-License-Identifier: GPL-3.0-or-later
// The event's private key, read from its file. Losing that file loses every record that was not
// opened yet: back it up.
#pragma once

#include "sync/base/error.h"
#include "sync/seal/seal.h"

#include <filesystem>

namespace tapport::hub {

/// The file holds the 32 bytes of the secret half as 64 hexadecimal digits and a line end.
/// InvalidConfig: missing, malformed, or not the key that belongs to `publicKey`.
[[nodiscard]] Result<seal::SealingKeys> loadEventKey(const std::filesystem::path& file,
                                                     ByteView publicKey);

}  // namespace tapport::hub
