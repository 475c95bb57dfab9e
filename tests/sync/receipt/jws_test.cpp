// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/jws.h"

#include "tests/support/fixture.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/receipt/samples.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace tapport::receipt {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

json vector(const std::string& name) {
    return json::parse(support::readFile(support::fixture("jose/" + name)));
}

Bytes hexOf(const json& value) {
    return fromHex(value.get<std::string>()).value();
}

std::string refusal(std::string_view jws) {
    const auto taken = split(jws);
    return taken ? "" : taken.error().context;
}

/// The receipt with another header, its signature made over it by the right key.
std::string signedUnder(const std::string& header, const std::string& payload) {
    const std::string input = toBase64Url(viewOf(header)) + '.' + toBase64Url(viewOf(payload));
    return input + '.' + toBase64Url(signMessage(viewOf(input), samples::kioskKeys()).view());
}

TEST(Ed25519, SignsAsRfc8032Does) {
    const json tests = vector("rfc8032-7.1.json").at("tests");
    ASSERT_EQ(tests.size(), 3U);
    for (const json& test : tests) {
        const SigningKeys keys = signingKeysFrom(hexOf(test.at("seed"))).value();
        const Bytes message = hexOf(test.at("message"));

        const record::Signature signature = signMessage(message, keys);

        EXPECT_EQ(keys.publicKey, hexOf(test.at("public")));
        EXPECT_EQ(toBytes(signature.view()), hexOf(test.at("signature")));
        EXPECT_TRUE(fits(signature, message, keys.publicKey));
    }
}

TEST(Ed25519, TakesASeedOf32BytesOnly) {
    EXPECT_FALSE(signingKeysFrom(Bytes(31, 1)));
    EXPECT_FALSE(signingKeysFrom(Bytes(64, 1)));
}

TEST(Ed25519, MakesOtherKeysEveryTime) {
    EXPECT_NE(makeSigningKeys().secretKey, makeSigningKeys().secretKey);
}

TEST(Ed25519, VerifiesTheVectorOfRfc8037) {
    const json cookbook = vector("rfc8037-ed25519-jws.json");
    const Bytes key = fromBase64Url(cookbook["input"]["key"]["x"].get<std::string>()).value();
    const Bytes signature = fromBase64Url(cookbook["signing"]["sig"].get<std::string>()).value();
    const std::string input = cookbook["signing"]["sig-input"];

    EXPECT_TRUE(fits(*record::Signature::from(signature), viewOf(input), key));
    EXPECT_FALSE(fits(*record::Signature::from(signature), viewOf(input + "x"), key));
}

TEST(Jws, VerifiesWhatItSigned) {
    const std::string jws = sign(R"({"a":1})", samples::kioskKeys());

    const auto taken = split(jws);

    ASSERT_TRUE(taken) << taken.error().context;
    EXPECT_EQ(taken->payload, R"({"a":1})");
    EXPECT_EQ(taken->keyId, keyId(samples::kioskKeys().publicKey));
    EXPECT_TRUE(verifies(*taken, samples::kioskKeys().publicKey));
    EXPECT_FALSE(verifies(*taken, samples::rootKeys().publicKey));
}

TEST(Jws, IsTheSameWheneverItIsMade) {
    EXPECT_EQ(sign("x", samples::kioskKeys()), sign("x", samples::kioskKeys()));
}

TEST(Jws, NeverVerifiesOnceAnyCharacterWasChanged) {
    const std::string jws = sign(R"({"a":1})", samples::kioskKeys());
    for (std::size_t i = 0; i < jws.size(); ++i) {
        std::string changed = jws;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';

        const auto taken = split(changed);

        ASSERT_FALSE(taken && verifies(*taken, samples::kioskKeys().publicKey) &&
                     taken->keyId == keyId(samples::kioskKeys().publicKey))
            << i;
    }
}

TEST(Jws, NeverVerifiesOnceItWasCutAnywhere) {
    const std::string jws = sign(R"({"a":1})", samples::kioskKeys());
    for (std::size_t i = 0; i < jws.size(); ++i) {
        for (const std::string& part : {jws.substr(0, i), jws.substr(i + 1)}) {
            const auto taken = split(part);

            ASSERT_FALSE(taken && verifies(*taken, samples::kioskKeys().publicKey)) << part;
        }
    }
}

