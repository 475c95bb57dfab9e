// SPDX-License-Identifier: GPL-3.0-or-later
// Where a person stands on one purpose on one channel: the states of the consent record
// (ISO/IEC TS 27560 6.3.7.6; dpv:ConsentStatus), with "no" told apart by what made it one.
#pragma once

#include "sync/ledger/history.h"

#include <optional>

namespace tapport::ledger {

/// One purpose on one channel.
struct Scope {
    record::PurposeId purpose;
    record::Channel channel = record::Channel::Email;
    auto operator<=>(const Scope&) const = default;
};

/// Only Given and Renewed may be used. Of several that apply the last one here is told.
enum class Standing : std::uint8_t {
    Unknown,      ///< nothing is recorded
    Expired,      ///< the yes ran out, or the event's notice changed since
    Given,        ///< a live yes
    Renewed,      ///< a live yes that follows an earlier one
    Pending,      ///< a live yes whose double opt-in is not confirmed yet
    Deferred,     ///< nor was it in time: means no
    Withheld,     ///< a yes that did not know of a no, or contested events: ask again
    Refused,      ///< answered no
    Withdrawn,    ///< undone by the person
    Revoked,      ///< ended by the controller
    Invalidated,  ///< found unlawful
    Objected,     ///< GDPR Art. 21: every purpose and channel
    Erased,       ///< GDPR Art. 17: every purpose and channel
};
[[nodiscard]] std::string_view nameOf(Standing standing);
[[nodiscard]] bool isEligible(Standing standing);

struct Decision {
    Standing standing = Standing::Unknown;
    /// What decided it: the yes, or the no that reaches furthest. None for Unknown, for contested
    /// events, and where all that stands against a yes is an event that has not arrived yet.
    std::optional<Recorded> by{};
    /// Of that yes, where the profile wants one.
    std::optional<Recorded> confirmation{};
};

}  // namespace tapport::ledger
