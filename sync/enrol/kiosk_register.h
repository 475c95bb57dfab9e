// SPDX-License-Identifier: GPL-3.0-or-later
// Who was invited, enrolled and revoked: what the event's authority has done, in order, one entry a
// line. What holds now follows from the entries; nothing is ever taken out. Pure.
#pragma once

#include "sync/enrol/one_time_code.h"
#include "sync/identity/certificate.h"
#include "sync/receipt/key_set.h"
#include "sync/record/time.h"

#include <map>
#include <variant>

namespace tapport::enrol {

/// A code was given out; it replaces an earlier one of the kiosk that was not used.
struct Invited {
    record::KioskId kiosk;
    CodeCheck code;
    record::WallTime until;
};
/// Somebody named the code without having it.
struct WrongTry {
    CodeId code;
};
/// A device got a certificate; certificates that the kiosk had before are void.
struct Enrolled {
    record::KioskId kiosk;
    CodeId code;
    Bytes signingKey;
    identity::Certificate certificate;
};
/// All of a kiosk's certificates are void; what its keys sign beyond `held` may be a thief's.
/// Once more for the same device: says what was held, when that was not known.
struct Revoked {
    record::KioskId kiosk;
    std::optional<receipt::Revocation> held;  ///< none: not known yet, so nothing is vouched for
    std::string why;                          ///< one line, no personal data
};
/// A certificate in a kiosk's name is void that no device ever had (Office::standIn).
struct Voided {
    record::KioskId kiosk;
    identity::Serial serial;
};
using Entry = std::variant<Invited, WrongTry, Enrolled, Revoked, Voided>;

/// Without a line end.
[[nodiscard]] std::string lineOf(const Entry& entry, record::WallTime at);

class KioskRegister {
  public:
    struct Invitation {
        record::KioskId kiosk;
        CodeCheck code;
        record::WallTime until;
        unsigned wrongTries = 0;
    };
    struct Device {
        Enrolled enrolled;
        record::WallTime at;
        bool isReplaced = false;  ///< a later device has the kiosk's name
        std::optional<Revoked> revoked{};
        record::WallTime revokedAt{};
    };

    /// The next line. InvalidInput: not one of ours, nothing is changed.
    [[nodiscard]] Result<> add(std::string_view line);
    void add(Entry entry, record::WallTime at);

    /// Null for a code that was never given out or was replaced.
    [[nodiscard]] const Invitation* findInvitation(const CodeId& code) const;
    /// The device that was enrolled with this code, if any.
    [[nodiscard]] const Device* findDevice(const CodeId& code) const;
    /// The kiosk's present device; null when it has none.
    [[nodiscard]] const Device* findDevice(const record::KioskId& kiosk) const;
    /// All there ever were, in order.
    [[nodiscard]] const std::vector<Device>& devices() const { return devices_; }
    /// Of certificates that are void.
    [[nodiscard]] std::vector<identity::Serial> voidSerials() const;
    /// Every signing key there ever was.
    [[nodiscard]] std::vector<receipt::KioskKey> signingKeys() const;
    /// A device with this signing key was.
    [[nodiscard]] bool isRevoked(ByteView signingKey) const;
    /// So late it is at least.
    [[nodiscard]] record::WallTime latest() const { return latest_; }

  private:
    void apply(Invited entry, record::WallTime at);
    void apply(const WrongTry& entry, record::WallTime at);
    void apply(Enrolled entry, record::WallTime at);
    void apply(const Revoked& entry, record::WallTime at);
    void apply(const Voided& entry, record::WallTime at);

    std::map<record::KioskId, Invitation> invitations_;
    std::vector<Device> devices_;
    std::vector<identity::Serial> voided_;
    record::WallTime latest_{};
};

}  // namespace tapport::enrol
