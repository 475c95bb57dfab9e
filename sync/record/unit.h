// SPDX-License-Identifier: GPL-3.0-or-later
// What one transaction writes and one seal closes: a visit's decisions, or a conversation.
#pragma once

#include "sync/record/consent_event.h"

namespace tapport::record {

/// Only what a yes needs. Empty fields were not given.
struct Contact {
    std::string name;
    std::string company;
    std::string email;
    std::string phone;  ///< E.164 where it could be normalised
    std::string address;
    bool operator==(const Contact&) const = default;
};

struct Promise {
    std::string what;
    std::chrono::year_month_day due;
    StaffId owner;
    bool operator==(const Promise&) const = default;
};

/// Append-only and attributed; a colleague's conversation stands beside it, never over it.
struct Conversation {
    RecordId id;
    StaffId staff;
    ClockReading at;
    std::string need;       ///< id from the event's list
    std::string readiness;  ///< id from the event's list
    std::string note;       ///< <= kMaxNoteLength characters; empty without a yes
    std::optional<Promise> promise;
    bool operator==(const Conversation&) const = default;
};
inline constexpr std::size_t kMaxNoteLength = 280;
inline constexpr std::size_t kMaxPromiseLength = 120;

/// Lets the hub write entries for this badge into other kiosks' vaults.
struct VaultAccess {
    VaultLookup lookup;
    VaultKey key;
    bool operator==(const VaultAccess&) const = default;
};

enum class UnitKind : std::uint8_t {
    Visit,         ///< answers of an attendee who said yes to something, or changed answers
    Refusal,       ///< answers "no" under a one-off subject: nothing about the person
    Withdrawal,    ///< only withdrawals: travels ahead of everything else
    Conversation,  ///< logged by staff after the visit
    Count,         ///< a conversation without a yes: need and hour only
};

struct Unit {
    RecordId id;
    UnitKind kind = UnitKind::Visit;
    EventId event;
    SubjectId subject;
    ClockReading at;
    std::vector<ConsentEvent> consents;
    std::optional<Contact> contact;
    std::vector<Conversation> conversations;
    std::optional<VaultAccess> vault;
    /// Under which the attendee finds what this unit says; set when it has consents.
    std::optional<ReceiptId> receipt;
    bool operator==(const Unit&) const = default;
};

/// A unit with its place in the kiosk's sequence: what is encoded, padded and sealed.
struct PositionedUnit {
    Position position;
    Unit unit;
    /// The kiosk's signature over the receipt of this unit (sync/receipt): made from the same facts
    /// at both ends, so only the signature travels. Set when the unit has a receipt id.
    std::optional<Signature> proof{};
    /// The kiosk's signature over all of the above (sync/receipt/unit_signature.h), which every
    /// unit has. Zeros: not signed yet, and no key made them.
    Signature signature{};
    bool operator==(const PositionedUnit&) const = default;
};

[[nodiscard]] std::string_view nameOf(UnitKind kind);

}  // namespace tapport::record
