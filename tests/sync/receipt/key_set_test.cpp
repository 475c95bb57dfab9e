// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/key_set.h"

#include "sync/receipt/signed_document.h"
#include "tests/sync/receipt/samples.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace tapport::receipt {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

const Bytes kRoot = samples::rootKeys().publicKey;

std::string published() {
    return samples::keySet(Revocation{{{samples::epoch(), 40}}})
        .publish(samples::rootKeys())
        .value();
}

/// Changed by somebody who has the root's key: what is left is the format.
template <typename Change>
Result<KeySet> parseChanged(Change change) {
    json document = json::parse(published());
    change(document);
    return KeySet::parse(signDocument(document.dump(), samples::rootKeys()).value(), kRoot);
}

TEST(KeySet, ReadsBackWhatWasPublished) {
    const auto set = KeySet::parse(published(), kRoot);

    ASSERT_TRUE(set) << set.error().context;
    EXPECT_EQ(set->event().value, "example-expo-2026");
    EXPECT_EQ(set->issuedAt(), "2026-11-20T08:00:00.000Z");
    EXPECT_EQ(set->keys(), samples::keySet(Revocation{{{samples::epoch(), 40}}}).keys());
    const KioskKey* const key = set->find(keyId(samples::kioskKeys().publicKey));
    ASSERT_NE(key, nullptr);
    EXPECT_EQ(key->kiosk.value, "kiosk-1");
    EXPECT_EQ(set->find("AAAAAAAAAAA"), nullptr);
}

TEST(KeySet, IsAJwkSet) {
    const json key = json::parse(published()).at("keys").at(0);

    EXPECT_EQ(key.at("kty"), "OKP");
    EXPECT_EQ(key.at("crv"), "Ed25519");
    EXPECT_EQ(key.at("alg"), "EdDSA");
    EXPECT_EQ(key.at("use"), "sig");
    EXPECT_EQ(key.at("x"), toBase64Url(samples::kioskKeys().publicKey));
    EXPECT_EQ(key.at("revoked"), json::array({{{"epoch", "e1e1e1e1e1e1e1e1"}, {"seq", 40}}}));
}

TEST(KeySet, HoldsAFleetAndIsNotPublishedLargerThanItCanBeRead) {
    const auto publish = [](std::size_t count) {
        std::vector<KioskKey> keys;
        for (std::size_t i = 0; i < count; ++i) {
            Bytes key(kKeySize, 1);
            key[0] = static_cast<std::uint8_t>(i);
            key[1] = static_cast<std::uint8_t>(i >> 8U);
            keys.push_back({{"kiosk-" + std::to_string(i)}, key, {}});
        }
        return KeySet({"expo"}, "2026-11-25T12:00:00.000Z", std::move(keys))
            .publish(samples::rootKeys());
    };
    const auto fleet = publish(3000);
    ASSERT_TRUE(fleet) << fleet.error().context;
    EXPECT_LT(fleet->size(), 1024U * 1024);
    EXPECT_EQ(KeySet::parse(*fleet, kRoot)->keys().size(), 3000U);

    EXPECT_FALSE(publish(3001));
}

TEST(KeySet, MayBeLaidOutAnew) {
    EXPECT_TRUE(KeySet::parse(json::parse(published()).dump(2), kRoot));
}

TEST(KeySet, IsBelievedFromThePinnedRootOnly) {
    const auto set = KeySet::parse(published(), samples::kioskKeys().publicKey);

    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().code, Code::Crypto);
    EXPECT_THAT(set.error().context, HasSubstr("another key than the event's root"));
}

TEST(KeySet, IsNotBelievedOnceChanged) {
    json document = json::parse(published());
    document["keys"][0]["revoked"][0]["seq"] = 41;

    const auto set = KeySet::parse(document.dump(), kRoot);

    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().code, Code::Crypto);
    EXPECT_THAT(set.error().context, HasSubstr("changed"));
}

TEST(KeySet, IsNotBelievedWithoutASignature) {
    json document = json::parse(published());
    document.erase("signature");

    EXPECT_EQ(KeySet::parse(document.dump(), kRoot).error().code, Code::InvalidInput);
    EXPECT_FALSE(KeySet::parse("[]", kRoot));
    EXPECT_FALSE(KeySet::parse("", kRoot));
}

