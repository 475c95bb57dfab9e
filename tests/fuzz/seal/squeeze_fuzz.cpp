// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes that somebody with the event's public key may have sealed, where a squeezed unit is
// expected. What is refused has cost no more memory than a frame may ask for, and what is read is
// squeezed and expanded again to the same.
#include "sync/record/codec.h"
#include "sync/seal/squeeze.h"
#include "tests/fuzz/support/fuzz.h"
#include "tests/sync/receipt/samples.h"

namespace {

using namespace tapport;
using fuzz::require;

void readFrame(ByteView frame) {
    if (auto plain = seal::expand(frame)) {
        require((*plain)->size() <= seal::kMostExpanded);
        if (const auto unit = record::decodeUnit(**plain)) {
            require(record::encode(*unit) == **plain);
            // What is checked is what was signed: the bytes but for the last item.
            Bytes unsignedPart = **plain;
            --unsignedPart.front();
            unsignedPart.resize(unsignedPart.size() - 2 - record::Signature::kSize);
            require(record::encodeUnsigned(*unit) == unsignedPart);
        }
    }
}

std::vector<Bytes> seeds() {
    std::vector<Bytes> all;
    for (const auto& unit : receipt::samples::mixedVisit(receipt::samples::event())) {
        const Bytes plain = record::encode(unit);
        all.push_back(plain);
        all.push_back(toBytes(*seal::squeeze(plain)));
    }
    return all;
}

}  // namespace

TAPPORT_FUZZ_SEEDS(seeds)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    readFrame(input);
    // Past the fields that chance seldom gets right: one piece, its size in two bytes.
    for (const std::uint8_t number : {1, 2, 3}) {
        Bytes headed{0x28, 0xB5, 0x2F, 0xFD, 0x61, number};
        headed.insert(headed.end(), input.begin(), input.end());
        readFrame(headed);
    }
    require(**seal::expand(*seal::squeeze(input)) == toBytes(input));
    return 0;
}
