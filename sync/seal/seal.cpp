// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/seal/seal.h"

#include "sync/record/codec.h"
#include "sync/seal/secret.h"
#include "sync/seal/squeeze.h"

#include <cassert>

#include <sodium.h>

namespace tapport::seal {
namespace {

/// ISO/IEC 7816-4 padding: 0x80, then zeros; an exact multiple grows by a whole block.
constexpr std::size_t paddedSize(std::size_t size) {
    return (size / kPadding + 1) * kPadding;
}

constexpr std::size_t paddedUnitSize(std::size_t size) {
    return size < kSmallestUnit ? kSmallestUnit : kSmallestUnit + paddedSize(size - kSmallestUnit);
}

/// To `size`, which must be above their own.
Secret padded(ByteView plain, std::size_t size) {
    assert(plain.size() < size);
    Bytes bytes(size);
    std::copy(plain.begin(), plain.end(), bytes.begin());
    bytes[plain.size()] = 0x80;
    return Secret(std::move(bytes));
}

Result<> unpad(Bytes& bytes) {
    std::size_t length = 0;
    // The whole of it as one block: there may be more than a step of zeros.
    if (bytes.empty() || sodium_unpad(&length, bytes.data(), bytes.size(), bytes.size()) != 0) {
        return fail(Code::InvalidInput, "padding is broken");
    }
    bytes.resize(length);
    return {};
}

/// Squeezed where that takes off a step of the padding.
Secret packed(const record::PositionedUnit& unit) {
    // What contact and badge come to in a squeezed visit. A no has neither, and must not be known
    // by its size.
    constexpr std::size_t kPerson = 112;
    Secret plain(record::encode(unit));
    const std::size_t asItIs = paddedUnitSize(plain->size());
    if (plain->size() <= kMostExpanded) {
        Secret frame = squeeze(*plain);
        const std::size_t beside = unit.unit.kind == record::UnitKind::Refusal ? kPerson : 0;
        if (const std::size_t size = paddedUnitSize(frame->size() + beside); size < asItIs) {
            return padded(*frame, size);
        }
    }
    return padded(*plain, asItIs);
}

Result<record::PositionedUnit> unpacked(Secret message) {
    if (const auto cut = unpad(*message); !cut) {
        return tl::unexpected(cut.error());
    }
    return isSqueezed(*message)
               ? expand(*message).and_then([](Secret plain) { return record::decodeUnit(*plain); })
               : record::decodeUnit(*message);
}

// crypto_kdf contexts have exactly eight characters.
template <typename Id>
Id subkey(const Bytes& master, std::uint64_t number, const char (&context)[9]) {
    Id id;
    static_assert(Id::kSize >= crypto_kdf_BYTES_MIN && Id::kSize <= crypto_kdf_BYTES_MAX);
    crypto_kdf_derive_from_key(id.bytes.data(), id.bytes.size(), number, context, master.data());
    return id;
}

}  // namespace

Result<> initialise() {
    if (sodium_init() < 0) {
        return fail(Code::Internal, "libsodium has no source of randomness");
    }
    return {};
}

SealingKeys makeSealingKeys() {
    SealingKeys keys{Bytes(crypto_box_PUBLICKEYBYTES), Bytes(crypto_box_SECRETKEYBYTES)};
    crypto_box_keypair(keys.publicKey.data(), keys.secretKey.data());
    return keys;
}

Result<SealingKeys> sealingKeysFrom(ByteView secretKey) {
    if (secretKey.size() != crypto_box_SECRETKEYBYTES) {
        return fail(Code::InvalidInput, "a secret key has 32 bytes");
    }
    SealingKeys keys{Bytes(crypto_box_PUBLICKEYBYTES), toBytes(secretKey)};
    crypto_scalarmult_base(keys.publicKey.data(), keys.secretKey.data());
    return keys;
}

Bytes sealUnit(const record::PositionedUnit& unit, ByteView publicKey) {
    assert(publicKey.size() == crypto_box_PUBLICKEYBYTES);
    Secret message = packed(unit);
    Bytes sealed(message->size() + crypto_box_SEALBYTES);
    crypto_box_seal(sealed.data(), message->data(), message->size(), publicKey.data());
    return sealed;
}

Result<record::PositionedUnit> openUnit(ByteView sealed, const SealingKeys& keys) {
    if (sealed.size() < crypto_box_SEALBYTES ||
        keys.publicKey.size() != crypto_box_PUBLICKEYBYTES ||
        keys.secretKey.size() != crypto_box_SECRETKEYBYTES) {
        return fail(Code::Crypto, "too short for a sealed unit and its key");
    }
    Secret message(Bytes(sealed.size() - crypto_box_SEALBYTES));
    if (crypto_box_seal_open(message->data(), sealed.data(), sealed.size(), keys.publicKey.data(),
                             keys.secretKey.data()) != 0) {
        return fail(Code::Crypto, "unit is not sealed to this event's key, or was changed");
    }
    return unpacked(std::move(message));
}

BadgeIdentity deriveBadge(ByteView token, ByteView badgeSalt) {
    assert(badgeSalt.size() == crypto_generichash_blake2b_KEYBYTES);
    constexpr char kPersonal[] = "tapport.badge.v1";
    static_assert(sizeof kPersonal - 1 == crypto_generichash_blake2b_PERSONALBYTES);
    Secret master(Bytes(crypto_kdf_KEYBYTES));
    crypto_generichash_blake2b_salt_personal(
        master->data(), master->size(), token.data(), token.size(), badgeSalt.data(),
        badgeSalt.size(), nullptr, reinterpret_cast<const unsigned char*>(kPersonal));
    BadgeIdentity identity;
    identity.subject = subkey<record::SubjectId>(*master, 1, "subject_");
    identity.vault.lookup = subkey<record::VaultLookup>(*master, 2, "vaultloc");
    identity.vault.key = subkey<record::VaultKey>(*master, 3, "vaultkey");
    return identity;
}

Bytes closeForBadge(ByteView plain, const record::VaultAccess& access) {
    constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    Secret message = padded(plain, paddedSize(plain.size()));
    Bytes sealed(kNonce + message->size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
    randombytes_buf(sealed.data(), kNonce);
    const ByteView lookup = access.lookup.view();
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + kNonce, nullptr, message->data(),
                                               message->size(), lookup.data(), lookup.size(),
                                               nullptr, sealed.data(), access.key.bytes.data());
    return sealed;
}

Result<Bytes> openForBadge(ByteView sealed, const record::VaultAccess& access) {
    constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
    if (sealed.size() < kNonce + kTag) {
        return fail(Code::Crypto, "too short for a sealed entry");
    }
    Bytes message(sealed.size() - kNonce - kTag);
    const ByteView lookup = access.lookup.view();
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            message.data(), nullptr, nullptr, sealed.data() + kNonce, sealed.size() - kNonce,
            lookup.data(), lookup.size(), sealed.data(), access.key.bytes.data()) != 0) {
        return fail(Code::Crypto, "entry is closed with another badge's key, or was changed");
    }
    return unpad(message).map([&] { return std::move(message); });
}

Sha256 sha256Of(ByteView bytes) {
    Sha256 hash;
    crypto_hash_sha256(hash.bytes.data(), bytes.data(), bytes.size());
    return hash;
}

Digest digestOf(ByteView bytes) {
    Digest digest;
    crypto_generichash(digest.bytes.data(), digest.bytes.size(), bytes.data(), bytes.size(),
                       nullptr, 0);
    return digest;
}

Result<std::string> hashPassword(std::string_view password) {
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    if (crypto_pwhash_str(hash.data(), password.data(), password.size(),
                          crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        return fail(Code::Internal, "not enough memory for a password hash");
    }
    return std::string(hash.data());
}

bool passwordMatches(std::string_view password, const std::string& hash) {
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace tapport::seal
