// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/summary.h"

#include "sync/receipt/describe.h"
#include "sync/receipt/jws.h"
#include "tests/sync/receipt/samples.h"

#include <gmock/gmock.h>

namespace tapport::receipt {
namespace {

using record::ConsentState;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const event::Event kEvent = samples::event();

Summary mixed() {
    return summaryOf(samples::mixedVisit(kEvent)).value();
}

std::string refusalOf(std::string payload, std::string_view part, std::string_view by) {
    payload.replace(payload.find(part), part.size(), by);
    const auto summary = parseSummary(payload);
    return summary ? "" : summary.error().context;
}

TEST(ReceiptSummary, StatesEveryDecisionOfTheVisit) {
    const Summary summary = mixed();

    ASSERT_EQ(summary.decisions.size(), 3U);
    EXPECT_EQ(summary.decisions[0].purpose.value, "sales-follow-up");
    EXPECT_EQ(summary.decisions[0].state, ConsentState::Given);
    EXPECT_EQ(summary.decisions[0].notice, markOf(kEvent.asks[0].notices.at("de").hash));
    EXPECT_EQ(summary.decisions[2].purpose.value, "newsletter");
    EXPECT_EQ(summary.decisions[2].state, ConsentState::Refused);
    EXPECT_THAT(summary.seqs, ElementsAre(17U, 18U));
    EXPECT_EQ(summary.language, "de");
}

TEST(ReceiptSummary, BearsTheIdOfTheUnitThatNamesThePerson) {
    std::vector<record::PositionedUnit> units = samples::mixedVisit(kEvent);
    std::swap(units[0], units[1]);

    EXPECT_EQ(summaryOf(units)->id, samples::receiptId(17));
}

TEST(ReceiptSummary, NeverHoldsTheIdOfTheRefusalBesideAYes) {
    const std::string payload = summaryPayload(mixed());

    EXPECT_THAT(payload, Not(HasSubstr(toBase64Url(samples::receiptId(18).view()))));
}

TEST(ReceiptSummary, OfARefusalBearsTheRefusalsId) {
    const std::vector<record::PositionedUnit> units{samples::mixedVisit(kEvent).back()};

    EXPECT_EQ(summaryOf(units)->id, samples::receiptId(18));
}

TEST(ReceiptSummary, IsNotMadeForAConversation) {
    record::PositionedUnit talk = samples::mixedVisit(kEvent).front();
    talk.unit.consents.clear();
    talk.unit.receipt.reset();

    EXPECT_FALSE(summaryOf(std::span(&talk, 1)));
}

TEST(ReceiptSummary, RestatesEarlierDecisionsUnderTheWitnessOfNow) {
    const record::PositionedUnit visit = samples::mixedVisit(kEvent).front();
    record::ClockReading now = visit.unit.at;
    now.wall += std::chrono::hours(2);

    const auto summary = summaryOf(
        visit.unit.consents,
        {samples::receiptId(17), kEvent.id, {samples::kKiosk, samples::epoch(), 99}, now});

    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->decisions.size(), 2U);
    EXPECT_THAT(summary->seqs, ElementsAre(99U));
    EXPECT_EQ(summary->at, std::chrono::floor<std::chrono::seconds>(now.wall));
    EXPECT_FALSE(summaryOf(std::vector<record::ConsentEvent>{}, {}));
}

TEST(ReceiptSummary, ReadsBackWhatItWrote) {
    const auto read = parseSummary(summaryPayload(mixed()));

    ASSERT_TRUE(read) << read.error().context;
    EXPECT_EQ(*read, mixed());
}

TEST(ReceiptSummary, IsWrittenInOneWay) {
    Summary summary = mixed();
    summary.decisions.resize(1);
    summary.seqs = {17};

    EXPECT_EQ(
        summaryPayload(summary),
        R"({"d":[["sales-follow-up","email","given",")" +
            toBase64Url(summary.decisions[0].notice.view()) +
            R"(",21144]],"e":"example-expo-2026","i":"EREREREREREREREREREREQ","l":"de",)"
            R"("p":true,"q":"synced","t":1795363444,"v":1,"w":["kiosk-1","4eHh4eHh4eE",17]})");
}

