// SPDX-License-Identifier: GPL-3.0-or-later
// `tapport kiosk key` and `tapport event publish`: from a kiosk's key to what verifiers pin.
#include "sync/program/program.h"
#include "sync/receipt/key_set.h"
#include "sync/receipt/signed_document.h"
#include "tests/support/published_event.h"

#include <gmock/gmock.h>

namespace tapport::admin {
namespace {

using support::readFile;
using testing::HasSubstr;
using testing::Not;

class PublishCommand : public testing::Test {
  protected:
    receipt::KeySet keySet(const std::string& file = "keys.json") const {
        return receipt::KeySet::parse(readFile(event_.path(file)), event_.event().rootKey).value();
    }

    /// Without the hub's own.
    std::vector<receipt::KioskKey> kiosksKeys() const {
        std::vector<receipt::KioskKey> keys = keySet().keys();
        std::erase_if(keys, [&](const receipt::KioskKey& key) {
            return key.publicKey == event_.event().hubKey;
        });
        return keys;
    }

    support::PublishedEvent event_;
};

TEST_F(PublishCommand, InitKeepsTheRootKeyToTheOwnerAndOffTheScreen) {
    const std::string stored = readFile(event_.path("keys/root.key"));
    const auto root = receipt::signingKeysFrom(*fromHex(std::string_view(stored).substr(0, 64)));

    EXPECT_EQ(root->publicKey, event_.event().rootKey);
    EXPECT_EQ(std::filesystem::status(event_.path("keys/root.key")).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(PublishCommand, AKioskMakesItsKeyOnceAndShowsThePublicHalf) {
    const std::vector<std::string> command{"kiosk", "key", "--config",
                                           event_.path("kiosk.toml").string()};
    const std::string stored = readFile(event_.path("kiosk/signing.key"));

    const auto again = support::PublishedEvent::tapport(command);

    EXPECT_EQ(again.out, readFile(event_.path("kiosk-1.jwk")));
    EXPECT_EQ(receipt::parseJwk(again.out.substr(0, again.out.size() - 1))->publicKey,
              event_.kioskKeys().publicKey);
    EXPECT_THAT(again.out, Not(HasSubstr(stored.substr(0, 64))));
    EXPECT_EQ(std::filesystem::status(event_.path("kiosk/signing.key")).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(PublishCommand, AKioskNeedsNoStartBeforeItsKeyIsMade) {
    std::filesystem::remove_all(event_.path("kiosk"));

    const auto made = support::PublishedEvent::tapport(
        {"kiosk", "key", "--config", event_.path("kiosk.toml").string()});

    EXPECT_EQ(made.status, program::kExitOk) << made.err;
    EXPECT_TRUE(std::filesystem::exists(event_.path("kiosk/signing.key")));
}

TEST_F(PublishCommand, ADamagedKioskKeyIsNamedAndNotReplaced) {
    support::writeFile(event_.path("kiosk/signing.key"), "12\n");

    const auto shown = support::PublishedEvent::tapport(
        {"kiosk", "key", "--config", event_.path("kiosk.toml").string()});

    EXPECT_EQ(shown.status, program::kExitConfig);
    EXPECT_THAT(shown.err, HasSubstr("signing.key: must hold 64 hexadecimal digits"));
    EXPECT_EQ(readFile(event_.path("kiosk/signing.key")), "12\n");
}

TEST_F(PublishCommand, PublishesKeysAndNoticesThatTheRootSigned) {
    const std::string notices = readFile(event_.path("notices.json"));

    ASSERT_EQ(kiosksKeys().size(), 1U);
    EXPECT_EQ(kiosksKeys()[0].kiosk.value, "kiosk-1");
    EXPECT_EQ(keySet().event(), event_.event().id);
    EXPECT_TRUE(receipt::checkDocument(notices, event_.event().rootKey));
    EXPECT_TRUE(event::parseNotices(notices));
    EXPECT_THAT(notices, Not(HasSubstr("pinHash")));
}

TEST_F(PublishCommand, TheHubsKeyIsAmongThemOnceFromTheBeginning) {
    const auto hubs = [&] {
        std::vector<receipt::KioskKey> keys = keySet().keys();
        std::erase_if(keys,
                      [](const receipt::KioskKey& key) { return key.kiosk != record::kHubLink; });
        return keys;
    };
    ASSERT_EQ(hubs().size(), 1U);
    EXPECT_EQ(hubs()[0].publicKey, event_.event().hubKey);

    ASSERT_EQ(event_.publish({}).status, program::kExitOk);

    EXPECT_EQ(hubs().size(), 1U);
}

TEST_F(PublishCommand, AddsAKeyOnceAndKeepsTheOthers) {
    const receipt::SigningKeys second = receipt::makeSigningKeys();
    support::writeFile(event_.path("kiosk-2.jwk"),
                       receipt::jwkText({{"kiosk-2"}, second.publicKey, {}}) + "\n");
    const std::string file = event_.path("kiosk-2.jwk").string();

    ASSERT_EQ(event_.publish({"--add", file}).status, program::kExitOk);
    ASSERT_EQ(event_.publish({"--add", file}).status, program::kExitOk);

    EXPECT_EQ(kiosksKeys().size(), 2U);
}

TEST_F(PublishCommand, AddsEveryKeyOfAFileWithItsRevocation) {
    const receipt::Revocation held{{{*record::Epoch::fromHexText("0102030405060708"), 5}}};
    receipt::KioskKey known = kiosksKeys()[0];
    known.revoked = held;
    support::writeFile(
        event_.path("all.jwk"),
        receipt::jwkText({{"kiosk-2"}, receipt::makeSigningKeys().publicKey, {}}) + "\n\n" +
            receipt::jwkText(known) + "\r\n" +
            receipt::jwkText({{"kiosk-3"}, receipt::makeSigningKeys().publicKey, held}));

    const auto added = event_.publish({"--add", event_.path("all.jwk").string()});

    ASSERT_EQ(added.status, program::kExitOk) << added.err;
    const std::vector<receipt::KioskKey> published = kiosksKeys();
    ASSERT_EQ(published.size(), 3U);
    EXPECT_EQ(published[0].revoked, held);
    EXPECT_EQ(published[1].revoked, std::nullopt);
    EXPECT_EQ(published[2].revoked, held);
    support::writeFile(event_.path("all.jwk"), "\n{}\n");
    EXPECT_THAT(event_.publish({"--add", event_.path("all.jwk").string()}).err,
                HasSubstr("all.jwk:2:"));
    support::writeFile(event_.path("all.jwk"), "\n");
    EXPECT_THAT(event_.publish({"--add", event_.path("all.jwk").string()}).err,
                HasSubstr("no key in it"));
}

TEST_F(PublishCommand, RevokesAKeyThatItAddsInTheSameCall) {
    support::writeFile(event_.path("two.jwk"),
                       receipt::jwkText({{"kiosk-2"}, receipt::makeSigningKeys().publicKey, {}}));

    const auto done =
        event_.publish({"--revoke", "kiosk-2=nothing", "--add", event_.path("two.jwk").string()});

    ASSERT_EQ(done.status, program::kExitOk) << done.err;
    EXPECT_EQ(kiosksKeys()[1].revoked, receipt::Revocation{});
}

TEST_F(PublishCommand, RevokingAKioskLeavesItsNewKeyAlone) {
    const std::string at = "kiosk-1=0102030405060708:41";
    receipt::KioskKey fresh = kiosksKeys()[0];
    fresh.publicKey = receipt::makeSigningKeys().publicKey;
    support::writeFile(event_.path("fresh.jwk"), receipt::jwkText(fresh) + "\n");

    const auto replaced =
        event_.publish({"--revoke", at, "--add", event_.path("fresh.jwk").string()});

    ASSERT_EQ(replaced.status, program::kExitOk) << replaced.err;
    const std::vector<receipt::KioskKey> published = kiosksKeys();
    ASSERT_EQ(published.size(), 2U);
    for (const receipt::KioskKey& key : published) {
        EXPECT_EQ(key.revoked.has_value(), key.publicKey != fresh.publicKey);
    }
}

TEST_F(PublishCommand, ARevocationThatIsSaidAgainLeavesTheKeyThatCameSinceAlone) {
    const std::string at = "kiosk-1=0102030405060708:41";
    receipt::KioskKey fresh = kiosksKeys()[0];
    fresh.publicKey = receipt::makeSigningKeys().publicKey;
    support::writeFile(event_.path("fresh.jwk"), receipt::jwkText(fresh) + "\n");
    ASSERT_EQ(event_.publish({"--revoke", at, "--add", event_.path("fresh.jwk").string()}).status,
              program::kExitOk);

    const auto again = event_.publish({"--revoke", at});

    EXPECT_EQ(again.status, program::kExitFailed);
    EXPECT_THAT(again.err, HasSubstr("has a newer key, which is not"));
    EXPECT_FALSE(kiosksKeys()[1].revoked);
    ASSERT_EQ(event_.publish({"--revoke", "kiosk-1=nothing"}).status, program::kExitOk);
    EXPECT_EQ(kiosksKeys()[1].revoked, receipt::Revocation{});
}

TEST_F(PublishCommand, TheHubsOwnKeyIsNotRevokedHere) {
    const auto done = event_.publish({"--revoke", "hub-link=nothing"});

    EXPECT_EQ(done.status, program::kExitFailed);
    EXPECT_THAT(done.err, HasSubstr("replaced in the event file (hubKey)"));
}

TEST_F(PublishCommand, RevokesAKeyFromAPositionOnAndForGood) {
    const std::string at = support::PublishedEvent::beforeThat();

    ASSERT_EQ(event_.publish({"--revoke", at}).status, program::kExitOk);
    ASSERT_EQ(event_.publish({"--add", event_.path("kiosk-1.jwk").string()}).status,
              program::kExitOk);

    ASSERT_TRUE(kiosksKeys()[0].revoked);
    EXPECT_THAT(receipt::textOf(*kiosksKeys()[0].revoked), HasSubstr(":41"));
    const auto later = event_.publish({"--revoke", at + "0"});
    EXPECT_EQ(later.status, program::kExitFailed);
    EXPECT_THAT(later.err, HasSubstr("kiosk-1 is revoked already, and not so late"));
}

TEST_F(PublishCommand, CorrectsARevocationThatWasTooLateAndNamesEveryEpoch) {
    ASSERT_EQ(event_.publish({"--revoke", "kiosk-1=0102030405060708:41,1111111111111111:9"}).status,
              program::kExitOk);

    const auto corrected =
        event_.publish({"--revoke", "kiosk-1=0102030405060708:40,1111111111111111:9"});

    ASSERT_EQ(corrected.status, program::kExitOk) << corrected.err;
    EXPECT_EQ(receipt::textOf(*kiosksKeys()[0].revoked), "0102030405060708:40,1111111111111111:9");
}

TEST_F(PublishCommand, WritesForThePublicToo) {
    const auto published = event_.publish({"--out", event_.path("public").string()});

    ASSERT_EQ(published.status, program::kExitOk) << published.err;
    EXPECT_EQ(readFile(event_.path("public/keys.json")), readFile(event_.path("keys.json")));
    EXPECT_EQ(readFile(event_.path("public/notices.json")), readFile(event_.path("notices.json")));
    EXPECT_THAT(readFile(event_.path("public/verify.html")),
                HasSubstr(toHex(event_.event().rootKey)));
    EXPECT_THAT(published.out, HasSubstr("keys.json     1 kiosk keys"));
}

TEST_F(PublishCommand, RefusesWhatItCannotSignOrUnderstand) {
    const std::string jwk = event_.path("kiosk-1.jwk").string();

    EXPECT_EQ(event_.publish({"--revoke", "kiosk-1"}).status, program::kExitUsage);
    EXPECT_EQ(event_.publish({"--revoke", "kiosk-1=00:1"}).status, program::kExitUsage);
    EXPECT_THAT(event_.publish({"--revoke", "kiosk-7=0102030405060708:1"}).err,
                HasSubstr("no key of kiosk-7 is published"));
    support::writeFile(jwk, "{}\n");
    EXPECT_THAT(event_.publish({"--add", jwk}).err, HasSubstr("kiosk-1.jwk"));
    support::writeFile(event_.path("keys/root.key"), std::string(64, '0') + "\n");
    const auto stranger = event_.publish({});
    EXPECT_EQ(stranger.status, program::kExitConfig);
    EXPECT_THAT(stranger.err, HasSubstr("is not the root key of this event"));
}

TEST_F(PublishCommand, DoesNotSignAKeySetThatSomebodyChanged) {
    std::string keys = readFile(event_.path("keys.json"));
    keys.replace(keys.find("kiosk-1"), 7, "kiosk-2");
    support::writeFile(event_.path("keys.json"), keys);

    const auto published = event_.publish({});

    EXPECT_EQ(published.status, program::kExitConfig);
    EXPECT_THAT(published.err, HasSubstr("keys.json"));
}

TEST_F(PublishCommand, AnEditionForKiosksCountsUpWithEachChangeOfTheEventFile) {
    const auto edition = [&] {
        std::string text = readFile(event_.path("edition.json"));
        text.pop_back();
        EXPECT_TRUE(receipt::checkDocument(text, event_.event().rootKey));
        return event::parse(text).value().edition;
    };
    ASSERT_EQ(event_.publish({}).status, program::kExitOk);
    EXPECT_EQ(edition(), 1U);
    ASSERT_EQ(event_.publish({}).status, program::kExitOk);
    EXPECT_EQ(edition(), 1U) << "nothing was changed";

    std::string file = readFile(event_.path("event.json"));
    file.replace(file.find("Example Works"), 7, "Elpmaxe");
    support::writeFile(event_.path("event.json"), file);
    ASSERT_EQ(event_.publish({}).status, program::kExitOk);

    EXPECT_EQ(edition(), 2U);
}

TEST_F(PublishCommand, WhatNamesTheStaffIsNotForThePublic) {
    ASSERT_EQ(event_.publish({"--out", event_.path("public").string()}).status, program::kExitOk);

    EXPECT_TRUE(std::filesystem::exists(event_.path("edition.json")));
    EXPECT_FALSE(std::filesystem::exists(event_.path("public/edition.json")));
}

}  // namespace
}  // namespace tapport::admin
