// SPDX-License-Identifier: GPL-3.0-or-later
// The offline verifier as an attendee opens it, in a real browser.
#include "sync/receipt/full_receipt.h"
#include "tests/journey/verifier/browser.h"
#include "tests/support/fixture.h"
#include "tests/support/published_event.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace tapport::journey {
namespace {

using record::ConsentState;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class VerifierPage : public testing::Test {
  protected:
    /// The page as published, opened at this receipt. It must never ask the network for anything.
    Visited check(const std::string& receipt) {
        const Visited visited = browser_.open(event_.path("verify.html"), receipt);
        EXPECT_THAT(visited.requests, IsEmpty());
        return visited;
    }
    void expectInvalid(const std::string& receipt, const std::string& problem) {
        const Visited visited = check(receipt);
        EXPECT_EQ(visited.attribute("data-verdict"), "invalid");
        EXPECT_EQ(visited.attribute("data-problem"), problem);
        EXPECT_THAT(visited.text("statement"), IsEmpty());
        EXPECT_THAT(visited.text("verdict-why"), Not(IsEmpty()));
    }
    /// As if the publisher had not put the root key into the page.
    void unpin() const {
        std::string page = support::readFile(event_.path("verify.html"));
        const std::string pinned = "\"root\":\"" + toHex(event_.event().rootKey) + "\"";
        page.replace(page.find(pinned), pinned.size(), "\"root\":null");
        support::writeFile(event_.path("verify.html"), page);
    }
    std::string summary(ConsentState state, const std::string& language = "en") const {
        return event_.summaryJws(event_.unit(state, 2, language));
    }

    support::PublishedEvent event_;
    Browser browser_;
};

TEST_F(VerifierPage, FindsAYesANoAndAWithdrawalGenuine) {
    for (const auto& [state, word] :
         {std::pair{ConsentState::Given, "Yes"}, std::pair{ConsentState::Refused, "No"},
          std::pair{ConsentState::Withdrawn, "Withdrawn"}}) {
        const Visited visited = check(summary(state));

        EXPECT_EQ(visited.attribute("data-verdict"), "valid");
        EXPECT_THAT(visited.dom, HasSubstr("Newsletter · e-mail"));
        EXPECT_THAT(visited.dom, HasSubstr(std::string("class=\"state\">") + word));
        EXPECT_THAT(visited.dom, HasSubstr("Shall we e-mail you our newsletter?"));
        EXPECT_THAT(visited.dom, HasSubstr("25 November 2026, 12:00 UTC"));
        EXPECT_THAT(visited.dom, HasSubstr("record 42"));
        EXPECT_EQ(visited.dom.find("Provisional") != std::string::npos,
                  state == ConsentState::Given);
    }
}

TEST_F(VerifierPage, ReadsTheFullReceiptsToo) {
    for (const ConsentState state :
         {ConsentState::Given, ConsentState::Refused, ConsentState::Withdrawn}) {
        const Visited visited = check(event_.fullJws(event_.unit(state, 2, "en")));

        EXPECT_EQ(visited.attribute("data-verdict"), "valid") << visited.text("verdict-why");
        EXPECT_THAT(visited.dom, HasSubstr("Newsletter · e-mail"));
        EXPECT_THAT(visited.dom, HasSubstr("Receipt of your answers: "));
    }
}

TEST_F(VerifierPage, SpeaksTheReceiptsLanguage) {
    const Visited visited = check(summary(ConsentState::Given, "de"));

    EXPECT_THAT(visited.dom, HasSubstr("Dieser Beleg ist echt"));
    EXPECT_THAT(visited.dom, HasSubstr("Für Neues zu Produkten und Terminen"));
    EXPECT_THAT(visited.dom, HasSubstr("24. November 2028"));
    EXPECT_THAT(visited.dom, Not(HasSubstr("Valid until")));
}

TEST_F(VerifierPage, FindsAVisitThatWasAskedInTwoLanguagesGenuine) {
    auto unit = event_.unit(ConsentState::Given, 2, "en");
    unit.unit.consents.push_back(event_.unit(ConsentState::Given, 0, "de").unit.consents.front());

    for (const std::string& receipt : {event_.summaryJws(unit), event_.fullJws(unit)}) {
        const Visited visited = check(receipt);

        EXPECT_EQ(visited.attribute("data-verdict"), "valid") << visited.text("verdict-why");
        EXPECT_THAT(visited.dom, HasSubstr("<p class=\"question\" lang=\"en\">" +
                                           event_.event().asks[2].notices.at("en").question));
        EXPECT_THAT(visited.dom, HasSubstr("<p class=\"question\" lang=\"de\">" +
                                           event_.event().asks[0].notices.at("de").question));
    }
}

TEST_F(VerifierPage, SaysWhenAClockWasNotSetOrMoved) {
    for (const auto& [quality, caution] :
         {std::pair{record::ClockQuality::Unset, "clock was not set"},
          std::pair{record::ClockQuality::Stepped, "clock was moved"}}) {
        auto unit = event_.unit(ConsentState::Given, 2, "en");
        unit.unit.at.quality = quality;
        unit.unit.consents.front().at.quality = quality;

        for (const std::string& receipt : {event_.summaryJws(unit), event_.fullJws(unit)}) {
            const Visited visited = check(receipt);

            EXPECT_EQ(visited.attribute("data-verdict"), "valid") << visited.text("verdict-why");
            EXPECT_THAT(visited.dom,
                        HasSubstr(std::string("<p class=\"soft\">The kiosk's ") + caution));
        }
    }
    EXPECT_THAT(check(summary(ConsentState::Given)).dom, Not(HasSubstr("The kiosk's clock")));
}

TEST_F(VerifierPage, KnowsWhatTheHubRecordedOnThePageOfAReceipt) {
    const std::string stored = support::readFile(event_.path("keys/hub.key"));
    const auto hub =
        receipt::signingKeysFrom(*fromHex(std::string_view(stored).substr(0, 64))).value();
    auto unit = event_.unit(ConsentState::Withdrawn, 2, "en");
    unit.position.kiosk = record::kHubLink;
    unit.proof = receipt::prove(unit, event_.event(), hub);

    const Visited visited = check(receipt::fullJws(unit, event_.event(), hub.publicKey).value());

    EXPECT_EQ(visited.attribute("data-verdict"), "valid") << visited.text("verdict-why");
    EXPECT_THAT(visited.text("verdict-why"), HasSubstr("since the organiser's hub signed it"));
    EXPECT_THAT(visited.dom, HasSubstr("on the page of the receipt, epoch"));
}

TEST_F(VerifierPage, SaysWhatIsWrongWithAReceipt) {
    const std::string yes = summary(ConsentState::Given);
    std::string changed = yes;
    changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
    const auto hs256 = nlohmann::json::parse(
        support::readFile(support::fixture("jose/rfc7520-4_5-detached.json")));
    const auto noKeyId =
        nlohmann::json::parse(support::readFile(support::fixture("jose/rfc8037-ed25519-jws.json")));

    expectInvalid(changed, "signature");
    expectInvalid(hs256.at("output").at("compact"), "algorithm");
    expectInvalid(noKeyId.at("output").at("compact"), "member");
    expectInvalid(toBase64Url(viewOf(R"({"alg":"none"})")) + ".e30.", "algorithm");
    expectInvalid(yes + "=", "base64");
    expectInvalid(yes + ".e30", "parts");
}

TEST_F(VerifierPage, KnowsNoKeyThatIsNotPublished) {
    std::filesystem::remove(event_.path("kiosk/signing.key"));
    ASSERT_EQ(support::PublishedEvent::tapport(
                  {"kiosk", "key", "--config", event_.path("kiosk.toml").string()})
                  .status,
              0);

    expectInvalid(summary(ConsentState::Given), "unknownKey");
}

TEST_F(VerifierPage, CallsWhatARevokedKioskSignedLaterUnconfirmed) {
    ASSERT_EQ(event_.publish({"--revoke", support::PublishedEvent::beforeThat()}).status, 0);

    const Visited visited = check(summary(ConsentState::Given));

    EXPECT_EQ(visited.attribute("data-verdict"), "unconfirmed");
    EXPECT_THAT(visited.text("verdict-why"), HasSubstr("the key of kiosk-1 was revoked"));
    EXPECT_THAT(visited.text("verdict-why"), Not(HasSubstr("Compare")));
    unpin();
    const Visited unpinned = check(summary(ConsentState::Given));
    EXPECT_EQ(unpinned.attribute("data-verdict"), "unconfirmed");
    EXPECT_THAT(unpinned.text("verdict-why"), HasSubstr("Compare the one below"));
}

TEST_F(VerifierPage, WarnsOfALinkToAnotherAddressThanTheEvents) {
    const std::string link = event_.link(event_.unit(ConsentState::Given, 2, "en"));
    std::string elsewhere = link;
    elsewhere.replace(0, elsewhere.find("/r/"), "https://elsewhere.example");

    EXPECT_THAT(check(link).dom, Not(HasSubstr("is not the event's")));
    const Visited visited = check(elsewhere);

    EXPECT_EQ(visited.attribute("data-verdict"), "valid");
    EXPECT_THAT(visited.dom, HasSubstr("The link's address is not the event's"));
}

TEST_F(VerifierPage, BelievesNoKeysOrNoticesThatTheRootDidNotSign) {
    const std::string page = support::readFile(event_.path("verify.html"));
    for (const auto& [before, after] :
         {std::pair{"once a month", "twice a week"}, std::pair{"\"kiosk-1\"", "\"kiosk-2\""}}) {
        std::string forged = page;
        forged.replace(forged.find(before), std::string_view(before).size(), after);
        support::writeFile(event_.path("verify.html"), forged);

        expectInvalid(summary(ConsentState::Given), "documentSignature");
    }
}

TEST_F(VerifierPage, HoldsTheWordsAgainstThePublishedNotices) {
    const std::string receipt = summary(ConsentState::Given);
    auto json = nlohmann::json::parse(support::readFile(event_.path("event.json")));
    json["asks"][2]["texts"]["en"]["howOften"] = "By e-mail, every hour";
    support::writeFile(event_.path("event.json"), json.dump());
    ASSERT_EQ(event_.publish({}).status, 0);

    expectInvalid(receipt, "notice");
}

TEST_F(VerifierPage, TakesAnEarlierNoticeThatIsListed) {
    const std::string receipt = summary(ConsentState::Given);
    const event::Ask& ask = event_.event().asks[2];
    auto json = nlohmann::json::parse(support::readFile(event_.path("event.json")));
    json["asks"][2]["texts"]["en"]["howOften"] = "By e-mail, one each month";
    json["asks"][2]["notice"] = {
        {"id", ask.noticeId},
        {"version", 2},
        {"change", "wording"},
        {"earlier",
         {{{"version", 1},
           {"hashes",
            {{"en", ask.notices.at("en").hash.hex()}, {"de", ask.notices.at("de").hash.hex()}}}}}}};
    support::writeFile(event_.path("event.json"), json.dump());
    ASSERT_EQ(event_.publish({}).status, 0);

    const Visited visited = check(receipt);

    EXPECT_EQ(visited.attribute("data-verdict"), "valid") << visited.text("verdict-why");
    EXPECT_THAT(visited.dom, HasSubstr("Asked with an earlier version (1) of the notice"));
}

TEST_F(VerifierPage, SaysThatAYesWaitsForItsDoubleOptIn) {
    auto json = nlohmann::json::parse(support::readFile(event_.path("event.json")));
    json["profile"]["doubleOptIn"] = {"email"};
    support::writeFile(event_.path("event.json"), json.dump());
    ASSERT_EQ(event_.publish({}).status, 0);

    const Visited visited = check(summary(ConsentState::Given));

    EXPECT_EQ(visited.attribute("data-verdict"), "valid");
    EXPECT_THAT(visited.dom, HasSubstr("counts once it has been confirmed"));
}

TEST_F(VerifierPage, RunsNothingThatSomebodyPutIntoAReceipt) {
    const Visited visited = check("%3Cimg%20src=x%20onerror=document.title=1%3E");

    EXPECT_EQ(visited.attribute("data-verdict"), "invalid");
    EXPECT_THAT(visited.dom, Not(HasSubstr("<img")));
}

TEST_F(VerifierPage, WithoutKeysSaysWhatItNeeds) {
    std::string page = support::readFile(event_.path("verify.html"));
    const std::string marker = "id=\"published\">";
    const std::size_t from = page.find(marker) + marker.size();
    page.replace(from, page.find("</script>", from) - from,
                 R"({"keys":null,"notices":null,"root":null})");
    support::writeFile(event_.path("verify.html"), page);

    const Visited visited = check(summary(ConsentState::Given));

    EXPECT_EQ(visited.attribute("data-verdict"), "unable");
    EXPECT_EQ(visited.attribute("data-problem"), "noKeys");
}

TEST_F(VerifierPage, WithoutAPinnedRootAsksToCompareIt) {
    unpin();

    const Visited visited = check(summary(ConsentState::Given));

    EXPECT_EQ(visited.attribute("data-verdict"), "unpinned");
    EXPECT_THAT(visited.text("verdict-why"), HasSubstr("Compare the one below"));
    EXPECT_THAT(visited.dom, HasSubstr("placeholder=\"" + toHex(event_.event().rootKey)));
}

// The control: a page that asks the network for something is noticed.
TEST_F(VerifierPage, WouldBeSeenAskingTheNetwork) {
    support::writeFile(event_.path("verify.html"), "<img src='http://example.com/x'>");

    EXPECT_THAT(browser_.open(event_.path("verify.html")).requests,
                testing::ElementsAre("http://example.com/x"));
}

}  // namespace
}  // namespace tapport::journey
