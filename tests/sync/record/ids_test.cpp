// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/record/ids.h"

#include "sync/record/time.h"

#include <gtest/gtest.h>

namespace tapport::record {
namespace {

TEST(RecordId, FollowsTheRfc9562Example) {
    // RFC 9562 appendix A.6.
    const WallTime at(Millis(0x017F22E279B0));

    const RecordId id =
        makeRecordId(at, {0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F});

    EXPECT_EQ(uuidText(id), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(RecordId, CountsUpBesideOneAndKeepsVersionVariantAndTime) {
    const WallTime at(Millis(0x017F22E279B0));
    const RecordId last =
        makeRecordId(at, {0x0C, 0xC3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE});

    EXPECT_EQ(uuidText(idBeside(last, 1)), "017f22e2-79b0-7cc3-bfff-ffffffffffff");
    EXPECT_EQ(uuidText(idBeside(last, 2)), "017f22e2-79b0-7cc3-8000-000000000000") << "round";
    EXPECT_EQ(whichBeside(last, idBeside(last, 2), 2), 2U);
    EXPECT_FALSE(whichBeside(last, idBeside(last, 3), 2)) << "too far";
    EXPECT_FALSE(whichBeside(last, last, 2)) << "itself";
    RecordId other = idBeside(last, 1);
    other.bytes[0] ^= 1U;
    EXPECT_FALSE(whichBeside(last, other, 2)) << "of another time";
}

TEST(Name, AllowsOnlyWhatIsSafeInTopicsAndFileNames) {
    EXPECT_TRUE(isName("booth-7"));
    EXPECT_FALSE(isName(""));
    EXPECT_FALSE(isName("a/b"));
    EXPECT_FALSE(isName("A"));
    EXPECT_FALSE(isName(std::string(33, 'a')));
}

TEST(WallTime, IsWrittenInUtcWithMilliseconds) {
    EXPECT_EQ(isoText(WallTime(Millis(1'645'557'742'007))), "2022-02-22T19:22:22.007Z");
    EXPECT_EQ(isoText(WallTime(Millis(-1))), "1969-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace tapport::record
