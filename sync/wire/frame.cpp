// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/wire/frame.h"

#include <memory>
#include <stdexcept>

#include <openssl/evp.h>

namespace tapport::wire {

Bytes covered(std::string_view label, std::uint8_t head, ByteView afterHead) {
    constexpr std::size_t kDigestBytes = 32;
    Bytes bytes = toBytes(viewOf(label));
    bytes.resize(label.size() + kDigestBytes);
    // Of OpenSSL, which uses the processor's own instructions for it.
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(),
                                                                         &EVP_MD_CTX_free);
    if (!digest || EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) != 1 ||
        EVP_DigestUpdate(digest.get(), &head, 1) != 1 ||
        EVP_DigestUpdate(digest.get(), afterHead.data(), afterHead.size()) != 1 ||
        EVP_DigestFinal_ex(digest.get(), bytes.data() + label.size(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL has no SHA-256");  // an installation without it
    }
    return bytes;
}

}  // namespace tapport::wire
