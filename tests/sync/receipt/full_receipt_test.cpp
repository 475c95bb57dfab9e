// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/full_receipt.h"

#include "sync/receipt/jws.h"
#include "sync/receipt/profile.h"
#include "tests/support/fixture.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/receipt/samples.h"

#include <set>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace tapport::receipt {
namespace {

using nlohmann::json;
using record::ConsentState;
using ::testing::HasSubstr;
using ::testing::Not;

const event::Event kEvent = samples::event();

record::PositionedUnit visit(const std::string& language = "en") {
    return samples::unit(record::UnitKind::Visit, 17,
                         {samples::answer(kEvent, 0, ConsentState::Given, language)});
}

record::PositionedUnit refusal(const std::string& language = "en") {
    return samples::unit(record::UnitKind::Refusal, 18,
                         {samples::answer(kEvent, 2, ConsentState::Refused, language)});
}

record::PositionedUnit proven(record::PositionedUnit unit) {
    unit.proof = prove(unit, kEvent, samples::kioskKeys());
    return unit;
}

json payloadOf(const record::PositionedUnit& unit) {
    return parseCanonical(fullPayload(unit, kEvent)).value();
}

std::string statusIn(const json& receipt) {
    return receipt["dct:hasPart"]["dpv:hasProcess"][0]["tapport:event"][0]["dpv:hasConsentStatus"];
}

/// Every "dpv:..." in keys and values.
void collectTerms(const json& value, std::set<std::string>& terms) {
    constexpr std::string_view kPrefix = "dpv:";
    const auto add = [&](const std::string& text) {
        if (text.starts_with(kPrefix)) {
            terms.insert(text.substr(kPrefix.size()));
        }
    };
    if (value.is_string()) {
        add(value.get<std::string>());
    }
    for (const auto& member : value.items()) {
        if (value.is_object()) {
            add(member.key());
        }
        if (value.is_structured()) {
            collectTerms(member.value(), terms);
        }
    }
}

TEST(FullReceipt, IsCanonicalAndKeepsTheProfile) {
    EXPECT_TRUE(parseCanonical(fullPayload(visit("de"), kEvent)));
    EXPECT_TRUE(parseCanonical(fullPayload(refusal(), kEvent)));
}

TEST(FullReceipt, UsesTermsThatDpvHas) {
    const json file = json::parse(support::readFile(support::fixture("dpv/dpv-2.3-terms.json")));
    const std::set<std::string> known = file.at("terms").get<std::set<std::string>>();
    std::set<std::string> used;
    for (int state = 0; state <= static_cast<int>(ConsentState::Invalidated); ++state) {
        record::PositionedUnit unit = visit();
        unit.unit.consents.front().state = static_cast<ConsentState>(state);
        unit.unit.consents.front().by = static_cast<record::ExpressedBy>(state % 4);
        collectTerms(payloadOf(unit), used);
    }

    for (const std::string& term : used) {
        EXPECT_TRUE(known.contains(term)) << term;
    }
    EXPECT_GT(used.size(), 40U);
}

TEST(FullReceipt, HasEveryFieldOfTheRecordOnce) {
    const json receipt = payloadOf(visit());
    const json& record = receipt["dct:hasPart"];
    const json& process = record["dpv:hasProcess"][0];
    const json& event = process["tapport:event"][0];

    EXPECT_EQ(receipt["dct:conformsTo"], "https://w3id.org/dpv/schema/dpv-27560#receipt");
    EXPECT_EQ(record["dct:conformsTo"], "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr");
    EXPECT_EQ(record["@id"], "urn:uuid:" + record::uuidText(visit().unit.id));
    EXPECT_EQ(record["dpv:hasDataSubject"], "urn:tapport:subject:" + visit().unit.subject.hex());
    EXPECT_EQ(record["dct:created"], "2026-11-22T16:04:04.678Z");
    EXPECT_EQ(record["dct:creator"], "urn:tapport:kiosk:kiosk-1");
    EXPECT_EQ(record["dpv:hasService"]["dct:title"], "Example Expo 2026");
    const json& notice = process["dpv:hasNotice"];
    EXPECT_EQ(notice["dct:identifier"], "sales-follow-up-email");
    EXPECT_EQ(notice["tapport:version"], 1);
    EXPECT_EQ(notice["tapport:sha256"], kEvent.asks[0].notices.at("en").hash.hex());
    EXPECT_EQ(notice["dct:language"], "en");
    EXPECT_EQ(process["dpv:hasPurpose"]["dct:identifier"], "sales-follow-up");
    EXPECT_EQ(process["dpv:hasPurpose"]["@type"], "dpv:CustomerRelationshipManagement");
    EXPECT_EQ(process["dpv:hasPurpose"]["dct:description"],
              kEvent.asks[0].notices.at("en").question);
    EXPECT_EQ(process["tapport:channel"], "email");
    EXPECT_EQ(process["dpv:hasLegalBasis"], "eu-gdpr:A6-1-a");
    EXPECT_EQ(process["dpv:hasPersonalData"].size(), kEvent.asks[0].uses.size());
    EXPECT_EQ(process["dpv:hasDataController"], "urn:tapport:party:example-works");
    EXPECT_EQ(process["dpv:hasRecipient"], json({"urn:tapport:party:example-works-sales"}));
    EXPECT_EQ(process["dpv:hasProcessing"].size(), 4U);
    EXPECT_EQ(process["dpv:hasStorageCondition"]["dpv:hasLocation"], json({"loc:DE"}));
    EXPECT_EQ(process["dpv:hasStorageCondition"]["dpv:hasDuration"], "P12M");
    EXPECT_EQ(process["dpv:hasStorageCondition"]["tapport:deleteWithin"], "P30D");
    EXPECT_EQ(process["dpv:hasJurisdiction"], "loc:DE");
    EXPECT_EQ(process["tapport:collection"], "dpv:DataSubjectDataSource");
    EXPECT_EQ(process["tapport:withdrawAt"],
              json({"tapport:AnyKiosk", "mailto:privacy@example.com"}));
    EXPECT_EQ(process["dpv:hasRight"]["dpv:isExercisedAt"], "mailto:privacy@example.com");
    EXPECT_EQ(process["dpv:hasAuthority"], "urn:tapport:party:berlin-dpa");
    EXPECT_EQ(record["dpv:hasEntity"].size(), 3U);
    EXPECT_EQ(event["@type"], "dpv:ExplicitlyExpressedConsent");
    EXPECT_EQ(event["dpv:hasConsentStatus"], "dpv:ConsentGiven");
    EXPECT_EQ(event["dpv:isIndicatedAtTime"], "2026-11-22T16:04:04.678Z");
    EXPECT_EQ(event["tapport:clock"]["tapport:quality"], "synced");
    EXPECT_EQ(event["dct:valid"], "2027-11-22T16:04:04.678Z");
    EXPECT_EQ(event["dpv:isIndicatedBy"], "dpv:DataSubject");
    EXPECT_EQ(event["dpv:hasIndicationMethod"], "kiosk-yes");
    EXPECT_EQ(event["tapport:evidence"]["tapport:default"], "unset");
    EXPECT_EQ(event["tapport:evidence"]["tapport:optionOrder"], "no,yes");
    EXPECT_EQ(event["tapport:evidence"]["tapport:dwellMilliseconds"], 2400);
    EXPECT_EQ(event["tapport:cause"], json::array());
    EXPECT_EQ(receipt["tapport:witness"]["tapport:kiosk"], "kiosk-1");
    EXPECT_EQ(receipt["tapport:witness"]["tapport:epoch"], samples::epoch().hex());
    EXPECT_EQ(receipt["tapport:witness"]["tapport:seq"], 17);
    EXPECT_EQ(receipt["tapport:provisional"], true);
}

TEST(FullReceipt, CallsAYesThatWaitsForItsConfirmationRequested) {
    event::Event strict = kEvent;
    strict.profile.doubleOptIn = {record::Channel::Email};

    const json receipt = parseCanonical(fullPayload(visit(), strict)).value();

    EXPECT_EQ(statusIn(receipt), "dpv:ConsentRequested");
    EXPECT_THAT(receipt["dct:description"], HasSubstr("once you have confirmed it"));
}

TEST(FullReceipt, CallsATimeOutDeferred) {
    record::PositionedUnit unit = refusal();
    unit.unit.consents.front().method = record::Method::Timeout;

    EXPECT_EQ(statusIn(payloadOf(unit)), "dpv:ConsentRequestDeferred");
}

TEST(FullReceipt, SaysOfANoThatItStandsForNobody) {
    const json english = payloadOf(refusal("en"));
    const json german = payloadOf(refusal("de"));

    EXPECT_EQ(english["dct:hasPart"]["tapport:oneOffSubject"], true);
    EXPECT_THAT(english["dct:description"], HasSubstr("one-off subject that stands for nobody"));
    EXPECT_THAT(german["dct:description"], HasSubstr("das für niemanden steht"));
}

TEST(FullReceipt, ReadsInTheLanguageOfTheNotice) {
    EXPECT_THAT(payloadOf(visit("en"))["dct:description"], HasSubstr("Sales (e-mail): Yes"));
    EXPECT_THAT(payloadOf(visit("de"))["dct:description"], HasSubstr("Vertrieb (E-Mail): Ja"));
    EXPECT_THAT(payloadOf(visit("de"))["dct:description"], HasSubstr("Vorläufig"));
}

TEST(FullReceipt, SaysOfAYesAloneThatAnotherKioskMayKnowOfAWithdrawal) {
    record::PositionedUnit withdrawal = visit();
    withdrawal.unit.kind = record::UnitKind::Withdrawal;
    withdrawal.unit.consents.front().state = ConsentState::Withdrawn;

    EXPECT_THAT(payloadOf(visit())["dct:description"], HasSubstr("Provisional"));
    EXPECT_THAT(payloadOf(refusal())["dct:description"], Not(HasSubstr("Provisional")));
    EXPECT_THAT(payloadOf(withdrawal)["dct:description"], Not(HasSubstr("Provisional")));
}

TEST(FullReceipt, HoldsNoContactAndNoNote) {
    record::PositionedUnit unit = visit();
    unit.unit.contact =
        record::Contact{"Ada Example", "Engines Ltd", "ada@example.com", "+4930123", "Weg 1"};
    record::Conversation talk;
    talk.note = "wants a pump";
    unit.unit.conversations = {talk};

    const std::string payload = fullPayload(unit, kEvent);

    for (const char* const secret :
         {"Ada", "Engines", "ada@example.com", "+4930123", "Weg 1", "pump"}) {
        EXPECT_THAT(payload, Not(HasSubstr(secret)));
    }
}

TEST(FullReceipt, StillStatesAPurposeThatIsNoLongerAsked) {
    record::PositionedUnit unit = visit();
    unit.unit.consents.front().purpose = {"given-up"};
    unit.unit.consents.front().state = ConsentState::Withdrawn;

    const json receipt = payloadOf(unit);

    EXPECT_EQ(statusIn(receipt), "dpv:ConsentWithdrawn");
    EXPECT_THAT(receipt["dct:description"], HasSubstr("given-up (e-mail): Withdrawn"));
}

TEST(FullReceipt, NamesStaffWhoHelpedAndWhatWasSeenBefore) {
    record::PositionedUnit unit = visit();
    unit.unit.consents.front().method = record::Method::Oral;
    unit.unit.consents.front().evidence.staff = record::StaffId{"kim"};
    unit.unit.consents.front().causes = {unit.unit.id};

    const json event = payloadOf(unit)["dct:hasPart"]["dpv:hasProcess"][0]["tapport:event"][0];

    EXPECT_EQ(event["dpv:hasIndicationMethod"], "oral");
    EXPECT_EQ(event["tapport:evidence"]["tapport:staff"], "kim");
    EXPECT_EQ(event["tapport:cause"], json({"urn:uuid:" + record::uuidText(unit.unit.id)}));
}

TEST(Proof, GivesTheSameReceiptAtBothEnds) {
    const record::PositionedUnit unit = proven(visit());

    const auto jws = fullJws(unit, kEvent, samples::kioskKeys().publicKey);

    ASSERT_TRUE(jws) << jws.error().context;
    EXPECT_EQ(*jws, sign(fullPayload(visit(), kEvent), samples::kioskKeys()));
    EXPECT_EQ(split(*jws)->payload, fullPayload(unit, kEvent));
}

TEST(Proof, DoesNotFitAnotherUnitPositionOrKey) {
    record::PositionedUnit elsewhere = proven(visit());
    elsewhere.position.seq += 1;
    record::PositionedUnit answer = proven(visit());
    answer.unit.consents.front().state = ConsentState::Renewed;

    EXPECT_EQ(fullJws(elsewhere, kEvent, samples::kioskKeys().publicKey).error().code,
              Code::Crypto);
    EXPECT_EQ(fullJws(answer, kEvent, samples::kioskKeys().publicKey).error().code, Code::Crypto);
    EXPECT_EQ(fullJws(proven(visit()), kEvent, samples::rootKeys().publicKey).error().code,
              Code::Crypto);
}

TEST(Proof, IsLeftOpenWhenTheEventFileIsAnotherEdition) {
    const record::PositionedUnit unit = proven(visit());
    event::Event next = kEvent;
    next.asks[0].noticeVersion = 2;

    EXPECT_EQ(fullJws(unit, next, samples::kioskKeys().publicKey).error().code, Code::NotFound);
}

TEST(Proof, IsMissingWhereThereIsNothingToProve) {
    record::PositionedUnit talk = visit();
    talk.unit.consents.clear();

    EXPECT_EQ(fullJws(talk, kEvent, samples::kioskKeys().publicKey).error().code,
              Code::InvalidInput);
    EXPECT_EQ(fullJws(visit(), kEvent, samples::kioskKeys().publicKey).error().code,
              Code::InvalidInput);
}

}  // namespace
}  // namespace tapport::receipt
