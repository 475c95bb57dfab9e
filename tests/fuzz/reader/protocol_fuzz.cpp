// SPDX-License-Identifier: GPL-3.0-or-later
// What tapport-reader and its parent may send one another: the child runs libnfc on strangers' tags
// and may be anybody's by then. What is accepted must be the only encoding of what it says, and a
// stream gives the same packets however it is cut.
#include "hardware/reader/protocol.h"
#include "tests/fuzz/support/fuzz.h"

namespace {

using namespace tapport;
using fuzz::require;

constexpr std::size_t kLength = 4;

void readPacket(ByteView packet) {
    if (const auto message = reader::decodeFromChild(packet)) {
        const Bytes again = reader::encode(*message);
        require(Bytes(again.begin() + kLength, again.end()) == toBytes(packet));
    }
    if (const auto request = reader::decodeWriteRequest(packet)) {
        const Bytes again = reader::encode(*request);
        require(Bytes(again.begin() + kLength, again.end()) == toBytes(packet));
    }
}

/// As many packets as there are, or one more when the stream is of no use any more.
std::vector<Bytes> packetsOf(ByteView stream, std::size_t step) {
    std::vector<Bytes> packets;
    reader::PacketSplitter splitter;
    for (; !stream.empty(); stream = stream.subspan(std::min(step, stream.size()))) {
        splitter.feed(stream.first(std::min(step, stream.size())));
        for (auto next = splitter.next(); !next || *next; next = splitter.next()) {
            if (!next) {
                packets.emplace_back();
                return packets;
            }
            packets.push_back(**next);
        }
    }
    return packets;
}

std::vector<Bytes> seeds() {
    std::vector<Bytes> all;
    const std::vector<reader::FromChild> messages{
        reader::Opened{},
        reader::Heartbeat{},
        reader::DeviceFailed{"unplugged"},
        reader::BadgeRead{Bytes(7, 4), Bytes(20, 0xD1)},
        reader::BadgeUnusable{reader::Unusable::Empty, Bytes(4, 8)},
        reader::BadgeRemoved{},
        reader::WriteEnded{3, true, ""}};
    for (const auto& message : messages) {
        all.push_back(reader::encode(message));
    }
    all.push_back(reader::encode(reader::WriteRequest{3, Bytes(20, 0xD1)}));
    return all;
}

}  // namespace

TAPPORT_FUZZ_SEEDS(seeds)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    readPacket(input);
    const auto packets = packetsOf(input, size);
    require(packetsOf(input, 1) == packets);
    for (const Bytes& packet : packets) {
        readPacket(packet);
    }
    return 0;
}
