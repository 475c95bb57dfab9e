// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/seal/passphrase.h"

#include "sync/base/cbor.h"

#include <array>

#include <sodium.h>

namespace tapport::seal {
namespace {

// A forged header must not make the reader work for hours or take all memory.
constexpr std::uint64_t kMostOps = 10;
constexpr std::uint64_t kMostMemory = 1024UL * 1024 * 1024;
constexpr std::size_t kMostPlain = 64UL * 1024;

struct Limits {
    std::uint64_t ops = crypto_pwhash_argon2id_OPSLIMIT_MODERATE;
    std::uint64_t memory = crypto_pwhash_argon2id_MEMLIMIT_MODERATE;
};

/// Wiped when it goes out of scope.
class Key {
  public:
    ~Key() { sodium_memzero(bytes_.data(), bytes_.size()); }
    Key() = default;
    Key(const Key&) = delete;
    Key& operator=(const Key&) = delete;
    Result<> derive(std::string_view passphrase, ByteView salt, const Limits& limits) {
        if (crypto_pwhash(bytes_.data(), bytes_.size(), passphrase.data(), passphrase.size(),
                          salt.data(), limits.ops, limits.memory,
                          crypto_pwhash_ALG_ARGON2ID13) != 0) {
            return fail(Code::Internal, "not enough memory to derive a key");
        }
        return {};
    }
    [[nodiscard]] const std::uint8_t* data() const { return bytes_.data(); }

  private:
    std::array<std::uint8_t, crypto_secretbox_KEYBYTES> bytes_{};
};

}  // namespace

Result<Bytes> closeWithPassphrase(ByteView plain, std::string_view passphrase) {
    std::array<std::uint8_t, crypto_pwhash_SALTBYTES> salt{};
    std::array<std::uint8_t, crypto_secretbox_NONCEBYTES> nonce{};
    randombytes_buf(salt.data(), salt.size());
    randombytes_buf(nonce.data(), nonce.size());
    const Limits limits;
    Key key;
    if (auto derived = key.derive(passphrase, salt, limits); !derived) {
        return tl::unexpected(derived.error());
    }
    Bytes box(plain.size() + crypto_secretbox_MACBYTES);
    crypto_secretbox_easy(box.data(), plain.data(), plain.size(), nonce.data(), key.data());
    CborWriter out;
    out.array(5).uinteger(limits.ops).uinteger(limits.memory).bytes(salt).bytes(nonce).bytes(box);
    return out.take();
}

Result<Bytes> openWithPassphrase(ByteView closed, std::string_view passphrase) {
    CborReader in(closed);
    in.arrayOf(5);
    const Limits limits{in.uinteger(), in.uinteger()};
    const ByteView salt = in.bytes(crypto_pwhash_SALTBYTES);
    const ByteView nonce = in.bytes(crypto_secretbox_NONCEBYTES);
    const ByteView box = in.bytes(kMostPlain);
    if (!in.finish() || salt.size() != crypto_pwhash_SALTBYTES ||
        nonce.size() != crypto_secretbox_NONCEBYTES || box.size() < crypto_secretbox_MACBYTES ||
        limits.ops == 0 || limits.ops > kMostOps || limits.memory > kMostMemory ||
        limits.memory < crypto_pwhash_MEMLIMIT_MIN) {
        return fail(Code::InvalidInput, "nothing that a passphrase closed");
    }
    Key key;
    if (auto derived = key.derive(passphrase, salt, limits); !derived) {
        return tl::unexpected(derived.error());
    }
    Bytes plain(box.size() - crypto_secretbox_MACBYTES);
    if (crypto_secretbox_open_easy(plain.data(), box.data(), box.size(), nonce.data(),
                                   key.data()) != 0) {
        return fail(Code::Crypto, "another passphrase, or changed bytes");
    }
    return plain;
}

}  // namespace tapport::seal
