// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/downstream/csv_reader.h"

#include <random>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::vector<std::string>> rowsOf(const std::string& text) {
    std::istringstream in(text);
    CsvReader reader(in);
    std::vector<std::vector<std::string>> rows;
    while (const auto row = reader.next().value()) {
        rows.push_back(row->cells);
    }
    return rows;
}

TEST(CsvReaderTest, ReadsWhatSpreadsheetsWrite) {
    EXPECT_THAT(rowsOf("a,b\r\n1,2\r\n"),
                ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "2")));
    EXPECT_THAT(rowsOf("\xEF\xBB\xBF"
                       "a;b\n1,5;2"),
                ElementsAre(ElementsAre("a", "b"), ElementsAre("1,5", "2")));
    EXPECT_THAT(rowsOf("a\tb\n\n1\t"), ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "")));
    EXPECT_TRUE(rowsOf("").empty());
}

TEST(CsvReaderTest, ReadsQuotedCells) {
    EXPECT_THAT(
        rowsOf("\"a, b\",\"say \"\"hi\"\"\",\"two\nlines\"\nx,y,z"),
        ElementsAre(ElementsAre("a, b", "say \"hi\"", "two\nlines"), ElementsAre("x", "y", "z")));
}

TEST(CsvReaderTest, TellsTheLineInWhichARowBegins) {
    std::istringstream in("a\n\"x\ny\"\nb\n");
    CsvReader reader(in);

    EXPECT_EQ((*reader.next())->line, 1U);
    EXPECT_EQ((*reader.next())->line, 2U);
    EXPECT_EQ((*reader.next())->line, 4U);
}

TEST(CsvReaderTest, SaysWhatIsWrongWithARowAndGoesOn) {
    for (const std::string& broken :
         {std::string("secret\xFF,b"), std::string(CsvReader::kMostCells, ','),
          std::string(CsvReader::kMostBytes + 1, 'x')}) {
        std::istringstream in(broken + "\nnext,row\n");
        CsvReader reader(in);

        const auto row = reader.next().value();
        const auto next = reader.next().value();

        ASSERT_TRUE(row && row->problem);
        EXPECT_THAT(*row->problem, Not(HasSubstr("secret")));
        ASSERT_TRUE(next);
        EXPECT_EQ(next->line, 2U);
        EXPECT_FALSE(next->problem);
        EXPECT_THAT(next->cells, ElementsAre("next", "row"));
    }
}

TEST(CsvReaderTest, RefusesAQuoteThatDoesNotEndWithoutQuotingIt) {
    for (const std::string& broken :
         {std::string("a,\"secret"), "\"secret" + std::string(CsvReader::kMostBytes, 'x') + '"'}) {
        std::istringstream in(broken);
        CsvReader reader(in);

        const auto row = reader.next();

        ASSERT_FALSE(row);
        EXPECT_EQ(row.error().code, Code::InvalidInput);
        EXPECT_THAT(row.error().context, HasSubstr("line 1"));
        EXPECT_THAT(row.error().context, Not(HasSubstr("secret")));
    }
}

TEST(CsvReaderTest, ComesToAnEndWithAnyBytes) {
    std::mt19937_64 random(20'261'124);
    for (int i = 0; i < 2000; ++i) {
        std::string bytes(random() % 200, ' ');
        for (char& byte : bytes) {
            byte = "\",;\n\r\xC3x"[random() % 7];
        }
        std::istringstream in(bytes);
        CsvReader reader(in);
        for (auto row = reader.next(); row && *row; row = reader.next()) {
        }
    }
}

}  // namespace
}  // namespace tapport::hub
