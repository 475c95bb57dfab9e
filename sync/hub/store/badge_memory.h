// SPDX-License-Identifier: GPL-3.0-or-later
// What every kiosk is to know of a badge: what was recorded of it anywhere, closed with the badge's
// key, which is at hand while a unit is filed and kept nowhere. Pure.
#pragma once

#include "sync/hub/store/store.h"
#include "sync/vault/entry.h"

namespace tapport::hub {

/// What stands of the decisions, several on one purpose and channel where none knew the other;
/// contact and conversations only under a yes. A yes of which the signature does not fit is left
/// out. Bounded: of very many the latest.
[[nodiscard]] vault::Entry badgeMemory(const Dossier& dossier);
struct ClosedMemory {
    Bytes whole;  ///< at most wire::kMostItemBytes
    Bytes bare;   ///< the decisions alone; the same when there is nothing else
};
[[nodiscard]] ClosedMemory closedMemory(const Dossier& dossier, const record::VaultAccess& access);

/// Made away from any badge, and so little that it can be told in the clear.
[[nodiscard]] bool isWithdrawnByLink(const record::Unit& unit);
/// What is told of it beside what is closed (sync/vault/withdrawn.h); at most wire::kMostItemBytes.
[[nodiscard]] Bytes withdrawnMemory(const Dossier& dossier);

}  // namespace tapport::hub
