// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/vault/entry.h"

#include "sync/record/parts.h"
#include "sync/seal/seal.h"

namespace tapport::vault {
namespace {

Bytes encode(const Entry& entry) {
    CborWriter out;
    out.array(6).uinteger(kEntrySchema).bytes(entry.subject.view());
    record::writeAll(out, entry.decisions);
    record::writeOptional(out, entry.contact);
    record::writeAll(out, entry.conversations);
    record::writeOptional(out, entry.receipt);
    return out.take();
}

Result<Entry> decode(ByteView bytes) {
    CborReader in(bytes);
    Entry entry;
    in.arrayOf(6);
    if (in.uinteger() != kEntrySchema) {
        in.reject("unknown vault schema");
    }
    entry.subject = in.id<record::SubjectId>();
    entry.decisions = record::readAll(in, record::readConsentEvent);
    entry.contact = record::readOptional(in, record::readContact);
    entry.conversations = record::readAll(in, record::readConversation);
    entry.receipt =
        record::readOptional(in, [](CborReader& item) { return item.id<record::ReceiptId>(); });
    if (const auto finished = in.finish(); !finished) {
        return tl::unexpected(finished.error().in("vault entry"));
    }
    return entry;
}

}  // namespace

SealedEntry close(const Entry& entry, const record::VaultAccess& access) {
    return {access.lookup, seal::closeForBadge(encode(entry), access)};
}

Result<Entry> open(const SealedEntry& entry, const record::VaultKey& key) {
    return seal::openForBadge(entry.sealed, {entry.lookup, key}).and_then([](const Bytes& plain) {
        return decode(plain);
    });
}

}  // namespace tapport::vault
