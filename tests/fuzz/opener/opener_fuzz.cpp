// SPDX-License-Identifier: GPL-3.0-or-later
// What the hub and its opener may send one another when one of them is somebody else's. What is
// accepted must be the only encoding of what it says.
#include "sync/base/cbor.h"
#include "sync/hub/opener/opener_talk.h"
#include "sync/record/codec.h"
#include "tests/fuzz/support/fuzz.h"
#include "tests/sync/receipt/samples.h"

namespace {

using namespace tapport;
using fuzz::require;
namespace talk = hub::talk;

const std::vector<record::PositionedUnit>& units() {
    static const auto kUnits = receipt::samples::mixedVisit(receipt::samples::event());
    return kUnits;
}

const std::vector<hub::Waiting>& asked() {
    static const std::vector<hub::Waiting> kAsked = [] {
        std::vector<hub::Waiting> all;
        for (const auto& unit : units()) {
            all.push_back({unit.unit.id, unit.position, Bytes(64, 5)});
        }
        return all;
    }();
    return kAsked;
}

void readRequest(ByteView input) {
    if (const auto units = talk::decodeRequest(input)) {
        require(talk::encodeRequest(*units) == toBytes(input));
    }
}

void readAnswer(ByteView input) {
    if (const auto opened = talk::decodeAnswer(input, asked())) {
        require(talk::encodeAnswer(*opened, asked()) == toBytes(input));
    }
}

/// Also what it is told of why it cannot open: any text, cut where it is too long.
void readGreeting(ByteView input) {
    (void)talk::decodeGreeting(input);
    const std::string why(textOf(input));
    if (isUtf8(why)) {
        const auto told = talk::decodeGreeting(talk::encodeGreeting(fail(Code::NotFound, why)));
        require(!told && told.error().code == Code::NotFound);
    }
}

enum Reader : std::uint8_t { Request, Answer, Greeting };

std::vector<Bytes> seeds() {
    std::vector<hub::Opened> opened;
    for (const auto& unit : units()) {
        opened.push_back({unit.unit.id, hub::Content{unit.unit, unit.proof,
                                                     hub::ProofState::Unchecked, unit.signature}});
    }
    const Bytes whole = talk::encodeAnswer(opened, asked());
    opened.front().content = tl::unexpected(hub::NotOpened{hub::Reason{}, "why not", std::nullopt});
    return {fuzz::chosen(Request, talk::encodeRequest(asked())), fuzz::chosen(Answer, whole),
            fuzz::chosen(Answer, talk::encodeAnswer(opened, asked())),
            fuzz::chosen(Greeting, talk::encodeGreeting(record::EventId{"demo-2026"})),
            fuzz::chosen(Greeting, talk::encodeGreeting(fail(Code::NotFound, "no key")))};
}

}  // namespace

TAPPORT_FUZZ_SEEDS(seeds)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return tapport::fuzz::readChosen(data, size, readRequest, readAnswer, readGreeting);
}
