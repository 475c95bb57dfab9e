// SPDX-License-Identifier: GPL-3.0-or-later
// The page's canonical JSON and its profile, run in the browser on the vectors of RFC 8785 and on
// what no receipt may hold.
#include "tests/journey/verifier/script.h"
#include "tests/support/fixture.h"
#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>

namespace tapport::journey {
namespace {

const std::vector<std::string> kScripts{"strict.js", "signatures.js"};

TEST(VerifierStrict, PassesTheVectorsOfRfc8785) {
    nlohmann::json inputs = nlohmann::json::array();
    nlohmann::json outputs = nlohmann::json::array();
    for (const char* name : {"arrays", "french", "structures", "unicode", "values", "weird"}) {
        inputs.push_back(
            support::readFile(support::fixture(std::string("jcs/input/") + name + ".json")));
        outputs.push_back(
            support::readFile(support::fixture(std::string("jcs/output/") + name + ".json")));
    }

    EXPECT_EQ(evaluate(kScripts, "given.map((text) => canonical(JSON.parse(text)))", inputs),
              outputs);
}

TEST(VerifierStrict, RefusesWhatNoReceiptMayHold) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"({"a":1.5})", "float"},
        {R"({"a":1.0})", "float"},
        {R"({"a":1e3})", "float"},
        {R"({"a":9007199254740992})", "float"},
        {R"({"a":1,"a":2})", "twice"},
        {R"({"b":{"a":1},"c":[{"a":1,"\u0061":2}]})", "twice"},
        {R"({"ä":1})", "asciiKey"},
        {R"({"a":"\ud800"})", "utf8"},
        {R"({"a":"\u0000"})", "utf8"},
        {R"({"a":1} )", "canonical"},
        {R"({"b":1,"a":2})", "canonical"},
        {R"({"a":"\u0041"})", "canonical"},
        {R"({"a":1}x)", "json"},
        {"\xEF\xBB\xBF{}", "json"},
        {std::string(40, '[') + std::string(40, ']'), "deep"},
        {R"({"a":[1,{"b":"ü"}],"c":null})", ""},
    };
    nlohmann::json given = nlohmann::json::array();
    nlohmann::json expected = nlohmann::json::array();
    for (const auto& [text, problem] : cases) {
        given.push_back(text);
        expected.push_back(problem);
    }

    const auto found = evaluate(kScripts,
                                R"(given.map((text) => {
            try { parseCanonical(text); return ""; } catch (problem) { return problem.code; }
        }))",
                                given);

    EXPECT_EQ(found, expected);
}

TEST(VerifierStrict, HasOneTextForEachValueInBase64Url) {
    const auto found =
        evaluate(kScripts,
                 R"(given.map((text) => {
            try { return toHex(fromBase64Url(text)); } catch (problem) { return problem.code; }
        }))",
                 {"", "AQID", "AQI", "AQ", "AR", "A", "AQ==", "A+", "A/", "AQ\n", "_-8"});

    EXPECT_EQ(found, nlohmann::json({"", "010203", "0102", "01", "base64", "base64", "base64",
                                     "base64", "base64", "base64", "ffef"}));
}

TEST(VerifierStrict, SaysThatABrowserCannotCheckEd25519) {
    const std::string verdict = "checkBrowser().then(() => \"can\", (problem) => problem.code)";
    const std::string without =
        "(Object.defineProperty(crypto, \"subtle\", { value: undefined }), " + verdict + ")";

    EXPECT_EQ(evaluate(kScripts, verdict, nullptr), "can");
    EXPECT_EQ(evaluate(kScripts, without, nullptr), "browser");
}

}  // namespace
}  // namespace tapport::journey
