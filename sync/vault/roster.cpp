// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/vault/roster.h"

#include "sync/record/parts.h"
#include "sync/seal/seal.h"

namespace tapport::vault {
namespace {

/// The first item, as in an Entry; of two items, so that neither is taken for the other.
constexpr std::uint64_t kRosterSchema = 1;

Result<record::Contact> decode(ByteView bytes) {
    CborReader in(bytes);
    in.arrayOf(2);
    if (in.uinteger() != kRosterSchema) {
        in.reject("unknown roster schema");
    }
    record::Contact contact = record::readContact(in);
    if (const auto finished = in.finish(); !finished) {
        return tl::unexpected(finished.error().in("roster entry"));
    }
    return contact;
}

}  // namespace

SealedEntry closeRoster(const record::Contact& contact, const record::VaultAccess& access) {
    CborWriter out;
    out.array(2).uinteger(kRosterSchema);
    record::write(out, contact);
    return {access.lookup, seal::closeForBadge(out.view(), access)};
}

Result<record::Contact> openRoster(const SealedEntry& entry, const record::VaultKey& key) {
    return seal::openForBadge(entry.sealed, {entry.lookup, key}).and_then([](const Bytes& plain) {
        return decode(plain);
    });
}

}  // namespace tapport::vault
