// SPDX-License-Identifier: GPL-3.0-or-later
// Signatures for tests: cheap, and still bound to who signed and to every byte. What Ed25519 adds
// to that is tests/sync/receipt's matter.
#pragma once

#include "sync/wire/messages.h"

namespace tapport::support {

[[nodiscard]] inline record::Signature signatureOf(std::string_view who, ByteView covered) {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
    const auto mix = [&hash](ByteView bytes) {
        for (const std::uint8_t byte : bytes) {
            hash = (hash ^ byte) * 0x100000001b3U;
        }
    };
    mix(viewOf(who));
    mix(covered);
    record::Signature signature;
    for (unsigned i = 0; i < sizeof hash; ++i) {
        signature.bytes.at(i) = static_cast<std::uint8_t>(hash >> (8U * i));
    }
    return signature;
}

[[nodiscard]] inline wire::Signer signerFor(std::string who) {
    return [who = std::move(who)](ByteView covered) { return signatureOf(who, covered); };
}

}  // namespace tapport::support
