// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/signed_document.h"

#include "sync/receipt/jcs.h"
#include "sync/receipt/json_text.h"
#include "sync/receipt/jws.h"
#include "sync/receipt/profile.h"

namespace tapport::receipt {
namespace {

constexpr const char* kSignature = "signature";

Result<Json> readDocument(std::string_view json) {
    auto document = parseProfile(json);
    if (document && !document->is_object()) {
        return fail(Code::InvalidInput, "the document is no object");
    }
    return document;
}

}  // namespace

Result<std::string> signDocument(std::string_view json, const SigningKeys& root) {
    auto document = readDocument(json);
    if (!document) {
        return tl::unexpected(document.error());
    }
    document->erase(kSignature);
    (*document)[kSignature] = signDetached(canonicalText(*document), root);
    return canonicalText(*document);
}

Result<> checkDocument(std::string_view json, ByteView rootKey) {
    auto document = readDocument(json);
    if (!document) {
        return tl::unexpected(document.error());
    }
    const auto signature = document->find(kSignature);
    if (signature == document->end() || !signature->is_string()) {
        return fail(Code::InvalidInput, "the document has no signature");
    }
    const std::string detached = signature->get<std::string>();
    document->erase(signature);
    const auto jws = splitDetached(detached, canonicalText(*document));
    if (!jws) {
        return tl::unexpected(jws.error().in("the document's signature"));
    }
    if (jws->keyId != keyId(rootKey)) {
        return fail(Code::Crypto, "the document is signed with another key than the event's root");
    }
    if (!verifies(*jws, rootKey)) {
        return fail(Code::Crypto, "the document was changed after it was signed");
    }
    return {};
}

}  // namespace tapport::receipt
