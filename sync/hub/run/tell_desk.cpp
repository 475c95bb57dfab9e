// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/tell_desk.h"

namespace tapport::hub {

Result<RosterReport> TellDesk::importRoster(const std::filesystem::path& file, RosterMode mode) {
    auto import = RosterImport::open(file, parts_.event, parts_.store, mode);
    if (!import) {
        return tl::unexpected(import.error());
    }
    const auto done = onStore_.inSteps([&] { return import->step(); });
    RosterReport report = import->report();
    if (!done) {
        report.brokeOff = done.error();
    }
    return report;
}

Result<std::uint64_t> TellDesk::clearRoster() {
    std::uint64_t removed = 0;
    const auto done = onStore_.inSteps([&] {
        const auto some = parts_.store.takeBack(wire::ItemKind::Roster, RosterImport::kRowsAStep);
        removed += some.value_or(0);
        return some.map([](std::uint64_t count) { return count > 0; });
    });
    return done.map([&] { return removed; });
}

Result<> TellDesk::endEvent(const record::KioskId& kiosk) {
    // Member by member: g++ 12 takes the aggregate's payload for uninitialised when it optimises.
    DownPut put;
    put.item = {wire::ItemKind::Command, toBytes(viewOf(wire::kEndOfEvent)), Bytes(1, 1)};
    put.kiosk = kiosk;
    return onStore_([&] { return parts_.store.putDown({&put, 1}); });
}

}  // namespace tapport::hub
