// SPDX-License-Identifier: GPL-3.0-or-later
// Any text that somebody may hold up as a receipt or publish as keys, into everything that reads
// it. What is accepted must be the only spelling of what it says. The first byte chooses the
// reader; what needs a signature to get further is signed here.
#include "sync/receipt/explain.h"
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/jcs.h"
#include "sync/receipt/jws.h"
#include "sync/receipt/profile.h"
#include "sync/receipt/signed_document.h"
#include "sync/receipt/summary.h"
#include "tests/fuzz/support/fuzz.h"
#include "tests/support/sample_event.h"
#include "tests/sync/receipt/samples.h"

#include <nlohmann/json.hpp>

namespace {

using namespace tapport;

using fuzz::require;

const receipt::SigningKeys kKeys = receipt::signingKeysFrom(Bytes(32, 0x51)).value();
const event::Event kEvent = support::sampleEvent();
const receipt::KeySet kKeySet(kEvent.id, "", {{{"kiosk-1"}, kKeys.publicKey}});
const receipt::Trust kTrust{kKeySet, &kEvent};

void readJson(std::string_view text) {
    const auto value = receipt::parseProfile(text);
    if (!value) {
        return;
    }
    const std::string canonical = receipt::canonicalText(*value);
    require(receipt::parseCanonical(canonical) == value);
    require(receipt::parseCanonical(text).has_value() == (text == canonical));
}

void readJws(std::string_view text) {
    if (const auto jws = receipt::split(text)) {
        require(jws->signingInput + '.' + toBase64Url(jws->signature.view()) == text);
    }
    std::ignore = receipt::splitDetached(text, "{}");
    std::ignore = receipt::explain(text, {kKeySet, nullptr});
    std::ignore = receipt::explain(text, kTrust);
}

void readSummary(std::string_view text) {
    if (const auto summary = receipt::parseSummary(text)) {
        require(receipt::summaryPayload(*summary) == text);
    }
}

void readSigned(std::string_view text) {
    const auto finding = receipt::explain(receipt::sign(text, kKeys), {kKeySet, nullptr});
    require(finding.standing == receipt::Standing::Invalid || !finding.text.empty());
    // With the words at hand no more can be valid than without.
    const auto checked = receipt::explain(receipt::sign(text, kKeys), kTrust);
    require(checked.standing != receipt::Standing::Valid || finding.standing == checked.standing);
}

void readKeys(std::string_view text) {
    if (const auto key = receipt::parseJwk(text)) {
        require(receipt::parseJwk(receipt::jwkText(*key)) == *key);
    }
    const auto document = receipt::signDocument(text, kKeys);
    if (!document) {
        return;
    }
    require(receipt::checkDocument(*document, kKeys.publicKey).has_value());
    const auto keys = receipt::KeySet::parse(*document, kKeys.publicKey);
    if (!keys) {
        return;
    }
    const auto again = receipt::KeySet::parse(keys->publish(kKeys).value(), kKeys.publicKey);
    require(again && again->keys() == keys->keys() && again->event() == keys->event() &&
            again->issuedAt() == keys->issuedAt());
    for (const receipt::KioskKey& key : keys->keys()) {
        require(*again->find(receipt::keyId(key.publicKey)) == key);
    }
}

void readRevocation(std::string_view text) {
    const auto revocation = receipt::revocationFrom(text);
    if (!revocation) {
        return;
    }
    require(receipt::revocationFrom(receipt::textOf(*revocation)) == *revocation);
    require(receipt::narrower(*revocation, *revocation) == *revocation);
    const receipt::KioskKey key{{"kiosk-1"}, kKeys.publicKey, *revocation};
    require(receipt::parseJwk(receipt::jwkText(key)) == key);
}

enum Reader : std::uint8_t { JsonText, Jws, Summary, Signed, Keys, Revoked };

std::vector<Bytes> seeds() {
    namespace samples = receipt::samples;
    const event::Event event = samples::event();
    auto units = samples::mixedVisit(event);
    const auto summary = receipt::summaryOf(units).value();
    const receipt::Revocation revoked{{{record::Epoch{{1}}, 7}, {record::Epoch{{2}}, 9}}};
    const receipt::KeySet keys(
        {"expo"}, "2026-11-24T12:00:00Z",
        {{{"kiosk-1"}, kKeys.publicKey, revoked},
         {{"kiosk-2"}, receipt::signingKeysFrom(Bytes(32, 0x53))->publicKey}});
    std::vector<Bytes> all{
        fuzz::chosen(JsonText, receipt::fullPayload(units[0], event)),
        fuzz::chosen(Jws, receipt::sign(receipt::summaryPayload(summary), kKeys)),
        fuzz::chosen(Jws, receipt::receiptLink(summary, event, kKeys)),
        fuzz::chosen(Jws, receipt::signDetached("{}", kKeys)),
        fuzz::chosen(Summary, receipt::summaryPayload(summary)),
        fuzz::chosen(Signed, receipt::summaryPayload(summary)),
        fuzz::chosen(Keys, keys.publish(kKeys).value()),
        fuzz::chosen(Keys, receipt::jwkText(keys.keys()[0])),
        fuzz::chosen(Revoked, receipt::textOf(revoked)),
        fuzz::chosen(Revoked, receipt::textOf({}))};
    for (const auto& unit : units) {
        all.push_back(fuzz::chosen(Signed, receipt::fullPayload(unit, event)));
    }
    return all;
}

}  // namespace

TAPPORT_FUZZ_SEEDS(seeds)

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return tapport::fuzz::readChosen(data, size, readJson, readJws, readSummary, readSigned,
                                     readKeys, readRevocation);
}
