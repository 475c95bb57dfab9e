// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/enrol/messages.h"

#include "sync/base/cbor.h"
#include "sync/seal/seal.h"

#include <cassert>

#include <sodium.h>

namespace tapport::enrol {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::string_view kRequestPrefix = "tapport/1/enrol/request/";
constexpr std::string_view kReplyPrefix = "tapport/1/enrol/reply/";
constexpr std::string_view kKioskLabel = "tapport enrolment kiosk 1";
constexpr std::string_view kCodeLabel = "tapport enrolment code 1";
constexpr std::size_t kMostCsr = 2048;
constexpr std::size_t kMostCertificate = 4096;
constexpr std::size_t kMostName = 32;

/// The request without its last signatures; with `proof` what the code signs.
Bytes encodeBody(const Request& request, const std::optional<record::Signature>& proof) {
    CborWriter out;
    out.array(proof ? 6 : 5)
        .uinteger(kVersion)
        .text(request.kiosk.value)
        .bytes(request.code.view())
        .bytes(request.csr)
        .bytes(request.signingKey);
    if (proof) {
        out.bytes(proof->view());
    }
    return out.take();
}

Bytes labelled(std::string_view label, ByteView bytes) {
    Bytes out = toBytes(viewOf(label));
    out.insert(out.end(), bytes.begin(), bytes.end());
    return out;
}

struct SignedRequest {
    Request request;
    record::Signature byKiosk;
    record::Signature byCode;
};

Result<SignedRequest> readRequest(ByteView bytes) {
    if (bytes.size() > kMostRequestBytes) {
        return fail(Code::InvalidInput, "longer than a request can be");
    }
    CborReader in(bytes);
    in.arrayOf(7);
    if (in.uinteger() != kVersion) {
        in.reject("unknown version");
    }
    SignedRequest read;
    read.request.kiosk.value = in.text(kMostName);
    read.request.code = in.id<CodeId>();
    read.request.csr = toBytes(in.bytes(kMostCsr));
    read.request.signingKey = toBytes(in.bytes(receipt::kKeySize));
    read.byKiosk = in.id<record::Signature>();
    read.byCode = in.id<record::Signature>();
    if (in.ok() && !record::isName(read.request.kiosk.value)) {
        in.reject("no kiosk id");
    }
    return in.finish().map([&] { return read; });
}

/// The reply belongs to one request only.
seal::Digest bindingOf(ByteView request) {
    return seal::digestOf(request);
}

Bytes closedReply(const Bytes& content, const CodeCheck& code, ByteView request,
                  const Nonce& nonce) {
    const seal::Digest binding = bindingOf(request);
    Bytes closed(content.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        closed.data(), nullptr, content.data(), content.size(), binding.bytes.data(),
        binding.bytes.size(), nullptr, nonce.bytes.data(), code.replyKey.bytes.data());
    CborWriter out;
    out.array(3).uinteger(kVersion).bytes(nonce.view()).bytes(closed);
    return out.take();
}

Result<std::variant<Grant, Refusal>> readClosed(ByteView content) {
    CborReader in(content);
    const std::size_t items = in.array(3);
    if (items == 1) {
        if (in.uinteger() != static_cast<std::uint64_t>(Refusal::RevokedKey)) {
            in.reject("unknown refusal");
        }
        return in.finish().map([] { return std::variant<Grant, Refusal>(Refusal::RevokedKey); });
    }
    if (items != 3) {
        in.reject("neither a grant nor a refusal");
    }
    Grant grant;
    grant.certificate = toBytes(in.bytes(kMostCertificate));
    grant.authority = toBytes(in.bytes(kMostCertificate));
    grant.eventFile = in.text(kMostReplyBytes);
    return in.finish().map([&] { return std::variant<Grant, Refusal>(std::move(grant)); });
}

}  // namespace

std::string requestTopic(const CodeId& code) {
    return std::string(kRequestPrefix) + code.hex();
}

std::string replyTopic(const CodeId& code) {
    return std::string(kReplyPrefix) + code.hex();
}

bool isRequestTopic(std::string_view topic) {
    return topic.rfind(kRequestPrefix, 0) == 0;
}

