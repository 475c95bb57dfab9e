// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/explain.h"

#include "sync/receipt/full_receipt.h"
#include "sync/receipt/jws.h"
#include "sync/receipt/summary.h"
#include "tests/sync/receipt/samples.h"

#include <gmock/gmock.h>

namespace tapport::receipt {
namespace {

using record::ConsentState;
using ::testing::HasSubstr;
using ::testing::Not;

const event::Event kEvent = samples::event();
const KeySet kKeys = samples::keySet();

Finding check(std::string_view receipt) {
    return explain(receipt, {kKeys, &kEvent});
}

std::string link() {
    return receiptLink(*summaryOf(samples::mixedVisit(kEvent)), kEvent, samples::kioskKeys());
}

std::string jwsIn(const std::string& link) {
    return link.substr(link.find('#') + 1);
}

std::string fullReceipt(const record::PositionedUnit& unit) {
    return sign(fullPayload(unit, kEvent), samples::kioskKeys());
}

void expectInvalid(const Finding& finding, const std::string& reason) {
    EXPECT_EQ(finding.standing, Standing::Invalid);
    EXPECT_THAT(finding.reason, HasSubstr(reason));
    EXPECT_EQ(finding.text, "");
}

TEST(Explain, TellsWhatALinkStates) {
    const Finding finding = check(link());

    EXPECT_EQ(finding.standing, Standing::Valid) << finding.reason;
    EXPECT_EQ(finding.kind, ReceiptKind::Summary);
    EXPECT_EQ(finding.kiosk.value, "kiosk-1");
    EXPECT_EQ(finding.keyId, keyId(samples::kioskKeys().publicKey));
    EXPECT_THAT(finding.text, HasSubstr("Vertrieb (E-Mail): Ja"));
    EXPECT_EQ(finding.language, "de");
    EXPECT_EQ(finding.caution, "");
}

TEST(Explain, TellsASummaryInOneLanguage) {
    const std::string told = explain(link(), {kKeys, &kEvent}, "en").text;

    EXPECT_THAT(told, HasSubstr("Sales (e-mail): Yes"));
    EXPECT_THAT(told, HasSubstr(kEvent.asks[0].notices.at("en").question));
    EXPECT_THAT(told, Not(HasSubstr(kEvent.asks[0].notices.at("de").question)));
    EXPECT_THAT(told, HasSubstr(kEvent.name.at("en")));
}

TEST(Explain, WarnsOfALinkToAnotherAddressThanTheEvents) {
    std::string elsewhere = link();
    elsewhere.replace(0, elsewhere.find("/r/"), "https://elsewhere.example");

    const Finding finding = check(elsewhere);

    EXPECT_EQ(finding.standing, Standing::Valid);
    EXPECT_THAT(finding.caution, HasSubstr("not the event's (" + kEvent.receiptUrl + ")"));
    EXPECT_EQ(explain(elsewhere, {kKeys, nullptr}).caution, "") << "nobody knows the event's";
}

TEST(Explain, TakesABareJwsWithALineEnd) {
    EXPECT_EQ(check(jwsIn(link()) + "\n").standing, Standing::Valid);
}

TEST(Explain, TellsWhatAFullReceiptStates) {
    for (const ConsentState state :
         {ConsentState::Given, ConsentState::Refused, ConsentState::Withdrawn}) {
        const Finding finding = check(fullReceipt(
            samples::unit(record::UnitKind::Visit, 17, {samples::answer(kEvent, 0, state, "en")})));

        EXPECT_EQ(finding.standing, Standing::Valid) << finding.reason;
        EXPECT_EQ(finding.kind, ReceiptKind::Full);
        EXPECT_THAT(finding.text, HasSubstr("Sales (e-mail): "));
    }
}

TEST(Explain, WorksWithoutNotices) {
    EXPECT_EQ(explain(link(), {kKeys, nullptr}).standing, Standing::Valid);
}

TEST(Explain, FindsAChangedReceipt) {
    Summary summary = *summaryOf(samples::mixedVisit(kEvent));
    const std::string before = toBase64Url(viewOf(summaryPayload(summary)));
    summary.decisions.back().state = ConsentState::Given;
    std::string jws = jwsIn(link());
    jws.replace(jws.find(before), before.size(), toBase64Url(viewOf(summaryPayload(summary))));

    expectInvalid(check(jws), "signature does not fit");
}

TEST(Explain, FindsAKeyThatIsNotPublished) {
    expectInvalid(check(sign(R"({"v":1})", samples::rootKeys())),
                  "not among the event's published");
}

TEST(Explain, FindsAnotherAlgorithm) {
    expectInvalid(check("eyJhbGciOiJub25lIn0.e30."), "algorithm is not EdDSA");
}

TEST(Explain, FindsALinkThatNamesAnotherReceipt) {
    std::string other = link();
    other.replace(other.find("/r/") + 3, 32, samples::receiptId(0x99).hex());

    expectInvalid(check(other), "names another receipt");
    expectInvalid(check("https://example-works.example/q/1#" + jwsIn(link())),
                  "the link does not end");
}

TEST(Explain, FindsAKioskThatSignsForAnother) {
    std::vector<record::PositionedUnit> units = samples::mixedVisit(kEvent);
    units.front().position.kiosk = {"kiosk-2"};
    const std::string forged = receiptLink(*summaryOf(units), kEvent, samples::kioskKeys());

    expectInvalid(check(forged), "names the kiosk kiosk-2, but is signed by kiosk-1");
}

TEST(Explain, FindsAnotherEvent) {
    std::vector<record::PositionedUnit> units = samples::mixedVisit(kEvent);
    units.front().unit.event = {"another-expo"};
    const std::string other = receiptLink(*summaryOf(units), kEvent, samples::kioskKeys());

    expectInvalid(check(other), "of the event another-expo");
}

TEST(Explain, FindsNoticesOfAnotherEventThanTheKeys) {
    event::Event other = kEvent;
    other.id = {"another-expo"};

    expectInvalid(explain(link(), {kKeys, &other}), "the notices are of the event another-expo");
}

TEST(Explain, TakesNoReceiptThatWasCutAtAnyByte) {
    const record::PositionedUnit unit = samples::mixedVisit(kEvent).front();
    const std::string whole = link();
    for (std::size_t i = 0; i < whole.size(); ++i) {
        ASSERT_EQ(check(whole.substr(0, i)).standing, Standing::Invalid) << i;
    }
    const std::string full = fullReceipt(unit);
    for (std::size_t i = 0; i < full.size(); ++i) {
        ASSERT_EQ(check(std::string_view(full).substr(0, i)).standing, Standing::Invalid) << i;
    }
}

TEST(Explain, SaysWhatToDoAboutAReceiptThatWasCutOrHasTextAroundIt) {
    const std::string whole = link();

    expectInvalid(check(whole.substr(0, whole.find('#'))), "scan or copy it again");
    expectInvalid(check(whole.substr(0, whole.size() - 9)), "it was cut off");
    expectInvalid(check(jwsIn(whole).substr(0, 60)), "it was cut off");
    expectInvalid(check(whole + " with regards"), "take out the spaces");
    expectInvalid(check(whole.substr(0, 200) + "\n" + whole.substr(200)), "line breaks");
}

TEST(Explain, FindsWordsThatWereNeverPublished) {
    std::vector<record::PositionedUnit> units = samples::mixedVisit(kEvent);
    units.front().unit.consents.front().notice.hash = {};
    const std::string summary = receiptLink(*summaryOf(units), kEvent, samples::kioskKeys());

    expectInvalid(check(summary), "notice of sales-follow-up (email) is not among the published");
    expectInvalid(check(fullReceipt(units.front())), "is not among the published");
}

TEST(Explain, TakesAnEarlierPublishedNotice) {
    event::Event next = kEvent;
    for (event::Ask& ask : next.asks) {
        event::EarlierNotice earlier;
        for (const auto& [language, notice] : ask.notices) {
            earlier.hashes[language] = notice.hash;
        }
        ask.noticeVersion = 2;
        ask.earlierNotices = {earlier};
        ask.notices.at("de").hash = {};
    }

    EXPECT_EQ(explain(link(), {kKeys, &next}).standing, Standing::Valid);
}

TEST(Explain, TakesAVisitThatWasAskedInTwoLanguages) {
    const record::PositionedUnit unit =
        samples::unit(record::UnitKind::Visit, 17,
                      {samples::answer(kEvent, 0, ConsentState::Given, "de"),
                       samples::answer(kEvent, 3, ConsentState::Given, "en")});
    const std::string both = receiptLink(*summaryOf({&unit, 1}), kEvent, samples::kioskKeys());
    event::Event next = kEvent;
    for (event::Ask& ask : next.asks) {
        event::EarlierNotice earlier;
        for (auto& [language, notice] : ask.notices) {
            earlier.hashes[language] = std::exchange(notice.hash, {});
        }
        ask.noticeVersion = 2;
        ask.earlierNotices = {earlier};
    }

    const Finding finding = check(both);
    const Finding full = check(fullReceipt(unit));
    const Finding later = explain(both, {kKeys, &next});

    EXPECT_EQ(finding.standing, Standing::Valid) << finding.reason;
    EXPECT_EQ(full.standing, Standing::Valid) << full.reason;
    EXPECT_EQ(later.standing, Standing::Valid) << later.reason;
    EXPECT_THAT(finding.text, HasSubstr(kEvent.asks[3].notices.at("de").question))
        << "the same version in the language that it is told in";
    EXPECT_THAT(explain(both, {kKeys, &kEvent}, "en").text,
                HasSubstr(kEvent.asks[3].notices.at("en").question));
}

TEST(Explain, CallsWhatARevokedKioskMadeLaterUnconfirmed) {
    const KeySet before = samples::keySet(Revocation{{{samples::epoch(), 17}}});
    const KeySet after = samples::keySet(Revocation{{{samples::epoch(), 18}}});

    const Finding later = explain(link(), {before, &kEvent});

    EXPECT_EQ(later.standing, Standing::Unconfirmed);
    EXPECT_THAT(later.reason, HasSubstr("unconfirmed"));
    EXPECT_THAT(later.text, HasSubstr("Vertrieb"));
    EXPECT_EQ(explain(link(), {after, &kEvent}).standing, Standing::Valid);
}

TEST(Explain, FindsWhatIsSignedButNoReceipt) {
    const auto signedAs = [](const std::string& payload) {
        return check(sign(payload, samples::kioskKeys()));
    };

    expectInvalid(signedAs(R"({"v":1.5})"), "integer");
    expectInvalid(signedAs(R"({"v":1,"v":1})"), "twice");
    expectInvalid(signedAs(R"({"@context":{}})"), "a member is missing");
    expectInvalid(signedAs("{}"), "not well-formed");
    expectInvalid(signedAs(""), "not well-formed");
    expectInvalid(signedAs(summaryPayload(*summaryOf(samples::mixedVisit(kEvent))) + "x"),
                  "not well-formed");
}

TEST(Explain, FindsWhatIsNothingOfTheKind) {
    expectInvalid(check(""), "three parts");
    expectInvalid(check("  \n"), "three parts");
    expectInvalid(check("https://example-works.example/"), "");
}

}  // namespace
}  // namespace tapport::receipt
