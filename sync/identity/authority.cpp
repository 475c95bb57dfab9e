// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/identity/authority.h"

#include "sync/identity/openssl.h"

#include <array>

#include <fmt/chrono.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

namespace tapport::identity {
namespace {

constexpr const char* kFromAlways = "19700101000000Z";
constexpr const char* kForEver = "99991231235959Z";

using Extension = std::pair<int, std::string>;
using OwnedExtension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using OwnedInteger = std::unique_ptr<ASN1_INTEGER, Freed<ASN1_INTEGER_free>>;
using OwnedTime = std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>>;
using OwnedNumber = std::unique_ptr<BIGNUM, Freed<BN_free>>;

OwnedInteger integerOf(ByteView bigEndian) {
    const OwnedNumber number(
        BN_bin2bn(bigEndian.data(), static_cast<int>(bigEndian.size()), nullptr));
    return OwnedInteger(BN_to_ASN1_INTEGER(number.get(), nullptr));
}

Serial randomSerial() {
    constexpr std::uint8_t kTopBits = 0x7F;
    constexpr std::uint8_t kFullLength = 0x40;  // positive, and never shorter
    Serial serial;
    if (RAND_bytes(serial.bytes.data(), static_cast<int>(serial.bytes.size())) != 1) {
        std::abort();
    }
    serial.bytes[0] = (serial.bytes[0] & kTopBits) | kFullLength;
    return serial;
}

OwnedTime timeOf(const char* text) {
    OwnedTime time(ASN1_TIME_new());
    ASN1_TIME_set_string_X509(time.get(), text);
    return time;
}

/// Host names and addresses are put into a list of OpenSSL's own syntax.
bool isHost(const std::string& text) {
    return !text.empty() && text.find_first_not_of(
                                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR"
                                "STUVWXYZ0123456789.:-") == std::string::npos;
}

std::string alternativeName(const std::string& host) {
    ASN1_OCTET_STRING* const address = a2i_IPADDRESS(host.c_str());
    const bool isAddress = address != nullptr;
    ASN1_OCTET_STRING_free(address);
    return (isAddress ? "IP:" : "DNS:") + host;
}

}  // namespace

struct Authority::Keys {
    OwnedKey key;
    OwnedCertificate certificate;

    /// What all certificates have in common, signed with the key. Null when OpenSSL fails.
    [[nodiscard]] OwnedCertificate sign(const std::string& name, EVP_PKEY* subjectKey,
                                        const std::vector<Extension>& extensions,
                                        const std::string& until = kForEver) const {
        OwnedCertificate out(X509_new());
        X509_set_version(out.get(), X509_VERSION_3);
        X509_set_serialNumber(out.get(), integerOf(randomSerial().view()).get());
        X509_NAME* subject = X509_get_subject_name(out.get());
        bool isDone =
            X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, viewOf(name).data(),
                                       static_cast<int>(name.size()), -1, 0) == 1;
        X509* issuer = certificate ? certificate.get() : out.get();
        X509_set_issuer_name(out.get(), X509_get_subject_name(issuer));
        X509_set1_notBefore(out.get(), timeOf(kFromAlways).get());
        X509_set1_notAfter(out.get(), timeOf(until.c_str()).get());
        X509_set_pubkey(out.get(), subjectKey);
        X509V3_CTX context;
        X509V3_set_ctx(&context, issuer, out.get(), nullptr, nullptr, 0);
        for (const auto& [nid, value] : extensions) {
            const OwnedExtension extension(
                X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
            isDone = isDone && extension && X509_add_ext(out.get(), extension.get(), -1) == 1;
        }
        if (!isDone || X509_sign(out.get(), key.get(), EVP_sha256()) <= 0) {
            return nullptr;
        }
        return out;
    }

