// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/export/csv.h"

#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

std::string rowOf(const std::vector<std::string>& cells) {
    std::string out;
    appendCsvRow(out, cells);
    return out;
}

TEST(Csv, FollowsRfc4180) {
    EXPECT_EQ(rowOf({"plain", "", "with, comma", "with \"quotes\""}),
              "plain,,\"with, comma\",\"with \"\"quotes\"\"\"\r\n");
    EXPECT_EQ(rowOf({"two\nlines", "two\r\nlines", "two\rlines"}),
              "\"two\nlines\",\"two\nlines\",\"two\nlines\"\r\n");
}

TEST(Csv, NothingRunsInASpreadsheet) {
    for (const char* formula : {"=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "\r=1", "+49 30 x"}) {
        const std::string row = rowOf({formula});
        EXPECT_EQ(row.substr(0, 2), "\"'") << row;
    }
}

TEST(Csv, LeavesAnE164NumberAsACrmNeedsIt) {
    EXPECT_EQ(rowOf({"+4930123456"}), "+4930123456\r\n");
}

TEST(Csv, LeavesOutOtherControlCharacters) {
    EXPECT_EQ(rowOf({std::string("a\0b\x1B[31m\x7F", 8)}), "ab[31m\r\n");
}

TEST(Csv, BringsPhoneNumbersIntoE164WhereItCan) {
    EXPECT_EQ(asE164("+49 (0)30 123-456"), "+4930123456");
    EXPECT_EQ(asE164("0049 30/123.456"), "+4930123456");
    EXPECT_EQ(asE164("030 123456"), "030 123456") << "no country: unchanged";
    EXPECT_EQ(asE164("ask at the desk"), "ask at the desk");
    EXPECT_EQ(asE164(""), "");
}

}  // namespace
}  // namespace tapport::hub
