// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/tell_desk.h"

namespace tapport::hub {

Result<RosterReport> TellDesk::importRoster(const std::filesystem::path& file, RosterMode mode) {
    auto import = RosterImport::open(file, parts_.event, parts_.store, mode);
    if (!import) {
        return tl::unexpected(import.error());
    }
    if (const auto done = onStore_.inSteps([&] { return import->step(); }); !done) {
        return tl::unexpected(done.error().in(file.filename().string()));
    }
    return import->report();
}

Result<> TellDesk::endEvent(const record::KioskId& kiosk) {
    DownPut put;
    put.item.key = toBytes(viewOf(wire::kEndOfEvent));
    put.item.payload = Bytes{1};
    put.kiosk = kiosk;
    return onStore_([&] { return parts_.store.putDown({&put, 1}); });
}

}  // namespace tapport::hub
