// SPDX-License-Identifier: GPL-3.0-or-later
// From the message on a tag to whose badge it is: a token in the path of a URI on one of the
// event's hosts. The URI is read, never opened, and nothing in it but the token is kept. Pure.
#pragma once

#include "firmware-app/visit/visit_session.h"

namespace tapport::visit {

/// `https://<host>/b/<token>`, with what a vCard beside it says about its owner.
struct AttendeeBadge {
    std::string token;  ///< a secret: for seal::deriveBadge and nothing else
    record::Contact card;
    bool operator==(const AttendeeBadge&) const = default;
};
/// `https://<host>/s/<token>`; whose it is, the event file's derived lookups say.
struct StaffBadge {
    std::string token;
    bool operator==(const StaffBadge&) const = default;
};
using BadgeMeaning = std::variant<AttendeeBadge, StaffBadge, BadgeTrouble>;

inline constexpr std::size_t kMaxTokenLength = 128;

/// Malformed: no well-formed NDEF message. NotOurs: no token on one of `hosts`,
/// such as a badge that has nothing but its UID. The URI's query and fragment are not looked at; a
/// user name or port in it makes it another host.
[[nodiscard]] BadgeMeaning readBadge(ByteView message, const std::vector<std::string>& hosts);

/// What stands in for a token where there is none. A colon is in no token, so neither can pass for
/// one. `code` as badgeCode() gives it.
[[nodiscard]] std::string tokenOfCode(std::string_view code);
/// Nothing for a UID that the tag makes up anew each time (ISO/IEC 14443-3 6.4.4: four bytes, first
/// 08), and without one.
[[nodiscard]] std::optional<std::string> tokenOfUid(ByteView uid);

}  // namespace tapport::visit
