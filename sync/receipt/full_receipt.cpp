// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/full_receipt.h"

#include "sync/receipt/describe.h"
#include "sync/receipt/dpv.h"
#include "sync/receipt/jcs.h"
#include "sync/receipt/json_text.h"
#include "sync/receipt/jws.h"
#include "sync/receipt/profile.h"

#include <algorithm>
#include <cassert>

namespace tapport::receipt {
namespace {

constexpr std::string_view kSchema = "https://w3id.org/dpv/schema/dpv-27560#";

std::string subjectIri(const record::SubjectId& subject) {
    return "urn:tapport:subject:" + subject.hex();
}
std::string kioskIri(const record::KioskId& kiosk) {
    return "urn:tapport:kiosk:" + kiosk.value;
}
std::string partyIri(const event::Party& party) {
    return "urn:tapport:party:" + party.id;
}
std::string eventIri(const record::RecordId& id) {
    return "urn:uuid:" + record::uuidText(id);
}

/// What the prefixes stand for, and which members hold IRIs and times instead of text.
Json context() {
    Json context{{"dct", "http://purl.org/dc/terms/"},
                 {"dpv", "https://w3id.org/dpv#"},
                 {"eu-gdpr", "https://w3id.org/dpv/legal/eu/gdpr#"},
                 {"loc", "https://w3id.org/dpv/loc#"},
                 {"pd", "https://w3id.org/dpv/pd#"},
                 {"tapport", "urn:tapport:term:"},
                 {"xsd", "http://www.w3.org/2001/XMLSchema#"}};
    for (const char* const iri :
         {"dct:conformsTo", "dct:creator", "dpv:hasAuthority", "dpv:hasConsentStatus",
          "dpv:hasDataController", "dpv:hasDataSubject", "dpv:hasJurisdiction", "dpv:hasLegalBasis",
          "dpv:hasLocation", "dpv:hasNecessity", "dpv:hasProcessing", "dpv:hasRecipient",
          "dpv:isExercisedAt", "dpv:isIndicatedBy", "tapport:cause", "tapport:collection",
          "tapport:withdrawAt"}) {
        context[iri] = {{"@type", "@id"}};
    }
    for (const char* const time : {"dct:created", "dct:valid", "dpv:isIndicatedAtTime"}) {
        context[time] = {{"@type", "xsd:dateTime"}};
    }
    return context;
}

Json partyEntry(const event::Party& party, std::string_view role) {
    return {{"@id", partyIri(party)},
            {"@type", role},
            {"dpv:hasAddress", party.address},
            {"dpv:hasContact", party.contact},
            {"dpv:hasName", party.name}};
}

Json noticeEntry(const record::NoticeRef& notice) {
    return {{"@type", "dpv:ConsentNotice"},
            {"dct:identifier", notice.id},
            {"dct:language", notice.language},
            {"tapport:sha256", notice.hash.hex()},
            {"tapport:version", notice.version}};
}

/// 27560 6.3.7.
Json consentEntry(const record::ConsentEvent& consent, const event::Event& event) {
    Json evidence{{"tapport:build", consent.evidence.build},
                  {"tapport:default", "unset"},
                  {"tapport:dwellMilliseconds", consent.evidence.dwell.count()},
                  {"tapport:optionOrder", consent.evidence.optionOrder},
                  {"tapport:screen", consent.evidence.screen}};
    if (consent.evidence.staff) {
        evidence["tapport:staff"] = consent.evidence.staff->value;
    }
    Json causes = Json::array();
    for (const record::RecordId& cause : consent.causes) {
        causes.push_back(eventIri(cause));
    }
    return {{"@id", eventIri(consent.id)},
            {"@type", "dpv:ExplicitlyExpressedConsent"},
            {"dct:valid", record::isoText(consent.validUntil)},
            {"dpv:hasConsentStatus", statusTerm(consent, event.profile)},
            {"dpv:hasIndicationMethod", record::nameOf(consent.method)},
            {"dpv:isIndicatedAtTime", record::isoText(consent.at.wall)},
            {"dpv:isIndicatedBy", termOf(consent.by)},
            {"tapport:cause", std::move(causes)},
            {"tapport:clock",
             {{"tapport:bootId", consent.at.boot.hex()},
              {"tapport:monotonicMilliseconds", consent.at.monotonic.count()},
              {"tapport:quality", record::nameOf(consent.at.quality)}}},
            {"tapport:evidence", std::move(evidence)},
            {"tapport:hubState", consent.hubState},
            {"tapport:state", record::nameOf(consent.state)}};
}

Json personalData(const event::Ask& ask) {
    Json data = Json::array();
    for (const event::PersonalData use : ask.uses) {
        const bool isNeeded = use == neededFor(ask.channel);
        data.push_back({{"@type", termOf(use)},
                        {"dpv:hasNecessity", isNeeded ? "dpv:Required" : "dpv:Optional"},
                        {"tapport:sensitive", false}});
    }
    return data;
}

Json places(const std::vector<std::string>& countries) {
    Json places = Json::array();
    for (const std::string& country : countries) {
        places.push_back("loc:" + country);
    }
    return places;
}

Json recipients(const event::Terms& terms) {
    Json recipients = Json::array();
    for (const event::Party& party : terms.recipients) {
        recipients.push_back(partyIri(party));
    }
    return recipients;
}

Json withdrawal(const event::Terms& terms) {
    Json ways = Json::array();
    for (const std::string& way : terms.withdrawal) {
        ways.push_back(way == "kiosk" ? "tapport:AnyKiosk" : way);
    }
    return ways;
}

/// What was agreed besides the words: 27560 6.3.4.
void addTerms(Json& process, const event::Ask& ask, const event::Event& event) {
    const event::Terms& terms = ask.terms;
    process["dpv:hasAuthority"] = partyIri(terms.authority);
    process["dpv:hasDataController"] = partyIri(event.controller);
    process["dpv:hasJurisdiction"] = "loc:" + terms.jurisdiction;
    process["dpv:hasLegalBasis"] = terms.lawfulBasis;
    process["dpv:hasPersonalData"] = personalData(ask);
    process["dpv:hasProcessing"] = terms.processing;
    process["dpv:hasRecipient"] = recipients(terms);
    process["dpv:hasRight"] = {{"@type", "dpv:DataSubjectRight"},
                               {"dpv:isExercisedAt", terms.rights}};
    process["dpv:hasStorageCondition"] = {{"@type", "dpv:StorageCondition"},
                                          {"dpv:hasDuration", terms.retention.keep},
                                          {"dpv:hasLocation", places(terms.storage)},
                                          {"tapport:deleteWithin", terms.retention.deleteWithin}};
    process["tapport:collection"] = terms.collection;
    process["tapport:withdrawAt"] = withdrawal(terms);
}

/// One purpose on one channel, with what happened to it.
Json processEntry(const record::ConsentEvent& consent, const event::Event& event) {
    Json purpose{{"dct:identifier", consent.purpose.value}};
    Json process{{"@type", "dpv:Process"},
                 {"dpv:hasNotice", noticeEntry(consent.notice)},
                 {"tapport:channel", record::nameOf(consent.channel)},
                 {"tapport:event", Json::array({consentEntry(consent, event)})}};
    if (const event::Ask* const ask = event.findShown(consent)) {
        const event::Notice& notice = ask->notices.at(consent.notice.language);
        purpose["@type"] = ask->terms.purposeType;
        purpose["dct:title"] = notice.title;
        purpose["dct:description"] = notice.question;
        addTerms(process, *ask, event);
    }
    process["dpv:hasPurpose"] = std::move(purpose);
    return process;
}

/// Everybody who is named, once.
Json parties(const record::Unit& unit, const event::Event& event) {
    std::map<std::string, Json> entries;
    const auto add = [&entries](const event::Party& party, std::string_view role) {
        entries.emplace(partyIri(party), partyEntry(party, role));
    };
    add(event.controller, "dpv:DataController");
    for (const record::ConsentEvent& consent : unit.consents) {
        if (const event::Ask* const ask = event.findShown(consent)) {
            for (const event::Party& recipient : ask->terms.recipients) {
                add(recipient, "dpv:Recipient");
            }
            add(ask->terms.authority, "dpv:DataProtectionAuthority");
        }
    }
    Json list = Json::array();
    for (auto& entry : entries) {
        list.push_back(std::move(entry.second));
    }
    return list;
}

Json recordEntry(const record::PositionedUnit& positioned, const event::Event& event) {
    const record::Unit& unit = positioned.unit;
    Json processes = Json::array();
    for (const record::ConsentEvent& consent : unit.consents) {
        processes.push_back(processEntry(consent, event));
    }
    Json service{{"@type", "dpv:Service"}, {"dct:identifier", unit.event.value}};
    const auto name = event.name.find(unit.consents.front().notice.language);
    if (name != event.name.end()) {
        service["dct:title"] = name->second;
    }
    return {{"@id", eventIri(unit.id)},
            {"@type", "dpv:ConsentRecord"},
            {"dct:conformsTo", std::string(kSchema) + "record-eu-gdpr"},
            {"dct:created", record::isoText(unit.at.wall)},
            {"dct:creator", kioskIri(positioned.position.kiosk)},
            {"dpv:hasDataController", partyIri(event.controller)},
            {"dpv:hasDataSubject", subjectIri(unit.subject)},
            {"dpv:hasEntity", parties(unit, event)},
            {"dpv:hasProcess", std::move(processes)},
            {"dpv:hasService", std::move(service)},
            {"tapport:oneOffSubject", unit.kind == record::UnitKind::Refusal}};
}

bool isOfThisEdition(const record::Unit& unit, const event::Event& event) {
    return std::all_of(unit.consents.begin(), unit.consents.end(),
                       [&](const record::ConsentEvent& consent) {
                           return consent.purpose.value == record::kEveryPurpose ||
                                  event.findShown(consent) != nullptr;
                       });
}

}  // namespace

std::string fullPayload(const record::PositionedUnit& unit, const event::Event& event) {
    assert(unit.unit.receipt && !unit.unit.consents.empty());
    const std::string language = unit.unit.consents.front().notice.language;
    const auto summary = summaryOf({&unit, 1});
    return canonicalText(Json{
        {"@context", context()},
        {"@id", event.receiptUrl + "/r/" + unit.unit.receipt->hex()},
        {"@type", "dpv:ConsentReceipt"},
        {"dct:conformsTo", std::string(kSchema) + "receipt"},
        {"dct:created", record::isoText(unit.unit.at.wall)},
        {"dct:description", describe(*summary, &event, language)},
        {"dct:hasPart", recordEntry(unit, event)},
        {"dct:identifier", unit.unit.receipt->hex()},
        {"dct:language", language},
        {"tapport:provisional", true},
        {"tapport:witness",
         {{"tapport:epoch", unit.position.epoch.hex()},
          {"tapport:kiosk", unit.position.kiosk.value},
          {"tapport:seq", unit.position.seq}}},
    });
}

record::Signature prove(const record::PositionedUnit& unit, const event::Event& event,
                        const SigningKeys& keys) {
    return signMessage(viewOf(signingInput(fullPayload(unit, event), keys.publicKey)), keys);
}

Result<std::string> fullJws(const record::PositionedUnit& unit, const event::Event& event,
                            ByteView publicKey) {
    if (!unit.unit.receipt || unit.unit.consents.empty() || !unit.proof) {
        return fail(Code::InvalidInput, "the unit has no receipt");
    }
    const std::string payload = fullPayload(unit, event);
    if (fits(*unit.proof, viewOf(signingInput(payload, publicKey)), publicKey)) {
        return compact(payload, publicKey, *unit.proof);
    }
    return isOfThisEdition(unit.unit, event)
               ? fail(Code::Crypto, "the proof does not fit the unit")
               : fail(Code::NotFound, "the unit was asked with a notice of another event file");
}

}  // namespace tapport::receipt
