// SPDX-License-Identifier: GPL-3.0-or-later
// What a kiosk remembers of an attendee for the next tap: readable with that badge only. The
// plaintext exists while the badge's visit lasts.
#pragma once

#include "sync/base/error.h"
#include "sync/record/unit.h"

namespace tapport::vault {

/// Version of the layout; the first item of every encoded entry. The rest, in order: subject,
/// decisions, contact or null, conversations, receipt id or null, each as in a unit
/// (sync/wire/README.md).
inline constexpr std::uint64_t kEntrySchema = 2;

struct Entry {
    record::SubjectId subject;
    /// Latest decision a purpose and channel; a refusal stays here only as "do not ask again".
    std::vector<record::ConsentEvent> decisions;
    std::optional<record::Contact> contact;
    std::vector<record::Conversation> conversations;
    /// Of the latest unit that names this person: where the attendee's page is.
    std::optional<record::ReceiptId> receipt{};
    bool operator==(const Entry&) const = default;
};

/// A closed entry as stored: found by `lookup`, opened with the badge's key.
struct SealedEntry {
    record::VaultLookup lookup;
    Bytes sealed;
};

/// XChaCha20-Poly1305 over the encoded, padded entry; the lookup is bound as associated data.
[[nodiscard]] SealedEntry close(const Entry& entry, const record::VaultAccess& access);
/// Crypto when the key is another badge's or the bytes were changed; InvalidInput for another
/// schema.
[[nodiscard]] Result<Entry> open(const SealedEntry& entry, const record::VaultKey& key);

}  // namespace tapport::vault
