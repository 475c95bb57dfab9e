// SPDX-License-Identifier: GPL-3.0-or-later
// What the organiser knows of a badge's holder before they come: readable with that badge only.
// Fills fields in at a tap; it is no consent, and nothing of it is used before a yes.
#pragma once

#include "sync/vault/entry.h"

namespace tapport::vault {

/// Closed like an Entry, and never taken for one.
[[nodiscard]] SealedEntry closeRoster(const record::Contact& contact,
                                      const record::VaultAccess& access);
/// Crypto and InvalidInput as open() gives them.
[[nodiscard]] Result<record::Contact> openRoster(const SealedEntry& entry,
                                                 const record::VaultKey& key);

}  // namespace tapport::vault