Bytes encodeRequest(const Request& request, const receipt::SigningKeys& kiosk,
                    const OneTimeCode& code) {
    const auto byKiosk =
        receipt::signMessage(labelled(kKioskLabel, encodeBody(request, {})), kiosk);
    const auto byCode =
        receipt::signMessage(labelled(kCodeLabel, encodeBody(request, byKiosk)), code.keys());
    CborWriter out;
    out.array(7)
        .uinteger(kVersion)
        .text(request.kiosk.value)
        .bytes(request.code.view())
        .bytes(request.csr)
        .bytes(request.signingKey)
        .bytes(byKiosk.view())
        .bytes(byCode.view());
    return out.take();
}

Result<Request> decodeRequest(ByteView bytes) {
    return readRequest(bytes).and_then([](const SignedRequest& read) -> Result<Request> {
        if (!receipt::fits(read.byKiosk, labelled(kKioskLabel, encodeBody(read.request, {})),
                           read.request.signingKey)) {
            return fail(Code::Crypto, "the signing key is not proven");
        }
        return read.request;
    });
}

bool isMadeWith(const CodeCheck& code, ByteView request) {
    const auto read = readRequest(request);
    return read && read->request.code == code.id &&
           receipt::fits(read->byCode,
                         labelled(kCodeLabel, encodeBody(read->request, read->byKiosk)),
                         code.publicKey);
}

std::string_view nameOf(Refusal refusal) {
    switch (refusal) {
        case Refusal::UnknownCode:
            return "the hub does not know this code (any more)";
        case Refusal::Expired:
            return "the code has expired";
        case Refusal::Void:
            return "the code is void after too many wrong attempts";
        case Refusal::UsedUp:
            return "the code was used by a device with other keys";
        case Refusal::RevokedKey:
            return "the kiosk's signing key was revoked, it needs another one";
        case Refusal::NotAccepted:
            break;
    }
    return "the hub does not accept the request";
}

Bytes encodeGrant(const Grant& grant, const CodeCheck& code, ByteView request, const Nonce& nonce) {
    CborWriter plain;
    plain.array(3).bytes(grant.certificate).bytes(grant.authority).text(grant.eventFile);
    return closedReply(plain.view(), code, request, nonce);
}

Bytes encodeRevokedKey(const CodeCheck& code, ByteView request, const Nonce& nonce) {
    CborWriter plain;
    plain.array(1).uinteger(static_cast<std::uint64_t>(Refusal::RevokedKey));
    return closedReply(plain.view(), code, request, nonce);
}

Bytes encodeRefusal(Refusal refusal) {
    assert(refusal != Refusal::RevokedKey);
    CborWriter out;
    out.array(2).uinteger(kVersion).uinteger(static_cast<std::uint64_t>(refusal));
    return out.take();
}

Result<std::variant<Grant, Refusal>> openReply(ByteView reply, const CodeCheck& code,
                                               ByteView request) {
    CborReader in(reply);
    const std::size_t items = in.array(3);
    if (in.uinteger() != kVersion) {
        in.reject("unknown version");
    }
    if (items == 2) {
        const auto refusal = in.enumeration(Refusal::NotAccepted);
        return in.finish().map([&] { return std::variant<Grant, Refusal>(refusal); });
    }
    if (items != 3) {
        in.reject("neither closed nor a refusal");
    }
    const auto nonce = in.id<Nonce>();
    const ByteView closed = in.bytes(kMostReplyBytes);
    if (const auto read = in.finish(); !read) {
        return tl::unexpected(read.error());
    }
    const seal::Digest binding = bindingOf(request);
    if (closed.size() < crypto_aead_xchacha20poly1305_ietf_ABYTES) {
        return fail(Code::InvalidInput, "no reply");
    }
    Bytes content(closed.size() - crypto_aead_xchacha20poly1305_ietf_ABYTES);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            content.data(), nullptr, nullptr, closed.data(), closed.size(), binding.bytes.data(),
            binding.bytes.size(), nonce.bytes.data(), code.replyKey.bytes.data()) != 0) {
        return fail(Code::Crypto, "the reply was not made with this code");
    }
    return readClosed(content);
}

}  // namespace tapport::enrol
