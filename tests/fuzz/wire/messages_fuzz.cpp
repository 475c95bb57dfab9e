// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes that a broker may deliver, into every decoder of the wire format. What is accepted must
// be the only encoding of what it says.
#include "sync/record/codec.h"
#include "sync/wire/downstream.h"

#include <cstdlib>

namespace {

using namespace tapport;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void expectSame(const Bytes& again, ByteView input) {
    require(again == toBytes(input));
}

wire::Signer again(const record::Signature& signature) {
    return [signature](ByteView) { return signature; };
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    if (const auto up = wire::decodeUp(input)) {
        std::visit(
            [&](const auto& message) {
                expectSame(wire::encode(message, again(up->signature)), input);
            },
            up->message);
    }
    if (const auto ack = wire::decodeAck(input)) {
        expectSame(wire::encode(ack->message, again(ack->signature)), input);
    }
    if (const auto down = wire::decodeDown(input)) {
        expectSame(wire::encode(down->message, again(down->signature)), input);
    }
    if (const auto part = wire::decodeEventPart(input)) {
        expectSame(wire::encode(*part), input);
    }
    if (const auto state = wire::decodeHubState(input)) {
        expectSame(wire::encode(*state), input);
    }
    if (const auto state = wire::decodeKioskState(input)) {
        expectSame(wire::encode(*state), input);
    }
    if (const auto unit = record::decodeUnit(input)) {
        expectSame(record::encode(*unit), input);
    }
    return 0;
}
