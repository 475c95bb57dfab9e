// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/identity/openssl.h"

#include <array>

#include <openssl/err.h>
#include <openssl/pem.h>

namespace tapport::identity {

tl::unexpected<Error> opensslFailure(Code code, std::string_view what) {
    const char* reason = ERR_reason_error_string(ERR_get_error());
    ERR_clear_error();
    return fail(code, std::string(what) + (reason == nullptr ? "" : std::string(": ") + reason));
}

OwnedBio readerOf(std::string_view text) {
    return OwnedBio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string_view contentOf(const OwnedBio& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, size > 0 ? static_cast<std::size_t>(size) : 0};
}

bool isP256(const EVP_PKEY* key) {
    std::array<char, 32> group{};
    std::size_t size = 0;
    return key != nullptr && EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1 &&
           std::string_view(group.data(), size) == "prime256v1";
}

Result<OwnedKey> readKey(std::string_view pem) {
    const auto noPassword = [](char*, int, int, void*) { return -1; };
    OwnedKey key(PEM_read_bio_PrivateKey(readerOf(pem).get(), nullptr, noPassword, nullptr));
    if (!isP256(key.get())) {
        return opensslFailure(Code::InvalidInput, "not a P-256 private key in PEM");
    }
    return key;
}

}  // namespace tapport::identity
