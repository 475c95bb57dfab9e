// SPDX-License-Identifier: GPL-3.0-or-later
// P-256 keys, requests and X.509 certificates (RFC 5280) as plain values. A private key is made
// where it is used and never leaves that device. No state, any thread; files are the caller's.
#pragma once

#include "sync/base/bytes.h"
#include "sync/base/error.h"

namespace tapport::identity {

/// SHA-256 over a certificate's DER form.
using Fingerprint = FixedBytes<struct FingerprintTag, 32>;
/// 127 random bits: names a certificate in the list of the revoked.
using Serial = FixedBytes<struct SerialTag, 16>;

struct Certificate {
    Bytes der;
    std::string name;  ///< the subject's common name: the broker's user
    Serial serial;

    [[nodiscard]] Fingerprint fingerprint() const;
    [[nodiscard]] std::string pem() const;
    bool operator==(const Certificate&) const = default;
};

/// A new private key as PEM (PKCS #8): for a file of mode 0600.
[[nodiscard]] Result<std::string> makeKey();
/// A request for a certificate (PKCS #10, DER), signed with the key: proof that the sender has it.
[[nodiscard]] Result<Bytes> makeRequest(std::string_view keyPem, const std::string& name);

/// InvalidInput for anything but one certificate with a common name and a serial of ours.
[[nodiscard]] Result<Certificate> parseCertificate(ByteView der);
[[nodiscard]] Result<Certificate> readCertificate(std::string_view pem);
/// The certificate is for the public half of this key.
[[nodiscard]] bool isFor(const Certificate& certificate, std::string_view keyPem);
/// The certificate is for the key that this request (DER) is about.
[[nodiscard]] bool answers(const Certificate& certificate, ByteView request);

}  // namespace tapport::identity
