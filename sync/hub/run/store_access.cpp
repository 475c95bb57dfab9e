// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/store_access.h"

#include "sync/program/log.h"

namespace tapport::hub {

Result<> sortAll(Sorting& sorting, Whose whose) {
    return sorting.all(whose).map([](const std::vector<std::string>& alarms) {
        for (const std::string& alarm : alarms) {
            program::logWarning("{}", alarm);
        }
    });
}

Result<> fileAll(const StoreAccess& onStore, Sorting& sorting, Filing& filing,
                 record::WallTime now) {
    if (const auto sorted = onStore([&] { return sortAll(sorting, Whose::Own); }); !sorted) {
        return sorted;
    }
    for (;;) {
        auto piece = onStore([&] { return filing.prepare(); });
        if (!piece) {
            return tl::unexpected(piece.error());
        }
        if (!piece->hasMore) {
            return {};
        }
        if (piece->units.empty()) {
            continue;
        }
        auto opened = filing.open(piece->units);
        if (!opened) {
            return tl::unexpected(opened.error());
        }
        const auto filed =
            onStore([&] { return filing.file(piece->units, std::move(*opened), now); });
        if (!filed) {
            return tl::unexpected(filed.error());
        }
    }
}

}  // namespace tapport::hub
