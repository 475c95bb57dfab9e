// SPDX-License-Identifier: GPL-3.0-or-later
// What a kiosk without an identity and the hub say to each other. Both ends know the one-time code
// and nobody else does: requests are signed with it, replies closed with it, whatever carries them.
// Pure. As CDDL: README.md.
#pragma once

#include "sync/enrol/one_time_code.h"
#include "sync/identity/certificate.h"

#include <variant>

namespace tapport::enrol {

inline constexpr std::size_t kMostRequestBytes = 4096;
inline constexpr std::size_t kMostReplyBytes = 1024UL * 1024;

/// What the hub subscribes to.
inline constexpr std::string_view kRequestFilter = "tapport/1/enrol/request/+";
[[nodiscard]] std::string requestTopic(const CodeId& code);
[[nodiscard]] std::string replyTopic(const CodeId& code);
[[nodiscard]] bool isRequestTopic(std::string_view topic);

/// The kiosk's two keys, each proven, and bound to each other and to its name by the code.
struct Request {
    record::KioskId kiosk;
    CodeId code;
    Bytes csr;         ///< PKCS #10: signed with the TLS key
    Bytes signingKey;  ///< Ed25519, 32 bytes: signs batches and receipts
    bool operator==(const Request&) const = default;
};

/// Signed with the kiosk's key and with the code.
[[nodiscard]] Bytes encodeRequest(const Request& request, const receipt::SigningKeys& kiosk,
                                  const OneTimeCode& code);
/// InvalidInput: no request. Crypto: it does not prove the signing key that it names.
[[nodiscard]] Result<Request> decodeRequest(ByteView bytes);
/// It was made with the code.
[[nodiscard]] bool isMadeWith(const CodeCheck& code, ByteView request);

/// What a kiosk gets.
struct Grant {
    Bytes certificate;  ///< DER
    Bytes authority;    ///< DER
    std::string eventFile;
    bool operator==(const Grant&) const = default;
};

/// Why not. Anybody can send one, so it only ends an attempt; all but RevokedKey, which is closed
/// as a grant is: because of it a kiosk makes other keys.
enum class Refusal : std::uint8_t {
    UnknownCode,  ///< never given out, replaced by a later one, or for another kiosk
    Expired,
    Void,         ///< too many requests that were not made with it
    UsedUp,       ///< other keys were enrolled with it
    NotAccepted,  ///< the request itself is not in order
    RevokedKey,   ///< its signing key was revoked: the kiosk needs another one
};
[[nodiscard]] std::string_view nameOf(Refusal refusal);

/// Closed for the sender of exactly this request. `nonce`: random.
using Nonce = FixedBytes<struct NonceTag, 24>;
[[nodiscard]] Bytes encodeGrant(const Grant& grant, const CodeCheck& code, ByteView request,
                                const Nonce& nonce);
/// Any but RevokedKey.
[[nodiscard]] Bytes encodeRefusal(Refusal refusal);
/// As encodeGrant(): of the keys in exactly this request.
[[nodiscard]] Bytes encodeRevokedKey(const CodeCheck& code, ByteView request, const Nonce& nonce);
/// InvalidInput: no reply. Crypto: not made with this code, or for another request.
[[nodiscard]] Result<std::variant<Grant, Refusal>> openReply(ByteView reply, const CodeCheck& code,
                                                             ByteView request);

}  // namespace tapport::enrol
