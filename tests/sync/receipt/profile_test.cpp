// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/profile.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace tapport::receipt {
namespace {

using ::testing::HasSubstr;

std::string refusal(std::string_view json) {
    const auto parsed = parseProfile(json);
    return parsed ? "" : parsed.error().context;
}

TEST(ReceiptProfile, TakesIntegersTextAndNesting) {
    const auto parsed = parseProfile(R"({"a":[1,-2,true,null,"ä"],"b":{"c":9007199254740991}})");

    ASSERT_TRUE(parsed) << parsed.error().context;
    EXPECT_EQ(parsed->at("a").at(4), "ä");
}

TEST(ReceiptProfile, RefusesFloats) {
    EXPECT_THAT(refusal(R"({"a":1.5})"), HasSubstr("integer"));
    EXPECT_THAT(refusal(R"({"a":1.0})"), HasSubstr("integer"));
    EXPECT_THAT(refusal(R"({"a":1e2})"), HasSubstr("integer"));
}

TEST(ReceiptProfile, RefusesIntegersThatADoubleCannotHold) {
    EXPECT_THAT(refusal("[9007199254740992]"), HasSubstr("too large"));
    EXPECT_THAT(refusal("[-9007199254740992]"), HasSubstr("too large"));
    EXPECT_THAT(refusal("[18446744073709551615]"), HasSubstr("too large"));
}

TEST(ReceiptProfile, RefusesKeysThatAreNotAscii) {
    EXPECT_THAT(refusal(R"({"ä":1})"), HasSubstr("ASCII"));
    EXPECT_THAT(refusal(R"({"\u00e4":1})"), HasSubstr("ASCII"));
}

TEST(ReceiptProfile, RefusesAKeyThatStandsTwice) {
    EXPECT_THAT(refusal(R"({"a":{"b":1,"b":2}})"), HasSubstr("twice"));
    EXPECT_THAT(refusal(R"({"a":1,"\u0061":1})"), HasSubstr("twice"));
}

TEST(ReceiptProfile, RefusesBrokenUnicode) {
    EXPECT_THAT(refusal("[\"\\ud800\"]"), HasSubstr("no JSON"));
    EXPECT_THAT(refusal("[\"\xC3\"]"), HasSubstr("no JSON"));
    EXPECT_THAT(refusal("\xEF\xBB\xBF[]"), HasSubstr("byte order mark"));
}

TEST(ReceiptProfile, RefusesWhatIsNoJsonOrTooDeep) {
    EXPECT_THAT(refusal(""), HasSubstr("no JSON"));
    EXPECT_THAT(refusal("[1e999]"), HasSubstr("too large"));
    EXPECT_THAT(refusal(std::string(100'000, '[')), HasSubstr("no JSON"));
    EXPECT_THAT(refusal(std::string(100, '[') + std::string(100, ']')), HasSubstr("too deeply"));
}

TEST(ReceiptProfile, RefusesTrailingData) {
    EXPECT_THAT(refusal("{} {}"), HasSubstr("no JSON"));
    EXPECT_THAT(refusal(std::string_view("{}\0", 3)), HasSubstr("no JSON"));
}

TEST(ReceiptProfile, RefusesWhatIsTooLong) {
    EXPECT_THAT(refusal(fmt::format("\"{}\"", std::string(kMostProfile, 'x'))),
                HasSubstr("too long"));
}

TEST(ReceiptProfile, SaysWhatIsWrongWithoutQuotingIt) {
    EXPECT_THAT(refusal(R"({"secret":"ada@example.com",})"), Not(HasSubstr("ada")));
}

TEST(CanonicalProfile, TakesTheOneSpellingOnly) {
    EXPECT_TRUE(parseCanonical(R"({"a":1,"b":"ä"})"));
    EXPECT_FALSE(parseCanonical(R"({"b":"ä","a":1})"));
    EXPECT_FALSE(parseCanonical(R"({"a":1,"b":"\u00e4"})"));
    EXPECT_FALSE(parseCanonical(R"({"a": 1})"));
    EXPECT_FALSE(parseCanonical("{\"a\":1}\n"));
    EXPECT_FALSE(parseCanonical(R"({"a":-0})"));
}

}  // namespace
}  // namespace tapport::receipt
