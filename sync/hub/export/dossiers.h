// SPDX-License-Identifier: GPL-3.0-or-later
// Walks through the dossiers of a store, some at a time.
#pragma once

#include "sync/hub/store/store.h"

namespace tapport::hub {

/// Calls `take` with the dossiers above `after` until `isEnough`. Where the next walk begins; none
/// when there are no more.
template <typename IsEnough, typename Take>
Result<std::optional<record::SubjectId>> eachDossier(Store& store,
                                                     std::optional<record::SubjectId> after,
                                                     IsEnough isEnough, Take take) {
    constexpr std::size_t kSubjectsARead = 200;
    for (;;) {
        const auto dossiers = store.dossiers(after, kSubjectsARead);
        if (!dossiers) {
            return tl::unexpected(dossiers.error());
        }
        for (const Dossier& dossier : *dossiers) {
            if (isEnough()) {
                return after;
            }
            take(dossier);
            after = dossier.subject;
        }
        if (dossiers->size() < kSubjectsARead) {
            return std::nullopt;
        }
        if (isEnough()) {
            return after;
        }
    }
}

/// The same with one bounded piece, `after` being where it stands. False at the end.
template <typename Take>
Result<bool> someDossiers(Store& store, std::optional<record::SubjectId>& after, Take take) {
    constexpr std::size_t kSubjectsAPiece = 200;
    std::size_t taken = 0;
    const auto next = eachDossier(
        store, after, [&] { return taken == kSubjectsAPiece; },
        [&](const Dossier& dossier) {
            take(dossier);
            ++taken;
        });
    if (!next) {
        return tl::unexpected(next.error());
    }
    after = *next;
    return next->has_value();
}

}  // namespace tapport::hub
