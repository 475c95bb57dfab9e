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
