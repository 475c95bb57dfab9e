// SPDX-License-Identifier: GPL-3.0-or-later
// `tapport receipt verify` on what a kiosk signs.
#include "sync/program/program.h"
#include "sync/receipt/key_set.h"
#include "tests/support/fixture.h"
#include "tests/support/published_event.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace tapport::admin {
namespace {

using record::ConsentState;
using support::Finished;
using support::PublishedEvent;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ReceiptCommand : public testing::Test {
  protected:
    /// With the event's published files and its root pinned.
    Finished verify(const std::string& receipt, const std::vector<std::string>& more = {}) const {
        std::vector<std::string> arguments{"receipt",
                                           "verify",
                                           receipt,
                                           "--keys",
                                           event_.path("keys.json").string(),
                                           "--event",
                                           event_.path("notices.json").string(),
                                           "--root",
                                           toHex(event_.event().rootKey)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return PublishedEvent::tapport(arguments);
    }
    std::string yes(const std::string& language = "en") const {
        return event_.link(event_.unit(ConsentState::Given, 2, language));
    }
    std::string yesJws() const {
        return event_.summaryJws(event_.unit(ConsentState::Given, 2, "en"));
    }

    PublishedEvent event_;
};

TEST_F(ReceiptCommand, TellsInPlainWordsWhatWasAgreed) {
    const Finished told = verify(yes());

    EXPECT_EQ(told.status, program::kExitOk) << told.out << told.err;
    EXPECT_THAT(told.out, StartsWith("Valid: signed by kiosk-1 with the key "));
    for (const char* said :
         {"Newsletter (e-mail): Yes", "Shall we e-mail you our newsletter?",
          "Only our marketing team in Berlin", "To tell you about new products and events",
          "Name, e-mail", "24 months", "Tap your badge here again", "Valid until: ",
          "24 November 2028", "25 November 2026", "kiosk-1", "record 42", "Provisional"}) {
        EXPECT_THAT(told.out, HasSubstr(said));
    }
}

TEST_F(ReceiptCommand, TellsItInTheReceiptsLanguageOrAnother) {
    const Finished german = verify(yes("de"));
    const Finished asked = verify(yes("de"), {"--language", "en"});

    EXPECT_THAT(german.out, HasSubstr("Newsletter (E-Mail): Ja"));
    EXPECT_THAT(german.out, HasSubstr("Wozu: Für Neues zu Produkten und Terminen"));
    EXPECT_THAT(asked.out, HasSubstr("Newsletter (e-mail): Yes"));
    EXPECT_THAT(asked.out, HasSubstr("Why: To tell you about new products"));
    EXPECT_THAT(asked.out, HasSubstr("Told in en; the visitor was asked in de."));
}

TEST_F(ReceiptCommand, SaysWhichLanguagesThereAre) {
    const Finished french = verify(yes("de"), {"--language", "fr"});
    const Finished full =
        verify(event_.fullJws(event_.unit(ConsentState::Given, 2, "de")), {"--language", "en"});

    EXPECT_EQ(french.status, program::kExitUsage);
    EXPECT_THAT(french.err, HasSubstr("--language fr: there are en, de"));
    EXPECT_EQ(full.status, program::kExitOk);
    EXPECT_THAT(full.out, HasSubstr("A full receipt brings its own text, in de."));
}

TEST_F(ReceiptCommand, WarnsOfALinkToAnotherAddress) {
    std::string elsewhere = yes();
    elsewhere.replace(0, elsewhere.find("/r/"), "https://elsewhere.example");

    const Finished told = verify(elsewhere);

    EXPECT_EQ(told.status, program::kExitOk);
    EXPECT_THAT(told.out, HasSubstr("CAUTION: the link's address is not the event's"));
}

TEST_F(ReceiptCommand, TakesALinkASummaryAFullReceiptAndFiles) {
    const auto unit = event_.unit(ConsentState::Withdrawn, 0, "en");
    support::writeFile(event_.path("receipt.jws"), event_.fullJws(unit) + "\n");

    EXPECT_EQ(verify(event_.summaryJws(unit)).status, program::kExitOk);
    EXPECT_EQ(verify(event_.fullJws(unit)).status, program::kExitOk);
    const Finished file = verify(event_.path("receipt.jws").string());
    EXPECT_EQ(file.status, program::kExitOk) << file.out << file.err;
    EXPECT_THAT(file.out, HasSubstr("Withdrawn"));
}

TEST_F(ReceiptCommand, ExplainsANoWithoutAnybodyInIt) {
    const Finished told = verify(event_.fullJws(event_.unit(ConsentState::Refused, 1, "en")));

    EXPECT_EQ(told.status, program::kExitOk) << told.out;
    EXPECT_THAT(told.out, HasSubstr("Sales (phone): No"));
    EXPECT_THAT(told.out, HasSubstr("stands for nobody"));
}

TEST_F(ReceiptCommand, FindsThePublishedFilesBesideTheReceiptAndAboveIt) {
    std::filesystem::create_directory(event_.path("receipts"));
    const std::filesystem::path file = event_.path("receipts/yes.jws");
    support::writeFile(file, yesJws());

    const Finished told = PublishedEvent::tapport({"receipt", "verify", file.string()});

    EXPECT_EQ(told.status, program::kExitOk) << told.out << told.err;
    EXPECT_THAT(told.out, HasSubstr("compare it with the one that the organiser made public"));
}

TEST_F(ReceiptCommand, SaysExactlyWhatFails) {
    std::string changed = yesJws();
    changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
    const auto jose = nlohmann::json::parse(
        support::readFile(support::fixture("jose/rfc7520-4_5-detached.json")));
    std::string otherLink = yes();
    otherLink.replace(otherLink.find("/r/") + 3, 2, "00");

    const auto fails = [&](const std::string& receipt, const std::string& what) {
        const Finished told = verify(receipt);
        EXPECT_EQ(told.status, program::kExitFailed) << told.out;
        EXPECT_THAT(told.out, StartsWith("Not valid: "));
        EXPECT_THAT(told.out, HasSubstr(what));
        EXPECT_THAT(told.out, Not(HasSubstr("Newsletter")));
    };
    fails(changed, "the signature does not fit");
    fails(jose.at("output").at("compact"), "the header's algorithm is not EdDSA");
    fails(yesJws() + "A", "base64url");
    fails(otherLink, "the link names another receipt");
    fails("https://example.com/#" + yesJws(), "the link does not end in /r/");
    const Finished cut = verify(yes().substr(0, yes().find('#')));
    EXPECT_EQ(cut.status, program::kExitFailed);
    EXPECT_THAT(cut.out, HasSubstr("the link has nothing behind a #"));
    support::writeFile(event_.path("cut.link"), yes().substr(0, 300) + "\n");
    fails(event_.path("cut.link").string(), "it was cut off");
    support::writeFile(event_.path("mail.link"), "Your receipt: " + yes() + "\n");
    fails(event_.path("mail.link").string(), "take out the spaces");
    const Finished none = verify("receipt.jws");
    EXPECT_EQ(none.status, program::kExitFailed);
    EXPECT_THAT(none.err, HasSubstr("receipt.jws: no such file, and neither a link nor a JWS"));
}

TEST_F(ReceiptCommand, KnowsNoKeyThatIsNotPublished) {
    std::filesystem::remove(event_.path("kiosk/signing.key"));
    ASSERT_EQ(
        PublishedEvent::tapport({"kiosk", "key", "--config", event_.path("kiosk.toml").string()})
            .status,
        program::kExitOk);

    const Finished told = verify(yes());

    EXPECT_EQ(told.status, program::kExitFailed);
    EXPECT_THAT(told.out, HasSubstr("is not among the event's published keys"));
}

TEST_F(ReceiptCommand, CallsWhatARevokedKioskSignedLaterUnconfirmed) {
    ASSERT_EQ(event_.publish({"--revoke", PublishedEvent::beforeThat()}).status, program::kExitOk);

    const Finished told = verify(yes());

    EXPECT_EQ(told.status, program::kExitFailed);
    EXPECT_THAT(told.out, StartsWith("Unconfirmed: "));
    EXPECT_THAT(told.out, HasSubstr("the key of kiosk-1 was revoked"));
}

TEST_F(ReceiptCommand, TrustsNoKeysOrNoticesOfAnotherRoot) {
    const Finished told = verify(yes(), {});
    const std::string other = toHex(receipt::makeSigningKeys().publicKey);
    const Finished stranger = PublishedEvent::tapport(
        {"receipt", "verify", yes(), "--keys", event_.path("keys.json").string(), "--root", other});
    std::string notices = support::readFile(event_.path("notices.json"));
    notices.replace(notices.find("once a month"), 12, "twice a week");
    support::writeFile(event_.path("notices.json"), notices);
    const Finished changed = verify(yes());

    EXPECT_EQ(told.status, program::kExitOk);
    EXPECT_EQ(stranger.status, program::kExitConfig);
    EXPECT_THAT(stranger.err, HasSubstr("signed with another key than the event's root"));
    EXPECT_EQ(changed.status, program::kExitConfig);
    EXPECT_THAT(changed.err, HasSubstr("changed after it was signed"));
}

TEST_F(ReceiptCommand, HoldsTheWordsAgainstThePublishedNotices) {
    auto json = nlohmann::json::parse(support::readFile(event_.path("event.json")));
    json["asks"][2]["texts"]["en"]["howOften"] = "By e-mail, every hour";
    support::writeFile(event_.path("event.json"), json.dump());
    const std::string receipt = yes();  // asked in the old words
    ASSERT_EQ(event_.publish({}).status, program::kExitOk);

    const Finished told = verify(receipt);

    EXPECT_EQ(told.status, program::kExitFailed);
    EXPECT_THAT(told.out, HasSubstr("the notice of newsletter (email) is not among the published"));
}

TEST_F(ReceiptCommand, NeedsKeysAndARootThatAreThere) {
    const Finished noKeys = PublishedEvent::tapport({"receipt", "verify", yes()});
    const Finished noRoot = PublishedEvent::tapport(
        {"receipt", "verify", yes(), "--keys", event_.path("keys.json").string()});

    EXPECT_EQ(noKeys.status, program::kExitConfig);
    EXPECT_THAT(noKeys.err, HasSubstr("no keys.json found"));
    EXPECT_EQ(noRoot.status, program::kExitConfig);
    EXPECT_THAT(noRoot.err, HasSubstr("give --root or --event"));
    EXPECT_EQ(verify(yes(), {"--root", "12"}).status, program::kExitUsage);
}

}  // namespace
}  // namespace tapport::admin