TEST(KeySet, RefusesKeysItDoesNotUnderstand) {
    const auto changed = [](const char* member, const json& value) {
        return parseChanged([&](json& document) { document["keys"][0][member] = value; });
    };

    EXPECT_FALSE(changed("kty", "RSA"));
    EXPECT_FALSE(changed("crv", "X25519"));
    EXPECT_FALSE(changed("alg", "HS256"));
    EXPECT_FALSE(changed("use", "enc"));
    EXPECT_FALSE(changed("kid", "AAAAAAAAAAA"));
    EXPECT_FALSE(changed("x", "AAAA"));
    EXPECT_FALSE(changed("kiosk", "Kiosk 1"));
    EXPECT_FALSE(changed("d", "AAAA"));
    EXPECT_FALSE(changed("revoked", true));
    const json good{{"epoch", "e1e1e1e1e1e1e1e1"}, {"seq", 1}};
    EXPECT_TRUE(changed("revoked", json::array({good})));
    EXPECT_TRUE(changed("revoked", json::array()));
    EXPECT_FALSE(changed("revoked", good));
    EXPECT_FALSE(changed("revoked", json::array({good, good})));
    EXPECT_FALSE(changed("revoked", json::array({{{"epoch", "e1"}, {"seq", 1}}})));
    EXPECT_FALSE(changed("revoked", json::array({{{"epoch", "e1e1e1e1e1e1e1e1"}, {"seq", -1}}})));
}

TEST(KeySet, RefusesTwoKeysUnderOneId) {
    const KioskKey key = samples::keySet().keys().front();
    const KeySet twice({"example-expo-2026"}, "2026-11-20T08:00:00.000Z", {key, key});

    EXPECT_FALSE(twice.publish(samples::rootKeys()));
    EXPECT_FALSE(parseChanged(
        [](json& document) { document["keys"].push_back(json(document["keys"][0])); }));
}

TEST(RevokedKey, VouchesForWhatTheHubHeldThen) {
    const record::Epoch earlier = *record::Epoch::from(Bytes(8, 0x02));
    const record::Epoch other = *record::Epoch::from(Bytes(8, 0x01));
    const KioskKey key =
        samples::keySet(Revocation{{{samples::epoch(), 40}, {earlier, 3}}}).keys().front();

    EXPECT_TRUE(key.vouchesFor(samples::epoch(), 40));
    EXPECT_FALSE(key.vouchesFor(samples::epoch(), 41));
    EXPECT_TRUE(key.vouchesFor(earlier, 3));
    EXPECT_FALSE(key.vouchesFor(earlier, 4));
    EXPECT_FALSE(key.vouchesFor(other, 1));
    EXPECT_TRUE(samples::keySet().keys().front().vouchesFor(other, 1));
}

TEST(RevokedKey, OfTwoRevocationsWhatBothCoverIsLeft) {
    const record::Epoch other = *record::Epoch::from(Bytes(8, 0x01));
    const Revocation wide{{{samples::epoch(), 8}, {other, 4}}};
    const Revocation narrow{{{samples::epoch(), 5}}};

    EXPECT_EQ(narrower(wide, narrow), narrow);
    EXPECT_EQ(narrower(narrow, wide), narrow);
    EXPECT_TRUE(narrow.isWithin(wide));
    EXPECT_FALSE(wide.isWithin(narrow));
    EXPECT_TRUE(Revocation{}.isWithin(narrow));
}

TEST(RevokedKey, IsTypedAndPrintedAlike) {
    for (const char* text :
         {"nothing", "0101010101010101:4", "0101010101010101:4,e1e1e1e1e1e1e1e1:8"}) {
        ASSERT_TRUE(revocationFrom(text)) << text;
        EXPECT_EQ(textOf(*revocationFrom(text)), text);
    }
    for (const char* text :
         {"", "e1:4", "0101010101010101", "0101010101010101:", "0101010101010101:-1",
          "0101010101010101:4,", "0101010101010101:4,0101010101010101:5"}) {
        EXPECT_FALSE(revocationFrom(text)) << text;
    }
}

TEST(Jwk, ReadsBackAndRefusesAPrivateKey) {
    const KioskKey key = samples::keySet().keys().front();
    json leaked = json::parse(jwkText(key));
    leaked["d"] = "AAAA";

    EXPECT_EQ(parseJwk(jwkText(key)), key);
    EXPECT_FALSE(parseJwk(leaked.dump()));
    EXPECT_FALSE(parseJwk("{}"));
}

TEST(SignedDocument, ReplacesAnEarlierSignature) {
    const std::string once = signDocument(R"({"b":2,"a":1})", samples::rootKeys()).value();

    EXPECT_EQ(signDocument(once, samples::rootKeys()), once);
    EXPECT_TRUE(checkDocument(once, kRoot));
    EXPECT_FALSE(signDocument("[1]", samples::rootKeys()));
    EXPECT_FALSE(signDocument(R"({"a":1.5})", samples::rootKeys()));
}

}  // namespace
}  // namespace tapport::receipt
