// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/receipt/key_set.h"

#include "sync/receipt/jcs.h"
#include "sync/receipt/json_fields.h"
#include "sync/receipt/profile.h"
#include "sync/receipt/signed_document.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace tapport::receipt {
namespace {

constexpr std::int64_t kMostSeq = (std::int64_t{1} << 53) - 1;
// Of a fleet of 1,000 kiosks, each enrolled anew twice; less than 1 MiB.
constexpr std::size_t kMostKeys = 3000;
constexpr std::string_view kNothing = "nothing";

Json encode(const KioskKey& key) {
    Json jwk{{"alg", "EdDSA"},
             {"crv", "Ed25519"},
             {"kid", keyId(key.publicKey)},
             {"kiosk", key.kiosk.value},
             {"kty", "OKP"},
             {"use", "sig"},
             {"x", toBase64Url(key.publicKey)}};
    if (key.revoked) {
        Json held = Json::array();
        for (const auto& [epoch, seq] : key.revoked->held) {
            held.push_back({{"epoch", epoch.hex()}, {"seq", seq}});
        }
        jwk["revoked"] = std::move(held);
    }
    return jwk;
}

void expect(Fields& fields, std::string_view key, std::string_view value) {
    if (fields.text(key) != value) {
        fields.reject(key, "is not what is used here");
    }
}

Result<Revocation> decodeRevocation(const Json& held) {
    Revocation revocation;
    for (const Json& item : held) {
        Fields fields(item, {"epoch", "seq"});
        const auto epoch = record::Epoch::fromHexText(fields.text("epoch"));
        if (!epoch || revocation.held.count(*epoch) != 0) {
            fields.reject("epoch", "is no epoch, or named twice");
        }
        const auto seq = fields.integer("seq", 0, kMostSeq);
        if (const auto read = fields.finish(); !read) {
            return tl::unexpected(read.error());
        }
        revocation.held.emplace(*epoch, static_cast<std::uint64_t>(seq));
    }
    return revocation;
}

Result<KioskKey> decode(const Json& json) {
    Fields fields(json, {"alg", "crv", "kid", "kiosk", "kty", "revoked", "use", "x"});
    expect(fields, "alg", "EdDSA");
    expect(fields, "crv", "Ed25519");
    expect(fields, "kty", "OKP");
    expect(fields, "use", "sig");
    KioskKey key{{fields.name("kiosk")}, fromBase64Url(fields.text("x")).value_or(Bytes{})};
    if (key.publicKey.size() != kKeySize) {
        fields.reject("x", "is no public key");
    }
    if (fields.text("kid") != keyId(key.publicKey)) {
        fields.reject("kid", "is not this key's id");
    }
    if (fields.has("revoked")) {
        const auto revoked = decodeRevocation(fields.list("revoked"));
        if (!revoked) {
            fields.reject("revoked", revoked.error().context);
        } else {
            key.revoked = *revoked;
        }
    }
    const auto read = fields.finish();
    return read ? Result<KioskKey>(std::move(key)) : tl::unexpected(read.error().in("key"));
}

bool hasOneIdTwice(const std::vector<KioskKey>& keys) {
    std::set<std::string> ids;
    return !std::all_of(keys.begin(), keys.end(), [&ids](const KioskKey& key) {
        return ids.insert(keyId(key.publicKey)).second;
    });
}

}  // namespace

bool Revocation::covers(const record::Epoch& epoch, std::uint64_t seq) const {
    const auto at = held.find(epoch);
    return at != held.end() && seq <= at->second;
}

bool Revocation::isWithin(const Revocation& other) const {
    return std::all_of(held.begin(), held.end(),
                       [&](const auto& at) { return other.covers(at.first, at.second); });
}

Revocation narrower(const Revocation& one, const Revocation& other) {
    Revocation both;
    for (const auto& [epoch, seq] : one.held) {
        if (const auto at = other.held.find(epoch); at != other.held.end()) {
            both.held.emplace(epoch, std::min(seq, at->second));
        }
    }
    return both;
}

