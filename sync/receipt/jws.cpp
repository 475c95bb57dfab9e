// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/jws.h"

#include "sync/receipt/json_fields.h"
#include "sync/receipt/profile.h"

#include <fmt/core.h>

namespace tapport::receipt {
namespace {

constexpr std::size_t kKeyIdLength = 11;

std::string headerFor(ByteView publicKey) {
    return toBase64Url(viewOf(R"({"alg":"EdDSA","kid":")" + keyId(publicKey) + "\"}"));
}

Result<std::string> decoded(std::string_view part, std::string_view name) {
    const auto bytes = fromBase64Url(part);
    if (!bytes) {
        return fail(Code::InvalidInput, fmt::format("the {} is not base64url", name));
    }
    return std::string(textOf(*bytes));
}

/// The key id, once nothing else is in the header than what is understood here.
Result<std::string> readHeader(std::string_view part) {
    const auto text = decoded(part, "header");
    if (!text) {
        return tl::unexpected(text.error());
    }
    const auto header = parseProfile(*text);
    if (!header || !header->is_object()) {
        return fail(Code::InvalidInput, "the header is no JSON object");
    }
    // Said before anything else: it is what an attacker tries first.
    const auto algorithm = header->find("alg");
    if (algorithm == header->end() || *algorithm != "EdDSA") {
        return fail(Code::InvalidInput, "the header's algorithm is not EdDSA");
    }
    Fields fields(*header, {"alg", "kid"});
    std::string key = fields.text("kid");
    if (fields.ok() && (key.size() != kKeyIdLength || !fromBase64Url(key))) {
        fields.reject("kid", "is no key id");
    }
    if (const auto read = fields.finish(); !read) {
        return tl::unexpected(read.error().in("the header"));
    }
    if (!parseCanonical(*text)) {
        return fail(Code::InvalidInput, "the header is not in canonical form");
    }
    return key;
}

Result<record::Signature> readSignature(std::string_view part) {
    const auto bytes = fromBase64Url(part);
    const auto signature = bytes ? record::Signature::from(*bytes) : std::nullopt;
    if (!signature) {
        return fail(Code::InvalidInput,
                    "the signature is not base64url of 64 bytes: it was cut off, or something "
                    "stands behind it");
    }
    return *signature;
}

Result<Jws> assemble(std::string_view header, std::string payload, std::string_view signature) {
    auto key = readHeader(header);
    if (!key) {
        return tl::unexpected(key.error());
    }
    const auto made = readSignature(signature);
    if (!made) {
        return tl::unexpected(made.error());
    }
    std::string input = std::string(header) + '.' + toBase64Url(viewOf(payload));
    return Jws{std::move(*key), std::move(payload), std::move(input), *made};
}

struct Parts {
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
};

Result<Parts> partsOf(std::string_view text) {
    if (text.size() > kMostJws) {
        return fail(Code::InvalidInput, "too long for a receipt");
    }
    const std::size_t first = text.find('.');
    const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos) {
        return fail(Code::InvalidInput,
                    "not three parts with a dot between them: it was cut off, or is no receipt");
    }
    return Parts{text.substr(0, first), text.substr(first + 1, second - first - 1),
                 text.substr(second + 1)};
}

}  // namespace

std::string signingInput(std::string_view payload, ByteView publicKey) {
    return headerFor(publicKey) + '.' + toBase64Url(viewOf(payload));
}

std::string compact(std::string_view payload, ByteView publicKey,
                    const record::Signature& signature) {
    return signingInput(payload, publicKey) + '.' + toBase64Url(signature.view());
}

std::string sign(std::string_view payload, const SigningKeys& keys) {
    const std::string input = signingInput(payload, keys.publicKey);
    return input + '.' + toBase64Url(signMessage(viewOf(input), keys).view());
}

Result<Jws> split(std::string_view compact) {
    const auto parts = partsOf(compact);
    if (!parts) {
        return tl::unexpected(parts.error());
    }
    auto payload = decoded(parts->payload, "payload");
    if (!payload) {
        return tl::unexpected(payload.error());
    }
    return assemble(parts->header, std::move(*payload), parts->signature);
}

std::string signDetached(std::string_view payload, const SigningKeys& keys) {
    const record::Signature signature =
        signMessage(viewOf(signingInput(payload, keys.publicKey)), keys);
    return headerFor(keys.publicKey) + ".." + toBase64Url(signature.view());
}

Result<Jws> splitDetached(std::string_view detached, std::string_view payload) {
    const auto parts = partsOf(detached);
    if (!parts) {
        return tl::unexpected(parts.error());
    }
    if (!parts->payload.empty()) {
        return fail(Code::InvalidInput, "the signature is not detached");
    }
    return assemble(parts->header, std::string(payload), parts->signature);
}

bool verifies(const Jws& jws, ByteView publicKey) {
    return fits(jws.signature, viewOf(jws.signingInput), publicKey);
}

}  // namespace tapport::receipt
