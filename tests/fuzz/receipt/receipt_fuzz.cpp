// SPDX-License-Identifier: GPL-3.0-or-later
// Any text that somebody may hold up as a receipt or publish as keys, into everything that reads
// it. What is accepted must be the only spelling of what it says. The first byte chooses the
// reader; what needs a signature to get further is signed here.
#include "sync/receipt/explain.h"
#include "sync/receipt/jcs.h"
#include "sync/receipt/jws.h"
#include "sync/receipt/profile.h"
#include "sync/receipt/signed_document.h"
#include "sync/receipt/summary.h"

#include <cstdlib>

#include <nlohmann/json.hpp>

namespace {

using namespace tapport;

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

const receipt::SigningKeys kKeys = receipt::signingKeysFrom(Bytes(32, 0x51)).value();
const receipt::KeySet kKeySet({"expo"}, "", {{{"kiosk-1"}, kKeys.publicKey}});

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
}

void readSummary(std::string_view text) {
    if (const auto summary = receipt::parseSummary(text)) {
        require(receipt::summaryPayload(*summary) == text);
    }
}

void readSigned(std::string_view text) {
    const auto finding = receipt::explain(receipt::sign(text, kKeys), {kKeySet, nullptr});
    require(finding.standing == receipt::Standing::Invalid || !finding.text.empty());
}

void readKeys(std::string_view text) {
    std::ignore = receipt::parseJwk(text);
    const auto document = receipt::signDocument(text, kKeys);
    if (document) {
        require(receipt::checkDocument(*document, kKeys.publicKey).has_value());
        std::ignore = receipt::KeySet::parse(*document, kKeys.publicKey);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view text = textOf({data + 1, size - 1});
    switch (data[0] % 5) {
        case 0:
            readJson(text);
            break;
        case 1:
            readJws(text);
            break;
        case 2:
            readSummary(text);
            break;
        case 3:
            readSigned(text);
            break;
        default:
            readKeys(text);
    }
    return 0;
}
