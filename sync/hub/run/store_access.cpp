// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/store_access.h"

namespace tapport::hub {

Result<> fileAll(const StoreAccess& onStore, Filing& filing, record::WallTime now) {
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
