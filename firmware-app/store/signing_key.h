// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosk's own Ed25519 key: signs receipts, made here and never anywhere else. A stolen one is
// revoked with `tapport event publish`.
#pragma once

#include "sync/receipt/keys.h"

#include <filesystem>

namespace tapport::store {

/// The pair in `<dataDir>/signing.key` (64 hexadecimal digits, mode 0600), made when there is none;
/// two programs that both make one end with the same. Blocks on the disk. InvalidConfig: there is a
/// file and it is no key. Storage, StorageFull: cannot be read or written.
[[nodiscard]] Result<receipt::SigningKeys> signingKeysIn(const std::filesystem::path& dataDir);

}  // namespace tapport::store
