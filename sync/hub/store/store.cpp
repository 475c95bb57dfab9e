// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/store/store.h"

namespace tapport::hub {

record::SeqRanges KioskStanding::holes() const {
    return announcedLast == 0 ? record::SeqRanges{} : held.holes({1, announcedLast});
}

std::string_view nameOf(Reason reason) {
    switch (reason) {
        case Reason::Unreadable:
            return "unreadable";
        case Reason::WrongKiosk:
            return "wrong-kiosk";
        case Reason::Conflict:
            return "conflict";
        case Reason::DoesNotOpen:
            return "does-not-open";
        case Reason::HeaderMismatch:
            return "header-mismatch";
        case Reason::WrongEvent:
            return "wrong-event";
        case Reason::Inconsistent:
            return "inconsistent";
        case Reason::NotProven:
            return "not-proven";
        case Reason::NotSigned:
            return "not-signed";
        case Reason::Recovered:
            return "recovered";
    }
    return "unknown";
}

std::string_view nameOf(ProofState state) {
    switch (state) {
        case ProofState::Unchecked:
            return "unchecked";
        case ProofState::Proven:
            return "proven";
        case ProofState::KeyUnknown:
            return "key unknown";
        case ProofState::Unconfirmed:
            return "unconfirmed";
        case ProofState::NotProven:
            return "not proven";
        case ProofState::OtherEdition:
            return "other edition";
    }
    return "unknown";
}

}  // namespace tapport::hub
