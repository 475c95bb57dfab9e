// SPDX-License-Identifier: GPL-3.0-or-later
// The event's certificate authority: says which kiosk, hub worker or broker a key belongs to, and
// which certificates are void. Knows neither who may have one nor where anything is kept.
#pragma once

#include "sync/identity/certificate.h"

#include <chrono>
#include <memory>
#include <span>
#include <vector>

namespace tapport::identity {

/// Its certificates hold from 1970 to 9999 (RFC 5280 4.1.2.5: no well-defined end): a board that
/// wakes in 1970, or a clock that fell back, must still get through. What ends one is the list of
/// the revoked, or the end of the event's authority.
class Authority {
  public:
    /// A new one, self-signed.
    [[nodiscard]] static Result<Authority> make(const std::string& name);
    /// Of a key that is there. InvalidInput: no key.
    [[nodiscard]] static Result<Authority> make(const std::string& name, std::string_view keyPem);
    /// InvalidInput: no certificate, no key, or not of one another.
    [[nodiscard]] static Result<Authority> load(std::string_view certificatePem,
                                                std::string_view keyPem);
    Authority(Authority&&) noexcept;
    Authority& operator=(Authority&&) noexcept;
    ~Authority();

    [[nodiscard]] const Certificate& certificate() const { return certificate_; }
    [[nodiscard]] std::string keyPem() const;

    /// For a kiosk or hub worker. Crypto: the request is not signed with its own key. InvalidInput:
    /// no request, for another name, or not for a P-256 key.
    [[nodiscard]] Result<Certificate> issueClient(ByteView request, const std::string& name) const;
    /// The same, but void from `until` on, a moment after 1970.
    [[nodiscard]] Result<Certificate> issueClientUntil(ByteView request, const std::string& name,
                                                       std::chrono::sys_seconds until) const;
    /// For the broker, under each of its host names and addresses.
    [[nodiscard]] Result<Certificate> issueServer(ByteView request,
                                                  const std::vector<std::string>& hosts) const;
    /// The void ones, PEM. `number` rises with every list (RFC 5280 5.2.3). As above it never
    /// becomes stale by the clock.
    [[nodiscard]] Result<std::string> revocationList(std::span<const Serial> revoked,
                                                     std::uint64_t number) const;

  private:
    struct Keys;
    Authority(std::unique_ptr<Keys> keys, Certificate certificate);
    std::unique_ptr<Keys> keys_;
    Certificate certificate_;
};

}  // namespace tapport::identity
