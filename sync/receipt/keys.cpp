// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/keys.h"

#include <cassert>

#include <sodium/crypto_hash_sha256.h>
#include <sodium/crypto_sign.h>
#include <sodium/randombytes.h>
#include <sodium/utils.h>

namespace tapport::receipt {
namespace {

static_assert(crypto_sign_SEEDBYTES == kKeySize && crypto_sign_PUBLICKEYBYTES == kKeySize);
static_assert(crypto_sign_BYTES == record::Signature::kSize);

SigningKeys pairOf(Bytes seed) {
    SigningKeys keys{Bytes(crypto_sign_PUBLICKEYBYTES), std::move(seed)};
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> expanded{};
    crypto_sign_seed_keypair(keys.publicKey.data(), expanded.data(), keys.secretKey.data());
    sodium_memzero(expanded.data(), expanded.size());
    return keys;
}

}  // namespace

SigningKeys makeSigningKeys() {
    Bytes seed(kKeySize);
    randombytes_buf(seed.data(), seed.size());
    return pairOf(std::move(seed));
}

Result<SigningKeys> signingKeysFrom(ByteView seed) {
    if (seed.size() != kKeySize) {
        return fail(Code::InvalidInput, "a signing key has 32 bytes");
    }
    return pairOf(toBytes(seed));
}

std::string keyId(ByteView publicKey) {
    constexpr std::size_t kShown = 8;
    const std::string jwk =
        R"({"crv":"Ed25519","kty":"OKP","x":")" + toBase64Url(publicKey) + "\"}";
    std::array<std::uint8_t, crypto_hash_sha256_BYTES> thumbprint{};
    crypto_hash_sha256(thumbprint.data(), viewOf(jwk).data(), jwk.size());
    return toBase64Url(ByteView(thumbprint).first(kShown));
}

record::Signature signMessage(ByteView message, const SigningKeys& keys) {
    assert(keys.secretKey.size() == kKeySize && keys.publicKey.size() == kKeySize);
    // libsodium's form of a secret key: seed, then public key.
    std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> expanded{};
    std::copy(keys.secretKey.begin(), keys.secretKey.end(), expanded.begin());
    std::copy(keys.publicKey.begin(), keys.publicKey.end(), expanded.begin() + kKeySize);
    record::Signature signature;
    crypto_sign_detached(signature.bytes.data(), nullptr, message.data(), message.size(),
                         expanded.data());
    sodium_memzero(expanded.data(), expanded.size());
    return signature;
}

bool fits(const record::Signature& signature, ByteView message, ByteView publicKey) {
    return publicKey.size() == kKeySize &&
           crypto_sign_verify_detached(signature.bytes.data(), message.data(), message.size(),
                                       publicKey.data()) == 0;
}

}  // namespace tapport::receipt
