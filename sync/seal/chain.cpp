// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/seal/chain.h"

namespace tapport::seal {
namespace {

void append(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void append(Bytes& out, std::uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) {
        out.push_back(static_cast<std::uint8_t>(number >> static_cast<unsigned>(shift)));
    }
}

record::ChainHash hashOf(const Bytes& bytes) {
    return {digestOf(bytes).bytes};
}

}  // namespace

record::ChainHash chainAfter(const record::ChainHash& before, const record::Epoch& epoch,
                             std::uint64_t seq, const record::RecordId& id, const Digest& sealed) {
    Bytes bytes = toBytes(before.view());
    append(bytes, epoch.view());
    append(bytes, seq);
    append(bytes, id.view());
    append(bytes, sealed.view());
    return hashOf(bytes);
}

record::ChainHash chainOfFork(const record::Epoch& left, std::uint64_t last,
                              const record::ChainHash& chain) {
    Bytes bytes = toBytes(left.view());
    append(bytes, last);
    append(bytes, chain.view());
    return hashOf(bytes);
}

}  // namespace tapport::seal
