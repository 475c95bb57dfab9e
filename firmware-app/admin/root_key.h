// SPDX-License-Identifier: GPL-3.0-or-later
// The event's offline root: its key file, and what it has signed so far.
#pragma once

#include "sync/event/event.h"
#include "sync/receipt/key_set.h"

#include <filesystem>

namespace tapport::admin {

/// What a key file of ours holds: the 32-byte seed as 64 hexadecimal digits and a line end.
[[nodiscard]] std::string keyFileText(const receipt::SigningKeys& keys);
/// InvalidConfig: missing, malformed, or not the root of `event`.
[[nodiscard]] Result<receipt::SigningKeys> loadRootKey(const std::filesystem::path& file,
                                                       const event::Event& event);
/// InvalidConfig: missing, not signed by `rootKey`, or no key set.
[[nodiscard]] Result<receipt::KeySet> loadKeySet(const std::filesystem::path& file,
                                                 ByteView rootKey);
/// A key set of this event, issued now: these, and the hub's own, with which it signs what people
/// take back on the page of their receipt.
[[nodiscard]] receipt::KeySet issueKeySet(const event::Event& event,
                                          std::vector<receipt::KioskKey> keys);

}  // namespace tapport::admin
