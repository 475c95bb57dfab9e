// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/seal/seal.h"

#include "sync/record/codec.h"
#include "sync/seal/dictionary/samples.h"
#include "sync/seal/squeeze.h"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium/crypto_box.h>

namespace tapport::seal {
namespace {

constexpr std::size_t kSealOverhead = 48;  // ephemeral public key and Poly1305 tag

class Seal : public testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(initialise()); }
};

record::PositionedUnit unitWithNote(const std::string& note) {
    record::PositionedUnit unit;
    unit.position = {{"kiosk-1"}, *record::Epoch::from(Bytes(8, 1)), 7};
    unit.unit.event = {"example-expo-2026"};
    unit.unit.contact = record::Contact{"Test Attendee", "", "test@example.com", "", ""};
    record::Conversation conversation;
    conversation.staff = {"kim"};
    conversation.note = note;
    unit.unit.conversations = {conversation};
    return unit;
}

/// Sealed by whoever knows the event's public key: padded to `size`, whatever it is.
Bytes sealed(Bytes plain, std::size_t size, const SealingKeys& keys) {
    plain.push_back(0x80);
    plain.resize(std::max(size, plain.size()));
    Bytes bytes(plain.size() + crypto_box_SEALBYTES);
    crypto_box_seal(bytes.data(), plain.data(), plain.size(), keys.publicKey.data());
    return bytes;
}

TEST_F(Seal, OpensWithTheEventsKeyAndGivesTheSameUnit) {
    const SealingKeys keys = makeSealingKeys();
    const record::PositionedUnit unit = unitWithNote("call about line 3");

    const auto opened = openUnit(sealUnit(unit, keys.publicKey), keys);

    ASSERT_TRUE(opened) << opened.error().context;
    EXPECT_EQ(*opened, unit);
}

TEST_F(Seal, DoesNotOpenWithAnotherEventsKey) {
    const Bytes sealed = sealUnit(unitWithNote(""), makeSealingKeys().publicKey);

    const auto opened = openUnit(sealed, makeSealingKeys());

    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::Crypto);
}

TEST_F(Seal, DoesNotOpenWhenAnyByteWasChangedOrIsMissing) {
    const SealingKeys keys = makeSealingKeys();
    const Bytes sealed = sealUnit(unitWithNote(""), keys.publicKey);

    for (std::size_t i = 0; i < sealed.size(); ++i) {
        Bytes changed = sealed;
        changed[i] ^= 1U;
        const auto opened = openUnit(changed, keys);
        ASSERT_FALSE(opened) << i;
        ASSERT_EQ(opened.error().code, Code::Crypto);
        ASSERT_FALSE(openUnit(ByteView(sealed).first(i), keys)) << i;
    }
}

TEST_F(Seal, HidesTheLengthOfWhatItHoldsInStepsOf256) {
    const Bytes publicKey = makeSealingKeys().publicKey;
    std::set<std::size_t> sizes;

    for (std::size_t length = 0; length <= record::kMaxNoteLength; ++length) {
        const std::size_t size = sealUnit(unitWithNote(std::string(length, 'x')), publicKey).size();
        EXPECT_EQ((size - kSealOverhead - kSmallestUnit) % kPadding, 0U);
        sizes.insert(size);
    }

    EXPECT_LE(sizes.size(), 3U);
}

std::size_t plainPaddedSize(const record::PositionedUnit& unit) {
    const std::size_t size = record::encode(unit).size();
    return size < kSmallestUnit
               ? kSmallestUnit
               : kSmallestUnit + ((size - kSmallestUnit) / kPadding + 1) * kPadding;
}

TEST_F(Seal, SqueezesAUnitOnlyWhereThatSavesAStep) {
    const SealingKeys keys = makeSealingKeys();
    std::map<std::size_t, int> saved;

    for (const record::PositionedUnit& unit : sampleUnits()) {
        const Bytes bytes = sealUnit(unit, keys.publicKey);
        const std::size_t size = bytes.size() - kSealOverhead;
        ++saved[(plainPaddedSize(unit) - size) / kPadding];

        EXPECT_LE(size, plainPaddedSize(unit));
        EXPECT_EQ((size - kSmallestUnit) % kPadding, 0U);
        const auto opened = openUnit(bytes, keys);
        ASSERT_TRUE(opened) << opened.error().context;
        EXPECT_EQ(*opened, unit);
    }

    // None and one step: as it is, and squeezed.
    EXPECT_GT(saved[0], 0);
    EXPECT_GT(saved[1], 0);
}

/// The samples' own stands in the dictionary, and takes less.
const record::Contact kMostPeoples{"Charlotte Whitfield", "Northwind Pumps",
                                   "c.whitfield@mail.example.net", "+447700900123", ""};

TEST_F(Seal, ANoIsNotToBeToldFromAYesByItsSize) {
    const Bytes publicKey = makeSealingKeys().publicKey;
    std::map<std::pair<std::size_t, record::UnitKind>, std::set<std::size_t>> sizes;

    for (record::PositionedUnit unit : sampleUnits()) {
        std::set<std::size_t>& its = sizes[{unit.unit.consents.size(), unit.unit.kind}];
        its.insert(sealUnit(unit, publicKey).size());
        if (unit.unit.contact) {
            unit.unit.contact = kMostPeoples;
            its.insert(sealUnit(unit, publicKey).size());
        }
    }

    for (std::size_t answers = 1; answers <= 4; ++answers) {
        const auto yes = sizes[{answers, record::UnitKind::Visit}];
        const auto no = sizes[{answers, record::UnitKind::Refusal}];
        EXPECT_TRUE(std::includes(yes.begin(), yes.end(), no.begin(), no.end())) << answers;
    }
}

