// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/jcs.h"

#include "tests/support/fixture.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tapport::receipt {
namespace {

using nlohmann::json;

class JcsVector : public testing::TestWithParam<const char*> {};

TEST_P(JcsVector, BecomesItsCanonicalForm) {
    const std::string name = GetParam();
    const std::string input = support::readFile(support::fixture("jcs/input/" + name + ".json"));
    const std::string output = support::readFile(support::fixture("jcs/output/" + name + ".json"));

    EXPECT_EQ(canonicalText(json::parse(input)), output);
}

TEST_P(JcsVector, IsItsOwnCanonicalForm) {
    const std::string output =
        support::readFile(support::fixture(std::string("jcs/output/") + GetParam() + ".json"));

    EXPECT_EQ(canonicalText(json::parse(output)), output);
}

INSTANTIATE_TEST_SUITE_P(Rfc8785, JcsVector,
                         testing::Values("arrays", "french", "structures", "unicode", "values",
                                         "weird"),
                         [](const auto& vector) { return std::string(vector.param); });

std::string numberAs(const std::string& number) {
    return canonicalText(json::parse("[" + number + "]"));
}

// RFC 8785 appendix B.
TEST(Jcs, WritesNumbersAsEcmaScriptDoes) {
    EXPECT_EQ(numberAs("0.0"), "[0]");
    EXPECT_EQ(numberAs("-0.0"), "[0]");
    EXPECT_EQ(numberAs("5e-324"), "[5e-324]");
    EXPECT_EQ(numberAs("-5e-324"), "[-5e-324]");
    EXPECT_EQ(numberAs("1.7976931348623157e308"), "[1.7976931348623157e+308]");
    EXPECT_EQ(numberAs("9007199254740992"), "[9007199254740992]");
    EXPECT_EQ(numberAs("-9007199254740992"), "[-9007199254740992]");
    EXPECT_EQ(numberAs("295147905179352825856"), "[295147905179352830000]");
    EXPECT_EQ(numberAs("9.999999999999997e22"), "[9.999999999999997e+22]");
    EXPECT_EQ(numberAs("1e23"), "[1e+23]");
    EXPECT_EQ(numberAs("999999999999999700000"), "[999999999999999700000]");
    EXPECT_EQ(numberAs("1e21"), "[1e+21]");
    EXPECT_EQ(numberAs("0.000001"), "[0.000001]");
    EXPECT_EQ(numberAs("9.999999999999997e-7"), "[9.999999999999997e-7]");
    EXPECT_EQ(numberAs("333333333.3333332"), "[333333333.3333332]");
    EXPECT_EQ(numberAs("-0.0000033333333333333333"), "[-0.0000033333333333333333]");
    EXPECT_EQ(numberAs("1424953923781206.25"), "[1424953923781206.2]");
    EXPECT_EQ(numberAs("9007199254740993"), "[9007199254740992]");
}

}  // namespace
}  // namespace tapport::receipt