    /// Of a request that proves its key.
    [[nodiscard]] Result<Certificate> issue(ByteView request, const std::string& name,
                                            std::vector<Extension> extensions,
                                            const std::string& until = kForEver) const {
        const std::uint8_t* at = request.data();
        const OwnedRequest parsed(d2i_X509_REQ(nullptr, &at, static_cast<long>(request.size())));
        if (!parsed || at != request.data() + request.size()) {
            return opensslFailure(Code::InvalidInput, "not a certificate request");
        }
        EVP_PKEY* subjectKey = X509_REQ_get0_pubkey(parsed.get());
        if (!isP256(subjectKey)) {
            return fail(Code::InvalidInput, "the request is not for a P-256 key");
        }
        if (X509_REQ_verify(parsed.get(), subjectKey) != 1) {
            return opensslFailure(Code::Crypto, "the request is not signed with its own key");
        }
        std::array<char, 65> wanted{};
        X509_NAME_get_text_by_NID(X509_REQ_get_subject_name(parsed.get()), NID_commonName,
                                  wanted.data(), static_cast<int>(wanted.size()));
        if (name != wanted.data()) {
            return fail(Code::InvalidInput, "the request is for another name");
        }
        extensions.insert(extensions.begin(), {{NID_basic_constraints, "critical,CA:FALSE"},
                                               {NID_key_usage, "critical,digitalSignature"},
                                               {NID_subject_key_identifier, "hash"},
                                               {NID_authority_key_identifier, "keyid"}});
        const auto signedOne = sign(name, subjectKey, extensions, until);
        if (!signedOne) {
            return opensslFailure(Code::Internal, "issue a certificate");
        }
        return parseCertificate(derOf(signedOne.get(), i2d_X509));
    }
};

Authority::Authority(std::unique_ptr<Keys> keys, Certificate certificate)
    : keys_(std::move(keys)), certificate_(std::move(certificate)) {}
Authority::Authority(Authority&&) noexcept = default;
Authority& Authority::operator=(Authority&&) noexcept = default;
Authority::~Authority() = default;

Result<Authority> Authority::make(const std::string& name) {
    return makeKey().and_then([&](const std::string& key) { return make(name, key); });
}

Result<Authority> Authority::make(const std::string& name, std::string_view keyPem) {
    auto key = readKey(keyPem);
    if (!key) {
        return tl::unexpected(key.error());
    }
    auto keys = std::make_unique<Keys>();
    keys->key = std::move(*key);
    keys->certificate = keys->sign(name, keys->key.get(),
                                   {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                    {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                    {NID_subject_key_identifier, "hash"}});
    if (!keys->certificate) {
        return opensslFailure(Code::Internal, "make a certificate authority");
    }
    auto certificate = parseCertificate(derOf(keys->certificate.get(), i2d_X509));
    if (!certificate) {
        return tl::unexpected(certificate.error());
    }
    return Authority(std::move(keys), std::move(*certificate));
}

Result<Authority> Authority::load(std::string_view certificatePem, std::string_view keyPem) {
    auto certificate = readCertificate(certificatePem);
    if (!certificate) {
        return tl::unexpected(certificate.error());
    }
    auto key = readKey(keyPem);
    if (!key) {
        return tl::unexpected(key.error());
    }
    if (!isFor(*certificate, keyPem)) {
        return fail(Code::InvalidInput, "the key is not that of the authority's certificate");
    }
    const std::uint8_t* at = certificate->der.data();
    auto keys = std::make_unique<Keys>();
    keys->key = std::move(*key);
    keys->certificate.reset(d2i_X509(nullptr, &at, static_cast<long>(certificate->der.size())));
    return Authority(std::move(keys), std::move(*certificate));
}

std::string Authority::keyPem() const {
    const OwnedBio out(BIO_new(BIO_s_secmem()));
    PEM_write_bio_PKCS8PrivateKey(out.get(), keys_->key.get(), nullptr, nullptr, 0, nullptr,
                                  nullptr);
    return std::string(contentOf(out));
}

Result<Certificate> Authority::issueClient(ByteView request, const std::string& name) const {
    return keys_->issue(request, name, {{NID_ext_key_usage, "clientAuth"}});
}

Result<Certificate> Authority::issueClientUntil(ByteView request, const std::string& name,
                                                std::chrono::sys_seconds until) const {
    return keys_->issue(request, name, {{NID_ext_key_usage, "clientAuth"}},
                        fmt::format("{:%Y%m%d%H%M%SZ}", until));
}

Result<Certificate> Authority::issueServer(ByteView request,
                                           const std::vector<std::string>& hosts) const {
    std::string names;
    for (const std::string& host : hosts) {
        if (!isHost(host)) {
            return fail(Code::InvalidInput, "not a host name or address: " + host);
        }
        names += (names.empty() ? "" : ",") + alternativeName(host);
    }
    if (hosts.empty()) {
        return fail(Code::InvalidInput, "a broker needs a host name or address");
    }
    return keys_->issue(request, hosts.front(),
                        {{NID_ext_key_usage, "serverAuth"}, {NID_subject_alt_name, names}});
}

Result<std::string> Authority::revocationList(std::span<const Serial> revoked,
                                              std::uint64_t number) const {
    const OwnedList list(X509_CRL_new());
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(keys_->certificate.get()));
    X509_CRL_set1_lastUpdate(list.get(), timeOf(kFromAlways).get());
    X509_CRL_set1_nextUpdate(list.get(), timeOf(kForEver).get());
    for (const Serial& serial : revoked) {
        X509_REVOKED* const entry = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(entry, integerOf(serial.view()).get());
        X509_REVOKED_set_revocationDate(entry, timeOf(kFromAlways).get());
        X509_CRL_add0_revoked(list.get(), entry);
    }
    X509_CRL_sort(list.get());
    const OwnedInteger listNumber(ASN1_INTEGER_new());
    ASN1_INTEGER_set_uint64(listNumber.get(), number);
    X509V3_CTX context;
    X509V3_set_ctx(&context, keys_->certificate.get(), nullptr, nullptr, list.get(), 0);
    const OwnedExtension issuer(
        X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid"));
    const OwnedBio out(BIO_new(BIO_s_mem()));
    if (X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, listNumber.get(), 0, 0) != 1 || !issuer ||
        X509_CRL_add_ext(list.get(), issuer.get(), -1) != 1 ||
        X509_CRL_sign(list.get(), keys_->key.get(), EVP_sha256()) <= 0 ||
        PEM_write_bio_X509_CRL(out.get(), list.get()) != 1) {
        return opensslFailure(Code::Internal, "make the list of the revoked");
    }
    return std::string(contentOf(out));
}

}  // namespace tapport::identity
