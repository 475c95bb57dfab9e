// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/store_access.h"

#include "sync/program/log.h"

namespace tapport::hub {

void logAlarms(Sorting& sorting) {
    for (const std::string& alarm : sorting.takeAlarms()) {
        program::logWarning("{}", alarm);
    }
}

Result<> sortSoFar(const StoreAccess& onStore, Sorting& sorting, Whose whose) {
    const auto newest = onStore([&] { return sorting.newest(); });
    if (!newest || *newest == 0) {
        return newest.map([](std::int64_t) {});
    }
    return Sorting::untilNothingIsLeft([&] {
        return onStore([&]() -> Result<std::int64_t> {
            const auto through = sorting.step(whose);
            logAlarms(sorting);
            return through && *through >= *newest ? 0 : through;
        });
    });
}

Result<> fileAll(const StoreAccess& onStore, Sorting& sorting, Filing& filing,
                 record::WallTime now) {
    if (const auto sorted = sortSoFar(onStore, sorting, Whose::Own); !sorted) {
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
