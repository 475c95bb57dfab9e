// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/base/cbor.h"

#include <limits>

#include <gtest/gtest.h>

namespace tapport {
namespace {

Bytes hex(std::string_view text) {
    return *fromHex(text);
}

TEST(Cbor, WritesShortestHeads) {
    // RFC 8949 appendix A.
    EXPECT_EQ(CborWriter().uinteger(23).take(), hex("17"));
    EXPECT_EQ(CborWriter().uinteger(24).take(), hex("1818"));
    EXPECT_EQ(CborWriter().uinteger(1000).take(), hex("1903e8"));
    EXPECT_EQ(CborWriter().uinteger(1000000000000).take(), hex("1b000000e8d4a51000"));
    EXPECT_EQ(CborWriter().integer(-100).take(), hex("3863"));
    EXPECT_EQ(CborWriter().text("IETF").take(), hex("6449455446"));
    EXPECT_EQ(CborWriter().array(2).boolean(true).null().take(), hex("82f5f6"));
}

TEST(Cbor, ReadsWhatItWrote) {
    const Bytes data = CborWriter()
                           .array(5)
                           .integer(std::numeric_limits<std::int64_t>::min())
                           .boolean(false)
                           .null()
                           .bytes(hex("0102"))
                           .text("gr\xC3\xBC\xC3\x9F")
                           .take();
    CborReader in(data);

    in.arrayOf(5);
    EXPECT_EQ(in.integer(), std::numeric_limits<std::int64_t>::min());
    EXPECT_FALSE(in.boolean());
    EXPECT_TRUE(in.skipNull());
    EXPECT_EQ(toBytes(in.bytes(2)), hex("0102"));
    EXPECT_EQ(in.text(10), "gr\xC3\xBC\xC3\x9F");
    EXPECT_TRUE(in.finish());
}

TEST(Cbor, RefusesALongFormOfASmallNumber) {
    const Bytes data = hex("1817");
    CborReader in(data);

    in.uinteger();

    EXPECT_FALSE(in.finish());
}

TEST(Cbor, RefusesIndefiniteLengths) {
    const Bytes data = hex("9f01ff");
    CborReader in(data);

    in.array(4);

    EXPECT_FALSE(in.finish());
}

TEST(Cbor, RefusesTruncationAtEveryByte) {
    const Bytes data = CborWriter().array(2).text("abcdef").uinteger(70000).take();

    for (std::size_t length = 0; length < data.size(); ++length) {
        CborReader in(ByteView(data).first(length));
        in.arrayOf(2);
        in.text(10);
        in.uinteger();
        EXPECT_FALSE(in.finish()) << length;
    }
}

TEST(Cbor, RefusesBytesAfterTheEnd) {
    const Bytes data = hex("0101");
    CborReader in(data);

    in.uinteger();

    EXPECT_FALSE(in.finish());
}

TEST(Cbor, RefusesAnEnormousDeclaredLengthWithoutReadingIt) {
    const Bytes data = hex("5bffffffffffffffff00");
    CborReader in(data);

    EXPECT_TRUE(in.bytes(100).empty());
    EXPECT_FALSE(in.finish());
}

TEST(Cbor, RefusesTextThatIsNotUtf8) {
    for (const auto* text : {"61ff", "62c080", "63eda080", "64f4908080"}) {
        const Bytes data = hex(text);
        CborReader in(data);
        in.text(10);
        EXPECT_FALSE(in.finish()) << text;
    }
}

}  // namespace
}  // namespace tapport
