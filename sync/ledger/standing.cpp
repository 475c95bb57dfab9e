// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledger/standing.h"

namespace tapport::ledger {

std::string_view nameOf(Standing standing) {
    constexpr std::array<std::string_view, 13> kNames{
        "unknown", "expired",   "given",   "renewed",     "pending",  "deferred", "withheld",
        "refused", "withdrawn", "revoked", "invalidated", "objected", "erased"};
    return kNames.at(static_cast<std::size_t>(standing));
}

bool isEligible(Standing standing) {
    return standing == Standing::Given || standing == Standing::Renewed;
}

}  // namespace tapport::ledger
