// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/tell_desk.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

const record::KioskId kAll{};

DownPut commandTo(const record::KioskId& kiosk, std::string_view name,
                  std::optional<Bytes> payload) {
    return {{wire::ItemKind::Command, toBytes(viewOf(name)), std::move(payload)}, kiosk};
}

Result<std::optional<DownPut>> findEnd(Store& store, const record::KioskId& kiosk) {
    return store.findDown(wire::ItemKind::Command, kiosk, viewOf(wire::kEndOfEvent));
}

/// Kept in the item's fingerprint, which no kiosk is told: when it said that it is done.
std::optional<std::string> endedAt(const std::optional<DownPut>& end) {
    return end && !end->fingerprint.empty() ? std::optional(std::string(textOf(end->fingerprint)))
                                            : std::nullopt;
}

tl::unexpected<Error> cannotBeTakenBack(const record::KioskId& kiosk, const std::string& at) {
    return fail(Code::Conflict, fmt::format("{} has destroyed its keys and data at {}: nothing can "
                                            "take that back. Enrol a device under another name",
                                            kiosk.value, at));
}

tl::unexpected<Error> noneCanGoOn() {
    return fail(Code::NotFound, "no kiosk that could go on was told that the event is over");
}

/// Why a kiosk was not told: another worker noted behind our look that it is done.
tl::unexpected<Error> whyNotTold(Store& store, const record::KioskId& kiosk) {
    const auto end = findEnd(store, kiosk);
    if (!end) {
        return tl::unexpected(end.error());
    }
    const auto at = endedAt(*end);
    return at ? cannotBeTakenBack(kiosk, *at)
              : fail(Code::Busy, kiosk.value + " was told something else at this moment");
}

}  // namespace

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
    return onStore_([&]() -> Result<> {
        const auto standing = findEnd(parts_.store, kiosk);
        if (!standing) {
            return tl::unexpected(standing.error());
        }
        if (const auto at = endedAt(*standing)) {
            return cannotBeTakenBack(kiosk, *at);
        }
        if (const auto known = isKnown(kiosk); !known || !*known) {
            return known ? fail(Code::NotFound,
                                kiosk.value + " was never heard here: nothing of it is over")
                         : tl::unexpected(known.error());
        }
        const DownPut put = commandTo(kiosk, wire::kEndOfEvent, Bytes{1});
        return parts_.store.putDown({&put, 1}).and_then(
            [&](const std::vector<std::size_t>& notTold) {
                return notTold.empty() ? Result<>{} : whyNotTold(parts_.store, kiosk);
            });
    });
}

Result<bool> TellDesk::isKnown(const record::KioskId& kiosk) const {
    const auto kiosks = parts_.store.kiosks();
    if (!kiosks) {
        return tl::unexpected(kiosks.error());
    }
    return kiosk == kAll ||
           std::any_of(kiosks->begin(), kiosks->end(),
                       [&](const KioskStanding& one) { return one.sequence.kiosk == kiosk; });
}

Result<TellDesk::OnItsWay> TellDesk::cancelEnd(const record::KioskId& kiosk) {
    return onStore_([&] {
        return endsToCancel(kiosk).and_then(
            [&](const std::vector<DownPut>& puts) { return cancelled(puts, kiosk); });
    });
}

Result<TellDesk::OnItsWay> TellDesk::cancelled(const std::vector<DownPut>& puts,
                                               const record::KioskId& kiosk) {
    return parts_.store.putDown(puts).and_then(
        [&](const std::vector<std::size_t>& notTold) -> Result<OnItsWay> {
            if (notTold.size() < puts.size()) {
                return onItsWay(kiosk);  // of all kiosks those go on that still can
            }
            return kiosk == kAll ? noneCanGoOn() : whyNotTold(parts_.store, kiosk);
        });
}

Result<std::vector<DownPut>> TellDesk::endsToCancel(const record::KioskId& kiosk) {
    std::set<record::KioskId> whose{kiosk};
    if (kiosk == kAll) {
        const auto kiosks = parts_.store.kiosks();
        if (!kiosks) {
            return tl::unexpected(kiosks.error());
        }
        for (const KioskStanding& one : *kiosks) {
            whose.insert(one.sequence.kiosk);
        }
    }
    std::vector<DownPut> puts;
    for (const record::KioskId& one : whose) {
        const auto end = findEnd(parts_.store, one);
        if (!end) {
            return tl::unexpected(end.error());
        }
        const auto at = endedAt(*end);
        if (at && one == kiosk) {
            return cannotBeTakenBack(one, *at);
        }
        if (*end && !at) {
            puts.push_back(commandTo(one, wire::kEndOfEvent, std::nullopt));
        }
    }
    // What was told to all stands for this one, too.
    const auto toAll = findEnd(parts_.store, kAll);
    if (!toAll) {
        return tl::unexpected(toAll.error());
    }
    if (kiosk != kAll && *toAll) {
        return fail(Code::Conflict,
                    "every kiosk was told that the event is over: cancel that with --all");
    }
    if (puts.empty()) {
        return kiosk == kAll
                   ? noneCanGoOn()
                   : fail(Code::NotFound, kiosk.value + " was not told that the event is over");
    }
    return puts;
}

Result<> TellDesk::noteEnded(Store& store, std::span<const record::KioskId> kiosks,
                             record::WallTime now) {
    std::vector<DownPut> puts;
    for (const record::KioskId& kiosk : kiosks) {
        const auto end = findEnd(store, kiosk);
        if (!end) {
            return tl::unexpected(end.error());
        }
        if (!endedAt(*end)) {
            puts.push_back(commandTo(kiosk, wire::kEndOfEvent, Bytes{1}));
            puts.back().fingerprint = toBytes(viewOf(record::isoText(now)));
        }
    }
    return puts.empty() ? Result<>{} : store.putDown(puts).map([](const auto&) {});
}

Result<KioskFates> TellDesk::ends(Store& store, std::span<const KioskStanding> kiosks) {
    KioskFates fates;
    const auto toAll = findEnd(store, kAll);
    if (!toAll) {
        return tl::unexpected(toAll.error());
    }
    for (const KioskStanding& kiosk : kiosks) {
        const record::KioskId& name = kiosk.sequence.kiosk;
        if (fates.contains(name)) {
            continue;
        }
        const auto end = findEnd(store, name);
        if (!end) {
            return tl::unexpected(end.error());
        }
        if (*end || *toAll) {
            fates[name].isOver = true;
            fates[name].ended = endedAt(*end);
        }
    }
    return fates;
}

Result<TellDesk::OnItsWay> TellDesk::revoke(const record::KioskId& kiosk,
                                            const identity::Fingerprint& certificate) {
    return onStore_([&] {
        const DownPut put = commandTo(kiosk, wire::kRevoked, toBytes(certificate.view()));
        return parts_.store.putDown({&put, 1}).and_then(
            [&](const auto&) { return onItsWay(kiosk); });
    });
}

Result<TellDesk::OnItsWay> TellDesk::onItsWay(const record::KioskId& kiosk) {
    return parts_.store.downVersion().map([&](const wire::DownVersion& version) {
        OnItsWay onItsWay{version.urgent};
        if (parts_.presence != nullptr) {
            const Presences presences = parts_.presence->read();
            const auto found = presences.find(kiosk);
            onItsWay.isConnected = found != presences.end() && found->second.isConnected;
        }
        return onItsWay;
    });
}

}  // namespace tapport::hub
