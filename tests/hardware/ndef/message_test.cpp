// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/ndef/message.h"

#include <gtest/gtest.h>

namespace tapport::ndef {
namespace {

Fault faultOf(std::string_view hexText) {
    const auto parsed = parseMessage(*fromHex(hexText));
    EXPECT_FALSE(parsed) << hexText;
    return parsed ? Fault{} : parsed.error();
}

TEST(NdefMessage, NamesTheReasonForEveryRefusal) {
    EXPECT_EQ(faultOf(""), Fault::Truncated);
    EXPECT_EQ(faultOf("d000000000"), Fault::TrailingBytes);
    EXPECT_EQ(faultOf("500000"), Fault::MessageBegin);
    EXPECT_EQ(faultOf("900000d00000"), Fault::MessageBegin);
    EXPECT_EQ(faultOf("f50000"), Fault::Chunking);
    EXPECT_EQ(faultOf("d60000"), Fault::Chunking);
    EXPECT_EQ(faultOf("b40101210156010102210354000100"), Fault::Chunking);
    EXPECT_EQ(faultOf("d70000"), Fault::ReservedTnf);
    EXPECT_EQ(faultOf("d800000100"), Fault::TypeLength);
    EXPECT_EQ(faultOf("d5010054"), Fault::TypeLength);
    EXPECT_EQ(faultOf("c500ffffffff"), Fault::Truncated);
}

TEST(NdefMessage, AcceptsAWellKnownRecordWithoutTypeAsTheAndroidTestsDo) {
    const auto message = parseMessage(*fromHex("d10003010203"));

    ASSERT_TRUE(message);
    EXPECT_TRUE(message->records[0].type.empty());
}

TEST(NdefMessage, TakesExactlyTheLargestSizeAndNoMore) {
    const auto ofSize = [](std::size_t size) {
        Bytes bytes = *fromHex("c50000000000");
        const auto payload = size - bytes.size();
        bytes[4] = static_cast<std::uint8_t>(payload >> 8);
        bytes[5] = static_cast<std::uint8_t>(payload);
        bytes.resize(size);
        return bytes;
    };

    EXPECT_TRUE(parseMessage(ofSize(kMaxMessageSize)));
    EXPECT_EQ(parseMessage(ofSize(kMaxMessageSize + 1)).error(), Fault::TooLong);
}

TEST(NdefMessage, CountsRecordsNotChunks) {
    const auto ofRecords = [](std::size_t count) {
        Bytes bytes;
        for (std::size_t i = 0; i < count; ++i) {
            const int flags = (i == 0 ? 0x90 : 0x10) | (i + 1 == count ? 0x40 : 0);
            bytes.insert(bytes.end(), {static_cast<std::uint8_t>(flags), 0, 0});
        }
        return bytes;
    };
    Bytes chunks = *fromHex("b4010021");
    for (int i = 0; i < 100; ++i) {
        chunks.insert(chunks.end(), {0x36, 0, 1, 7});
    }
    chunks.insert(chunks.end(), {0x56, 0, 0});

    EXPECT_TRUE(parseMessage(ofRecords(kMaxRecords)));
    EXPECT_EQ(parseMessage(ofRecords(kMaxRecords + 1)).error(), Fault::TooManyRecords);
    ASSERT_TRUE(parseMessage(chunks));
    EXPECT_EQ(parseMessage(chunks)->records.at(0).payload.size(), 100U);
}

TEST(NdefMessage, ReadsBackWhatItEncoded) {
    const std::vector<Record> records = {{Tnf::WellKnown, {'U'}, {}, Bytes(10, 'a')},
                                         {Tnf::Mime, Bytes(255, 'm'), {1, 2}, Bytes(256, 'b')},
                                         {Tnf::Empty, {}, {}, {}}};

    const auto bytes = encodeMessage(records);

    ASSERT_TRUE(bytes);
    const auto message = parseMessage(*bytes);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->records, records);
}

TEST(NdefMessage, RefusesToEncodeWhatItWouldNotRead) {
    EXPECT_FALSE(encodeMessage({}));
    EXPECT_FALSE(encodeMessage(std::vector<Record>(kMaxRecords + 1)));
    EXPECT_FALSE(encodeMessage({{Tnf::Mime, Bytes(256, 'm'), {}, {}}}));
    EXPECT_FALSE(encodeMessage({{Tnf::Mime, {'m'}, {}, Bytes(kMaxMessageSize, 'b')}}));
}

}  // namespace
}  // namespace tapport::ndef
