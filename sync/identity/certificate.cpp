// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/identity/certificate.h"

#include "sync/identity/openssl.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

namespace tapport::identity {
namespace {

Result<Certificate> valueOf(const OwnedCertificate& certificate) {
    if (!certificate) {
        return opensslFailure(Code::InvalidInput, "not a certificate");
    }
    Certificate value{derOf(certificate.get(), i2d_X509), {}, {}};
    const X509_NAME* subject = X509_get_subject_name(certificate.get());
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at >= 0) {
        const ASN1_STRING* name = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
        value.name = textOf(
            {ASN1_STRING_get0_data(name), static_cast<std::size_t>(ASN1_STRING_length(name))});
    }
    const ASN1_INTEGER* number = X509_get0_serialNumber(certificate.get());
    const auto serial =
        Serial::from({ASN1_STRING_get0_data(number),
                      static_cast<std::size_t>(std::max(0, ASN1_STRING_length(number)))});
    if (value.name.empty() || !serial) {
        return fail(Code::InvalidInput, "not a certificate of an event's authority");
    }
    value.serial = *serial;
    return value;
}

OwnedCertificate objectOf(const Certificate& certificate) {
    const std::uint8_t* at = certificate.der.data();
    return OwnedCertificate(d2i_X509(nullptr, &at, static_cast<long>(certificate.der.size())));
}

}  // namespace

Fingerprint Certificate::fingerprint() const {
    Fingerprint result;
    SHA256(der.data(), der.size(), result.bytes.data());
    return result;
}

std::string Certificate::pem() const {
    const OwnedBio out(BIO_new(BIO_s_mem()));
    PEM_write_bio(out.get(), PEM_STRING_X509, "", der.data(), static_cast<long>(der.size()));
    return std::string(contentOf(out));
}

Result<std::string> makeKey() {
    const OwnedKey key(EVP_EC_gen("P-256"));
    const OwnedBio out(BIO_new(BIO_s_secmem()));
    if (!key || PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                              nullptr) != 1) {
        return opensslFailure(Code::Internal, "make a P-256 key");
    }
    return std::string(contentOf(out));
}

Result<Bytes> makeRequest(std::string_view keyPem, const std::string& name) {
    const auto key = readKey(keyPem);
    if (!key) {
        return tl::unexpected(key.error());
    }
    const OwnedRequest request(X509_REQ_new());
    X509_NAME* subject = X509_REQ_get_subject_name(request.get());
    if (X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, viewOf(name).data(),
                                   static_cast<int>(name.size()), -1, 0) != 1 ||
        X509_REQ_set_pubkey(request.get(), key->get()) != 1 ||
        X509_REQ_sign(request.get(), key->get(), EVP_sha256()) <= 0) {
        return opensslFailure(Code::Internal, "make a certificate request");
    }
    return derOf(request.get(), i2d_X509_REQ);
}

Result<Certificate> parseCertificate(ByteView der) {
    const std::uint8_t* at = der.data();
    OwnedCertificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (certificate && at != der.data() + der.size()) {
        return fail(Code::InvalidInput, "not one certificate");
    }
    return valueOf(certificate);
}

Result<Certificate> readCertificate(std::string_view pem) {
    return valueOf(
        OwnedCertificate(PEM_read_bio_X509(readerOf(pem).get(), nullptr, nullptr, nullptr)));
}

bool isFor(const Certificate& certificate, std::string_view keyPem) {
    const auto parsed = objectOf(certificate);
    const auto key = readKey(keyPem);
    const bool fits = parsed && key && X509_check_private_key(parsed.get(), key->get()) == 1;
    ERR_clear_error();
    return fits;
}

bool answers(const Certificate& certificate, ByteView request) {
    const auto parsed = objectOf(certificate);
    const std::uint8_t* at = request.data();
    const OwnedRequest asked(d2i_X509_REQ(nullptr, &at, static_cast<long>(request.size())));
    const bool fits =
        parsed && asked &&
        EVP_PKEY_eq(X509_get0_pubkey(parsed.get()), X509_REQ_get0_pubkey(asked.get())) == 1;
    ERR_clear_error();
    return fits;
}

}  // namespace tapport::identity
