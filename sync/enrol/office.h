// SPDX-License-Identifier: GPL-3.0-or-later
// The hub's side of enrolment: gives out codes, answers requests, keeps the register. Answers the
// same request the same way again: a kiosk whose reply got lost asks again. Knows no broker.
#pragma once

#include "sync/enrol/messages.h"
#include "sync/enrol/register_file.h"
#include "sync/identity/authority.h"
#include "sync/mqtt/mqtt_client.h"

namespace tapport::enrol {

/// A broker's user with this prefix is a hub worker: no kiosk is called so.
inline constexpr std::string_view kHubPrefix = "hub-";
/// Nor so: a stranger may take any client id that begins with it (packaging/mosquitto).
inline constexpr std::string_view kClientPrefix = mqtt::kIdPrefix;

class Office {
  public:
    /// So many requests that name a code without having it make it void.
    static constexpr unsigned kMostWrongTries = 10;
    /// Fills a buffer with random bytes.
    using Random = std::function<void(void* to, std::size_t size)>;

    /// Whether somebody else revoked a signing key: the root may, without the register knowing.
    using RevokedElsewhere = std::function<Result<bool>(ByteView signingKey)>;

    Office(RegisterFile file, identity::Authority authority, std::string eventFile, Random random,
           RevokedElsewhere revokedElsewhere);

    /// A code for a kiosk, once; it replaces one that was not used. InvalidInput: no name for a
    /// kiosk.
    [[nodiscard]] Result<OneTimeCode> invite(const record::KioskId& kiosk,
                                             std::chrono::seconds valid, record::WallTime now);

    struct Answer {
        Bytes reply;
        std::string said;  ///< for the log, no secret
        bool isRefused = false;
        bool hasReplaced = false;  ///< the list of the revoked has grown
    };
    /// An error (the register cannot be written, or it is not known who was revoked elsewhere) is
    /// no answer: the kiosk asks again.
    [[nodiscard]] Result<Answer> answer(ByteView request, record::WallTime now);

    /// Has the list of the revoked put, PEM, where the broker reads it. Nobody changes the register
    /// meanwhile: of two lists the later one stays.
    using Publish = std::function<Result<>(const std::string& list)>;
    [[nodiscard]] Result<> publishList(const Publish& publish) const;
    /// A certificate in the name of a kiosk for a key of the caller's: with it the caller takes the
    /// kiosk's session over, and the broker ends the one that was there. It holds for a day, in
    /// case nobody comes to make it void.
    [[nodiscard]] Result<identity::Certificate> standIn(ByteView csr, const record::KioskId& kiosk,
                                                        record::WallTime now) const;
    /// From the next list on. A broker that lets it in has not read that list.
    [[nodiscard]] Result<> makeVoid(const record::KioskId& kiosk,
                                    const identity::Certificate& certificate, record::WallTime now);

    [[nodiscard]] const RegisterFile& file() const { return file_; }
    [[nodiscard]] const identity::Certificate& authority() const {
        return authority_.certificate();
    }

  private:
    struct Round;
    [[nodiscard]] Result<bool> isRevoked(const KioskRegister& before, ByteView signingKey) const;
    [[nodiscard]] Result<std::vector<Entry>> decide(const KioskRegister& before,
                                                    Round& round) const;
    [[nodiscard]] Nonce nonce() const;
    [[nodiscard]] Bytes grant(const identity::Certificate& certificate, const CodeCheck& code,
                              ByteView request) const;

    RegisterFile file_;
    identity::Authority authority_;
    std::string eventFile_;
    Random random_;
    RevokedElsewhere revokedElsewhere_;
};

}  // namespace tapport::enrol