std::string textOf(const Revocation& revocation) {
    std::string text;
    for (const auto& [epoch, seq] : revocation.held) {
        text += (text.empty() ? "" : ",") + epoch.hex() + ':' + std::to_string(seq);
    }
    return text.empty() ? std::string(kNothing) : text;
}

std::optional<Revocation> revocationFrom(std::string_view text) {
    Revocation revocation;
    while (text != kNothing) {
        const std::string_view one = text.substr(0, text.find(','));
        const std::size_t colon = one.find(':');
        const auto epoch = record::Epoch::fromHexText(one.substr(0, colon));
        if (!epoch || colon == std::string_view::npos) {
            return std::nullopt;
        }
        std::uint64_t seq = 0;
        const std::string_view digits = one.substr(colon + 1);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), seq);
        if (error != std::errc() || end != digits.data() + digits.size() ||
            seq > std::uint64_t{kMostSeq} || !revocation.held.emplace(*epoch, seq).second) {
            return std::nullopt;
        }
        if (one.size() == text.size()) {
            break;
        }
        text.remove_prefix(one.size() + 1);
    }
    return revocation;
}

bool KioskKey::vouchesFor(const record::Epoch& epoch, std::uint64_t seq) const {
    return !revoked || revoked->covers(epoch, seq);
}

KeySet::KeySet(record::EventId event, std::string issuedAt, std::vector<KioskKey> keys)
    : event_(std::move(event)), issuedAt_(std::move(issuedAt)), keys_(std::move(keys)) {}

Result<KeySet> KeySet::parse(std::string_view json, ByteView rootKey) {
    if (const auto checked = checkDocument(json, rootKey); !checked) {
        return tl::unexpected(checked.error().in("key set"));
    }
    const auto document = parseProfile(json);
    Fields fields(*document, {"event", "issuedAt", "keys", "signature"});
    KeySet set({fields.name("event")}, fields.text("issuedAt"), {});
    const Json& keys = fields.list("keys");
    if (keys.size() > kMostKeys) {
        fields.reject("keys", "has too many keys");
    }
    if (const auto read = fields.finish(); !read) {
        return tl::unexpected(read.error().in("key set"));
    }
    for (const Json& item : keys) {
        auto key = decode(item);
        if (!key) {
            return tl::unexpected(key.error().in("key set"));
        }
        set.keys_.push_back(std::move(*key));
    }
    if (hasOneIdTwice(set.keys_)) {
        return fail(Code::InvalidInput, "key set: two keys have the same id");
    }
    return set;
}

Result<std::string> KeySet::publish(const SigningKeys& root) const {
    if (keys_.size() > kMostKeys) {
        return fail(Code::InvalidInput,
                    "more than " + std::to_string(kMostKeys) + " keys, which nobody would read");
    }
    if (hasOneIdTwice(keys_)) {
        return fail(Code::InvalidInput, "two keys have the same id");
    }
    Json keys = Json::array();
    for (const KioskKey& key : keys_) {
        keys.push_back(encode(key));
    }
    const Json document{
        {"event", event_.value}, {"issuedAt", issuedAt_}, {"keys", std::move(keys)}};
    return signDocument(canonicalText(document), root);
}

const KioskKey* KeySet::find(std::string_view id) const {
    const auto found = std::find_if(keys_.begin(), keys_.end(), [&](const KioskKey& key) {
        return keyId(key.publicKey) == id;
    });
    return found == keys_.end() ? nullptr : &*found;
}

std::string jwkText(const KioskKey& key) {
    return canonicalText(encode(key));
}

Result<KioskKey> parseJwk(std::string_view json) {
    const auto value = parseProfile(json);
    return value ? decode(*value) : tl::unexpected(value.error().in("key"));
}

}  // namespace tapport::receipt
