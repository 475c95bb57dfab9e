// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/base/bytes.h"

#include <gtest/gtest.h>

namespace tapport {
namespace {

TEST(Bytes, HexRoundTripsAndAcceptsUpperCase) {
    const Bytes bytes{0x00, 0x7F, 0xAB, 0xFF};

    EXPECT_EQ(toHex(bytes), "007fabff");
    EXPECT_EQ(fromHex("007FABff"), bytes);
}

TEST(Bytes, HexRefusesOddLengthAndOtherCharacters) {
    EXPECT_FALSE(fromHex("abc"));
    EXPECT_FALSE(fromHex("zz"));
}

TEST(Bytes, Base64UrlFollowsRfc4648Vectors) {
    // RFC 4648 section 10, without padding.
    EXPECT_EQ(toBase64Url(viewOf("f")), "Zg");
    EXPECT_EQ(toBase64Url(viewOf("fo")), "Zm8");
    EXPECT_EQ(toBase64Url(viewOf("foobar")), "Zm9vYmFy");
    EXPECT_EQ(fromBase64Url("Zm9vYmE"), toBytes(viewOf("fooba")));
}

TEST(Bytes, Base64UrlRefusesPaddingAndNonCanonicalEnds) {
    EXPECT_FALSE(fromBase64Url("Zg=="));
    EXPECT_FALSE(fromBase64Url("Zh"));
    EXPECT_FALSE(fromBase64Url("Z"));
}

}  // namespace
}  // namespace tapport
