// SPDX-License-Identifier: GPL-3.0-or-later
// OpenSSL's objects with owners, and its errors as ours. For this folder's .cpp files only.
#pragma once

#include "sync/base/bytes.h"
#include "sync/base/error.h"

#include <memory>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

namespace tapport::identity {

template <auto kFree>
struct Freed {
    template <typename T>
    void operator()(T* object) const {
        kFree(object);
    }
};
using OwnedBio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using OwnedKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using OwnedCertificate = std::unique_ptr<X509, Freed<X509_free>>;
using OwnedRequest = std::unique_ptr<X509_REQ, Freed<X509_REQ_free>>;
using OwnedList = std::unique_ptr<X509_CRL, Freed<X509_CRL_free>>;

/// What OpenSSL says went wrong, and its queue is empty again.
[[nodiscard]] tl::unexpected<Error> opensslFailure(Code code, std::string_view what);

/// For reading only; `text` must outlive it.
[[nodiscard]] OwnedBio readerOf(std::string_view text);
/// What was written into a memory BIO.
[[nodiscard]] std::string_view contentOf(const OwnedBio& bio);

/// The DER form, by one of OpenSSL's i2d functions.
template <typename Object, typename Encode>
[[nodiscard]] Bytes derOf(const Object* object, Encode encode) {
    const int size = encode(object, nullptr);
    Bytes der(size > 0 ? static_cast<std::size_t>(size) : 0);
    if (auto* to = der.data(); size > 0) {
        encode(object, &to);
    }
    return der;
}

/// InvalidInput unless it is a P-256 private key. Never asks for a password.
[[nodiscard]] Result<OwnedKey> readKey(std::string_view pem);
[[nodiscard]] bool isP256(const EVP_PKEY* key);

}  // namespace tapport::identity
