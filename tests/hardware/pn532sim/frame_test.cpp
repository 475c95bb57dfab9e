// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/pn532sim/frame.h"

#include "tests/support/fixture.h"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tapport::pn532sim {
namespace {

Bytes hex(const std::string& text) {
    return *fromHex(text);
}

TEST(Pn532Frame, AgreesWithEveryCapturedFrame) {
    std::ifstream file(support::fixture("pn532/pn532_hsu_frames.json"));
    const auto captured = nlohmann::json::parse(file);
    for (const auto& item : captured.at("frames")) {
        const auto payload = hex(item.at("request_payload"));
        const auto frame = hex(item.at("request_frame"));
        FrameDecoder decoder;

        decoder.feed(frame);
        const auto received = decoder.next();

        ASSERT_TRUE(received);
        EXPECT_EQ(received->payload, payload);
        EXPECT_EQ(encodeFrame(Direction::HostToChip, payload), frame);
    }
}

TEST(Pn532Frame, SkipsTheWakeUpAndNoiseBeforeAFrame) {
    FrameDecoder decoder;

    decoder.feed(hex("55550000000000000000000000000000"));
    decoder.feed(hex("0000ff03fdd414011700"));
    const auto received = decoder.next();

    ASSERT_TRUE(received);
    EXPECT_EQ(received->payload, hex("1401"));
    EXPECT_EQ(received->wireSize, 26U);
    EXPECT_FALSE(decoder.next());
}

TEST(Pn532Frame, TakesFramesByteByByte) {
    FrameDecoder decoder;
    int frames = 0;

    for (const auto octet : hex("0000ff00ff000000ff03fdd4140117000000ffff0000")) {
        decoder.feed(Bytes{octet});
        frames += decoder.next().has_value() ? 1 : 0;
    }

    EXPECT_EQ(frames, 3);
}

TEST(Pn532Frame, TellsAckAndNackFromCommands) {
    FrameDecoder decoder;

    decoder.feed(hex("0000ff00ff000000ffff0000"));

    EXPECT_EQ(decoder.next().value().kind, Received::Kind::Ack);
    EXPECT_EQ(decoder.next().value().kind, Received::Kind::Nack);
}

TEST(Pn532Frame, DropsAFrameWithAWrongChecksumAndTakesTheNext) {
    FrameDecoder decoder;

    decoder.feed(
        hex("0000ff03fdd414011800"     // data checksum
            "0000ff03fcd414011700"     // length checksum
            "0000ff03fdd414011700"));  // sound

    const auto received = decoder.next();
    ASSERT_TRUE(received);
    EXPECT_EQ(received->payload, hex("1401"));
    EXPECT_FALSE(decoder.next());
}

TEST(Pn532Frame, UsesTheExtendedFormForLongPayloads) {
    const Bytes payload(300, 0x42);
    const auto frame = encodeFrame(Direction::HostToChip, payload);
    FrameDecoder decoder;

    decoder.feed(frame);

    EXPECT_EQ(toHex(ByteView(frame).first(8)), "0000ffffff012dd2");
    ASSERT_EQ(decoder.next().value().payload, payload);
}

}  // namespace
}  // namespace tapport::pn532sim
