// SPDX-License-Identifier: GPL-3.0-or-later
// The kiosks' public keys as the event publishes them: a JWK set (RFC 7517) signed by the event's
// root. A verifier pins the root and trusts nothing else. Format: README.md. Pure.
#pragma once

#include "sync/receipt/keys.h"

#include <map>
#include <optional>

namespace tapport::receipt {

/// What the hub held of a kiosk when its key was revoked: of each epoch the last position. Whatever
/// stands later, or in an epoch that it does not name, may be the thief's.
struct Revocation {
    std::map<record::Epoch, std::uint64_t> held;

    [[nodiscard]] bool covers(const record::Epoch& epoch, std::uint64_t seq) const;
    /// Nothing in it goes beyond the other one.
    [[nodiscard]] bool isWithin(const Revocation& other) const;
    bool operator==(const Revocation&) const = default;
};

/// What both of them cover.
[[nodiscard]] Revocation narrower(const Revocation& one, const Revocation& other);

/// "<epoch>:<seq>", several with commas in between, or "nothing": as `tapport event publish
/// --revoke` reads it.
[[nodiscard]] std::string textOf(const Revocation& revocation);
[[nodiscard]] std::optional<Revocation> revocationFrom(std::string_view text);

struct KioskKey {
    record::KioskId kiosk;
    Bytes publicKey;
    std::optional<Revocation> revoked{};

    /// The kiosk itself signed what stands there, as far as is known.
    [[nodiscard]] bool vouchesFor(const record::Epoch& epoch, std::uint64_t seq) const;
    bool operator==(const KioskKey&) const = default;
};

class KeySet {
  public:
    KeySet(record::EventId event, std::string issuedAt, std::vector<KioskKey> keys);
    /// Crypto: not signed by this root. InvalidInput: no key set.
    [[nodiscard]] static Result<KeySet> parse(std::string_view json, ByteView rootKey);

    /// As keys.json. InvalidInput when two keys have the same id.
    [[nodiscard]] Result<std::string> publish(const SigningKeys& root) const;

    /// Null for a key that is not published.
    [[nodiscard]] const KioskKey* find(std::string_view keyId) const;
    [[nodiscard]] const record::EventId& event() const { return event_; }
    /// As isoText() writes it.
    [[nodiscard]] const std::string& issuedAt() const { return issuedAt_; }
    [[nodiscard]] const std::vector<KioskKey>& keys() const { return keys_; }

  private:
    record::EventId event_;
    std::string issuedAt_;
    std::vector<KioskKey> keys_;
};

/// One key on one line: what `tapport kiosk key` prints and `tapport event publish --add` reads.
[[nodiscard]] std::string jwkText(const KioskKey& key);
[[nodiscard]] Result<KioskKey> parseJwk(std::string_view json);

}  // namespace tapport::receipt
