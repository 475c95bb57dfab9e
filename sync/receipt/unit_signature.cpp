// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/unit_signature.h"

#include "sync/record/codec.h"

#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>

namespace tapport::receipt {
namespace {

/// What the signature speaks of, so that it passes for none over something else, nor another for
/// it. With the schema's number, which stands in the unit as well.
constexpr std::string_view kLabel = "tapport unit 5:";
static_assert(record::kUnitSchema == 5);

}  // namespace

Bytes signedPart(const record::PositionedUnit& unit) {
    Bytes encoded = record::encodeUnsigned(unit);
    Bytes part = toBytes(viewOf(kLabel));
    part.resize(kLabel.size() + crypto_generichash_BYTES);
    crypto_generichash(part.data() + kLabel.size(), crypto_generichash_BYTES, encoded.data(),
                       encoded.size(), nullptr, 0);
    sodium_memzero(encoded.data(), encoded.size());
    return part;
}

record::Signature signUnit(const record::PositionedUnit& unit, const SigningKeys& keys) {
    return signMessage(signedPart(unit), keys);
}

}  // namespace tapport::receipt
