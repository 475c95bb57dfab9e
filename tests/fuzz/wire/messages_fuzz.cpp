// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes that a broker may deliver, into every decoder of the wire format, and any topic they
// may come on. What is accepted must be the only encoding of what it says.
#include "sync/record/codec.h"
#include "sync/wire/downstream.h"
#include "sync/wire/topics.h"
#include "tests/fuzz/support/fuzz.h"
#include "tests/sync/receipt/samples.h"
#include "tests/sync/wire/message_samples.h"

namespace {

using namespace tapport;
using fuzz::require;

void expectSame(const Bytes& again, ByteView input) {
    require(again == toBytes(input));
}

wire::Signer again(const record::Signature& signature) {
    return [signature](ByteView) { return signature; };
}

void readDown(ByteView input) {
    const auto down = wire::decodeDown(input);
    if (!down) {
        return;
    }
    const wire::DownChunk& chunk = down->message;
    expectSame(wire::encode(chunk, again(down->signature)), input);
    // It is taken by who has what it goes on from, and brings that kiosk forward; by nobody else.
    const wire::DownState at{chunk.hub, chunk.from};
    require(wire::follows(chunk, at));
    require(wire::after(chunk, at) == (wire::DownState{chunk.hub, chunk.through}));
    require(!wire::follows(chunk, wire::after(chunk, at)));
}

void readTopic(std::string_view topic) {
    if (const auto kiosk = wire::kioskOfUpTopic(topic)) {
        require(wire::upTopic(*kiosk) == topic);
    }
    if (const auto kiosk = wire::kioskOfStateTopic(topic)) {
        require(wire::stateTopic(*kiosk) == topic);
    }
}

std::vector<Bytes> seeds() {
    auto all = wire::sampleEncodings();
    const wire::DownChunk chunk{
        {"demo-2026"},
        {"kiosk-1"},
        wire::idOf<wire::HubEpoch>(9),
        {3, 40},
        {5, 41},
        {{wire::ItemKind::Vault, Bytes(16, 1), Bytes(256, 2)},
         {wire::ItemKind::Command, fuzz::bytesOf(wire::kEndOfEvent), Bytes{1}},
         {wire::ItemKind::Roster, Bytes(16, 3), std::nullopt}},
        wire::Rest::None};
    all.push_back(wire::encode(chunk, wire::signer()));
    all.push_back(wire::encode(wire::EventPart{2, 3, Bytes(64, 'x')}));
    for (const auto& unit : receipt::samples::mixedVisit(receipt::samples::event())) {
        all.push_back(record::encode(unit));
    }
    all.push_back(fuzz::bytesOf(wire::upTopic({"kiosk-1"})));
    all.push_back(fuzz::bytesOf(wire::stateTopic({"kiosk-1"})));
    return all;
}

}  // namespace

TAPPORT_FUZZ_SEEDS(seeds)

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
    readDown(input);
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
    readTopic(textOf(input));
    return 0;
}
