// SPDX-License-Identifier: GPL-3.0-or-later
// Verifies whatever receipt somebody holds up, and says in plain words what it states, or exactly
// what fails. Nothing is fetched; what the receipt itself claims about keys is never believed.
// Pure.
#pragma once

#include "sync/event/event.h"
#include "sync/receipt/key_set.h"

namespace tapport::receipt {

enum class Standing : std::uint8_t {
    Valid,
    Unconfirmed,  ///< the signature fits, but the kiosk's key was revoked before it: may be forged
    Invalid,
};

enum class ReceiptKind : std::uint8_t { Unknown, Summary, Full };

struct Finding {
    Standing standing = Standing::Invalid;
    std::string reason;  ///< in English: what fails, or why unconfirmed; empty when valid
    ReceiptKind kind = ReceiptKind::Unknown;
    std::string keyId;  ///< empty when it is not known
    record::KioskId kiosk;
    std::string text;      ///< what the receipt states; empty when invalid
    std::string language;  ///< in which was asked; empty when invalid
    std::string caution;   ///< in English: what is odd about the link around it; mostly empty
};

/// What a receipt is checked against.
struct Trust {
    const KeySet& keys;           ///< already checked against the pinned root
    const event::Event* notices;  ///< the published event file; null: the words are not checked
};

/// `receipt` is a link, a summary JWS or a full JWS; white space around it does not count. The
/// summary is told in `language`, or in that of the receipt when it is empty; a full receipt brings
/// its own text.
[[nodiscard]] Finding explain(std::string_view receipt, const Trust& trust,
                              std::string_view language = {});

}  // namespace tapport::receipt