TEST(ReceiptSummary, RefusesEverythingElse) {
    const std::string payload = summaryPayload(mixed());

    EXPECT_THAT(refusalOf(payload, "\"v\":1", "\"v\":2"), HasSubstr("'v'"));
    EXPECT_THAT(refusalOf(payload, "\"p\":true", "\"p\":false"), HasSubstr("'p'"));
    EXPECT_THAT(refusalOf(payload, "\"p\":true,", ""), HasSubstr("'p'"));
    EXPECT_THAT(refusalOf(payload, "synced", "exact"), HasSubstr("'q'"));
    EXPECT_THAT(refusalOf(payload, "\"given\"", "\"granted\""), HasSubstr("'d'"));
    EXPECT_THAT(refusalOf(payload, "\"email\"", "\"pigeon\""), HasSubstr("'d'"));
    EXPECT_THAT(refusalOf(payload, "sales-follow-up", "Sales"), HasSubstr("'d'"));
    EXPECT_THAT(refusalOf(payload, "[\"kiosk-1\"", "[7"), HasSubstr("'w'"));
    EXPECT_THAT(refusalOf(payload, ",17,18]", "]"), HasSubstr("'w'"));
    EXPECT_THAT(refusalOf(payload, ",17,18]", ",17,-18]"), HasSubstr("'w'"));
    EXPECT_THAT(refusalOf(payload, "\"l\":\"de\"", "\"l\":7"), HasSubstr("'l'"));
    EXPECT_THAT(refusalOf(payload, "\"v\":1", "\"u\":1,\"v\":1"), HasSubstr("unknown"));
    EXPECT_THAT(refusalOf(payload, "\"v\":1", "\"v\": 1"), HasSubstr("canonical"));
    EXPECT_FALSE(parseSummary("[]"));
    EXPECT_FALSE(parseSummary(R"({"d":[]})"));
}

TEST(ReceiptLink, LeadsToThePageAndBringsItsProof) {
    const std::string link = receiptLink(mixed(), kEvent, samples::kioskKeys());

    EXPECT_THAT(
        link, StartsWith("https://example-works.example/r/" + samples::receiptId(17).hex() + "#"));
    const auto jws = split(link.substr(link.find('#') + 1));
    ASSERT_TRUE(jws) << jws.error().context;
    EXPECT_TRUE(verifies(*jws, samples::kioskKeys().publicKey));
    EXPECT_EQ(parseSummary(jws->payload), mixed());
}

// 666 bytes are what a QR code of version 20 with error correction M holds.
TEST(ReceiptLink, OfThreeGermanPurposesFitsIntoAQrCodeOfVersion20) {
    EXPECT_LE(receiptLink(mixed(), kEvent, samples::kioskKeys()).size(), 666U);
}

TEST(ReceiptText, TellsWhatWasAgreedInTheWordsThatWereShown) {
    const std::string text = describe(mixed(), &kEvent, "de");

    EXPECT_THAT(text, HasSubstr("Vertrieb (E-Mail): Ja"));
    EXPECT_THAT(text, HasSubstr("Wie lange: 12 Monate"));
    EXPECT_THAT(text, HasSubstr("Gilt bis: 22.11.2027"));
    EXPECT_THAT(text, HasSubstr("Newsletter (E-Mail): Nein"));
    EXPECT_THAT(text, HasSubstr("22.11.2026, 16:04 Uhr (UTC) am Gerät kiosk-1"));
    EXPECT_THAT(text, HasSubstr("Eintrag 17, 18"));
    EXPECT_THAT(text, EndsWith("https://example-works.example/r/" + samples::receiptId(17).hex()));
}

TEST(ReceiptText, CanBeReadInAnotherLanguageThanTheNotice) {
    const std::string text = describe(mixed(), &kEvent, "en");

    EXPECT_THAT(text, HasSubstr("Sales (e-mail): Yes"));
    EXPECT_THAT(text, Not(HasSubstr("Vertrieb")));
    EXPECT_THAT(text, HasSubstr("Recorded on 22 November 2026, 16:04 UTC on the kiosk kiosk-1"));
}

TEST(ReceiptText, OfWhatTheHubRecordedNamesNoKiosk) {
    Summary summary = mixed();
    summary.kiosk = record::kHubLink;

    const std::string text = describe(summary, &kEvent, "de");

    EXPECT_THAT(text, HasSubstr("Uhr (UTC) auf der Seite des Belegs (Epoche"));
    EXPECT_THAT(text, Not(HasSubstr("hub-link")));
    EXPECT_THAT(describe(summary, &kEvent, "en"), HasSubstr("UTC on the page of the receipt ("));
}

TEST(ReceiptText, SaysWhenTheClockWasNotSet) {
    Summary summary = mixed();
    summary.quality = record::ClockQuality::Unset;

    EXPECT_THAT(describe(summary, &kEvent, "en"), HasSubstr("clock was not set"));
    EXPECT_THAT(describe(mixed(), &kEvent, "en"), Not(HasSubstr("clock was not set")));
}

TEST(ReceiptText, SaysWhenTheClockWasMoved) {
    Summary summary = mixed();
    summary.quality = record::ClockQuality::Stepped;

    EXPECT_THAT(describe(summary, &kEvent, "en"), HasSubstr("clock was moved"));
    EXPECT_THAT(describe(summary, &kEvent, "de"), HasSubstr("im Betrieb verstellt"));
    EXPECT_THAT(describe(mixed(), &kEvent, "en"), Not(HasSubstr("clock was moved")));
}

TEST(ReceiptText, WorksWithoutTheEventFile) {
    const std::string text = describe(mixed(), nullptr, "en");

    EXPECT_THAT(text, HasSubstr("example-expo-2026"));
    EXPECT_THAT(text, HasSubstr("sales-follow-up (e-mail): Yes"));
    EXPECT_THAT(text, HasSubstr("stands for nobody"));
}

}  // namespace
}  // namespace tapport::receipt
