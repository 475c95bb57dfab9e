// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/reader/protocol.h"

#include <gtest/gtest.h>

namespace tapport::reader {
namespace {

Bytes packetOf(const Bytes& framed) {
    PacketSplitter splitter;
    splitter.feed(framed);
    return splitter.next().value().value();
}

FromChild throughTheWire(const FromChild& message) {
    return decodeFromChild(packetOf(encode(message))).value();
}

TEST(ReaderProtocol, CarriesEveryMessage) {
    EXPECT_TRUE(std::holds_alternative<Opened>(throughTheWire(Opened{})));
    EXPECT_TRUE(std::holds_alternative<Heartbeat>(throughTheWire(Heartbeat{})));
    EXPECT_TRUE(std::holds_alternative<BadgeRemoved>(throughTheWire(BadgeRemoved{})));
    EXPECT_EQ(std::get<DeviceFailed>(throughTheWire(DeviceFailed{"gone"})).why, "gone");
    const auto read = std::get<BadgeRead>(throughTheWire(BadgeRead{{1, 2}, Bytes(868, 3)}));
    EXPECT_EQ(read.uid, (Bytes{1, 2}));
    EXPECT_EQ(read.message, Bytes(868, 3));
    EXPECT_EQ(std::get<BadgeUnusable>(throughTheWire(BadgeUnusable{Unusable::SeveralTags})).reason,
              Unusable::SeveralTags);
    const auto ended = std::get<WriteEnded>(throughTheWire(WriteEnded{7, true, "fine"}));
    EXPECT_EQ(ended.request, 7U);
    EXPECT_TRUE(ended.succeeded);
    const auto request = decodeWriteRequest(packetOf(encode(WriteRequest{9, {5}}))).value();
    EXPECT_EQ(request.request, 9U);
    EXPECT_EQ(request.message, Bytes{5});
}

TEST(ReaderProtocol, IsWrittenAsItsReadmeSays) {
    EXPECT_EQ(toHex(encode(Opened{})),
              "00000002"
              "8100");
    EXPECT_EQ(toHex(encode(BadgeUnusable{Unusable::Malformed})),
              "00000004"
              "83040240");
    EXPECT_EQ(toHex(encode(BadgeRead{{1}, {2, 3}})),
              "00000007"
              "83034101420203");
    EXPECT_EQ(toHex(encode(WriteRequest{1, {9}})),
              "00000005"
              "8307014109");
}

TEST(ReaderProtocol, SplitsAStreamAtAnyByte) {
    const auto first = encode(BadgeRead{{1}, {2, 3}});
    const auto second = encode(BadgeRemoved{});
    Bytes stream = first;
    stream.insert(stream.end(), second.begin(), second.end());
    PacketSplitter splitter;
    int packets = 0;

    for (const auto octet : stream) {
        splitter.feed(Bytes{octet});
        packets += splitter.next().value().has_value() ? 1 : 0;
    }

    EXPECT_EQ(packets, 2);
}

TEST(ReaderProtocol, RefusesWhatItDoesNotKnow) {
    for (const auto* text :
         {"", "00", "80", "8000", "8109", "8200", "810100", "820405", "8307014109"}) {
        EXPECT_FALSE(decodeFromChild(*fromHex(text))) << text;
    }
    EXPECT_FALSE(decodeWriteRequest(*fromHex("8100")));
    PacketSplitter splitter;
    splitter.feed(*fromHex("7fffffff"));
    EXPECT_FALSE(splitter.next());
}

}  // namespace
}  // namespace tapport::reader