TEST_F(Seal, HowManyQuestionsWereAnsweredDoesNotShowInTheSize) {
    const Bytes publicKey = makeSealingKeys().publicKey;
    std::set<std::size_t> sizes;

    for (record::PositionedUnit unit : sampleUnits()) {
        if (unit.unit.contact) {
            unit.unit.contact = kMostPeoples;
        }
        if (unit.unit.kind == record::UnitKind::Visit ||
            unit.unit.kind == record::UnitKind::Refusal) {
            sizes.insert(sealUnit(unit, publicKey).size() - kSealOverhead);
        }
    }

    EXPECT_THAT(sizes, testing::ElementsAre(kSmallestUnit + kPadding));
}

TEST_F(Seal, OpensUnitsThatWereSealedAsTheyAre) {
    const SealingKeys keys = makeSealingKeys();
    for (const record::PositionedUnit& unit : sampleUnits()) {
        const auto opened =
            openUnit(sealed(record::encode(unit), plainPaddedSize(unit), keys), keys);

        ASSERT_TRUE(opened) << opened.error().context;
        EXPECT_EQ(*opened, unit);
    }
}

TEST_F(Seal, SaysWhyItCannotExpandWhatASealHolds) {
    const SealingKeys keys = makeSealingKeys();
    const Bytes plain = record::encode(unitWithNote("one"));
    const Bytes frame = *squeeze(plain);
    Bytes cut = frame;
    cut.resize(cut.size() - 20);
    Bytes more = frame;
    more.push_back(1);
    const Bytes noUnit = *squeeze(Bytes(10'000, 'x'));
    const std::map<std::string, Bytes> cases{
        {"breaks off", cut}, {"behind", more}, {"unit", noUnit}};

    for (const auto& [why, inside] : cases) {
        const auto opened = openUnit(sealed(inside, 512, keys), keys);

        ASSERT_FALSE(opened) << why;
        EXPECT_EQ(opened.error().code, Code::InvalidInput);
        EXPECT_THAT(opened.error().context, testing::HasSubstr(why));
    }
    EXPECT_TRUE(openUnit(sealed(frame, 512, keys), keys));
    EXPECT_TRUE(openUnit(sealed(frame, 2048, keys), keys)) << "more padding than a step";
}

TEST_F(Seal, TheSameUnitSealedTwiceLooksDifferent) {
    const Bytes publicKey = makeSealingKeys().publicKey;
    const record::PositionedUnit unit = unitWithNote("");

    EXPECT_NE(sealUnit(unit, publicKey), sealUnit(unit, publicKey));
}

TEST_F(Seal, FindsThePublicHalfOfAStoredSecretHalf) {
    const SealingKeys keys = makeSealingKeys();

    const auto found = sealingKeysFrom(keys.secretKey);

    ASSERT_TRUE(found);
    EXPECT_EQ(found->publicKey, keys.publicKey);
    EXPECT_FALSE(sealingKeysFrom(Bytes(31, 1)));
}

TEST(Badge, MeansTheSameOnEveryKioskOfAnEvent) {
    const BadgeIdentity first = deriveBadge(viewOf("token-1"), Bytes(32, 1));
    const BadgeIdentity second = deriveBadge(viewOf("token-1"), Bytes(32, 1));

    EXPECT_EQ(first, second);
}

// The derivation is a format: another kiosk version must find what this one wrote. The values come
// from Python: hashlib.blake2b(token, digest_size=32, key=salt, person=b"tapport.badge.v1"), then
// blake2b(b"", digest_size=n, key=master, salt=number, person=context), as libsodium documents.
TEST(Badge, IsDerivedAsDocumented) {
    const BadgeIdentity identity = deriveBadge(viewOf("token-1"), Bytes(32, 1));

    EXPECT_EQ(identity.subject.hex(), "706e30f5d2c9faa378aee5ffd9cca234");
    EXPECT_EQ(identity.vault.lookup.hex(), "0e369dbf246ebb7b491bbedb02b6427c");
    EXPECT_EQ(identity.vault.key.hex(),
              "fa1c3c2a3ce6cf884872206e0a0255b63b19c6a3e185fad93803f6e4b0399afb");
}

TEST(Badge, MeansSomethingElseForAnotherTokenOrAtAnotherEvent) {
    const BadgeIdentity one = deriveBadge(viewOf("token-1"), Bytes(32, 1));
    const BadgeIdentity otherToken = deriveBadge(viewOf("token-2"), Bytes(32, 1));
    const BadgeIdentity otherEvent = deriveBadge(viewOf("token-1"), Bytes(32, 2));

    for (const BadgeIdentity& other : {otherToken, otherEvent}) {
        EXPECT_NE(other.subject, one.subject);
        EXPECT_NE(other.vault.lookup, one.vault.lookup);
        EXPECT_NE(other.vault.key, one.vault.key);
    }
    EXPECT_NE(one.subject.hex(), one.vault.lookup.hex());
}

TEST(Digest, IsBlake2b256) {
    // hashlib.blake2b(b"abc", digest_size=32)
    EXPECT_EQ(digestOf(viewOf("abc")).hex(),
              "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

TEST_F(Seal, KeepsAPasswordAsArgon2idAndKnowsItAgain) {
    const auto hash = hashPassword("correct horse");

    ASSERT_TRUE(hash) << hash.error().context;
    EXPECT_THAT(*hash, testing::StartsWith("$argon2id$"));
    EXPECT_TRUE(passwordMatches("correct horse", *hash));
    EXPECT_FALSE(passwordMatches("correct horsf", *hash));
    EXPECT_FALSE(passwordMatches("", ""));
}

}  // namespace
}  // namespace tapport::seal