TEST(Jws, RefusesOtherAlgorithms) {
    const std::string key = R"(,"kid":")" + keyId(samples::kioskKeys().publicKey) + "\"}";
    for (const char* const alg : {"none", "HS256", "ES256", "eddsa", "EdDSA ", ""}) {
        EXPECT_THAT(refusal(signedUnder(R"({"alg":")" + std::string(alg) + '"' + key, "{}")),
                    HasSubstr("algorithm"))
            << alg;
    }
    EXPECT_THAT(refusal(signedUnder(R"({"alg":null)" + key, "{}")), HasSubstr("algorithm"));
    EXPECT_THAT(refusal(signedUnder(R"({"kid":"AAAAAAAAAAA"})", "{}")), HasSubstr("algorithm"));
}

TEST(Jws, RefusesTheHs256Vectors) {
    const json detached = vector("rfc7520-4_5-detached.json");
    const json unencoded = vector("rfc7797-4.2-b64false.json");

    EXPECT_THAT(refusal(detached["output"]["compact"].get<std::string>()), HasSubstr("algorithm"));
    EXPECT_FALSE(splitDetached(detached["output"]["compact"].get<std::string>(),
                               detached["input"]["payload"].get<std::string>()));
    EXPECT_THAT(refusal(unencoded["signing"]["protected_b64u"].get<std::string>() + ".JC4wMg." +
                        unencoded["signing"]["sig"].get<std::string>()),
                HasSubstr("algorithm"));
}

TEST(Jws, RefusesAHeaderThatSaysMore) {
    const std::string start = R"({"alg":"EdDSA",)";
    const std::string key = R"("kid":")" + keyId(samples::kioskKeys().publicKey) + '"';

    EXPECT_THAT(refusal(signedUnder(start + R"("crit":["b64"],)" + key + '}', "{}")),
                HasSubstr("unknown member"));
    EXPECT_THAT(refusal(signedUnder(start + R"("b64":false,)" + key + '}', "{}")),
                HasSubstr("unknown member"));
    EXPECT_THAT(refusal(signedUnder(start + R"("jwk":{},)" + key + '}', "{}")),
                HasSubstr("unknown member"));
    EXPECT_THAT(refusal(signedUnder(start + key + ", \"kid\":\"AAAAAAAAAAA\"}", "{}")),
                HasSubstr("header"));
    EXPECT_THAT(refusal(signedUnder(start + ' ' + key + '}', "{}")), HasSubstr("canonical"));
}

TEST(Jws, RefusesAHeaderWithoutAWellFormedKeyId) {
    EXPECT_THAT(refusal(signedUnder(R"({"alg":"EdDSA"})", "{}")), HasSubstr("'kid' is missing"));
    EXPECT_THAT(refusal(signedUnder(R"({"alg":"EdDSA","kid":7})", "{}")), HasSubstr("kid"));
    EXPECT_THAT(refusal(signedUnder(R"({"alg":"EdDSA","kid":"short"})", "{}")), HasSubstr("kid"));
    EXPECT_THAT(refusal(vector("rfc8037-ed25519-jws.json")["output"]["compact"].get<std::string>()),
                HasSubstr("'kid' is missing"));
}

TEST(Jws, RefusesWhatIsNotExactlyThreeParts) {
    const std::string jws = sign("{}", samples::kioskKeys());

    EXPECT_FALSE(split(""));
    EXPECT_FALSE(split("a.b"));
    EXPECT_FALSE(split(jws + ".x"));
    EXPECT_FALSE(split(jws + "."));
    EXPECT_FALSE(split(std::string(kMostJws + 1, '.')));
}

TEST(Jws, RefusesPaddingTrailingDataAndUnusedBits) {
    const std::string jws = sign("{}", samples::kioskKeys());
    std::string unused = jws;
    unused.back() = static_cast<char>(unused.back() + 1);  // the last digit carries two unused bits

    EXPECT_FALSE(split(jws + "="));
    EXPECT_FALSE(split(jws + "=="));
    EXPECT_FALSE(split(jws + "\n"));
    EXPECT_FALSE(split(jws + "AAAA"));
    EXPECT_FALSE(split(unused));
}

TEST(DetachedJws, CoversThePayloadThatTravelsApart) {
    const std::string detached = signDetached("{}", samples::rootKeys());

    EXPECT_THAT(detached, HasSubstr(".."));
    EXPECT_TRUE(verifies(splitDetached(detached, "{}").value(), samples::rootKeys().publicKey));
    EXPECT_FALSE(verifies(splitDetached(detached, "{ }").value(), samples::rootKeys().publicKey));
    EXPECT_FALSE(splitDetached(sign("{}", samples::rootKeys()), "{}"));
}

}  // namespace
}  // namespace tapport::receipt
