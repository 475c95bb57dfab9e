// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/downstream/downstream.h"

#include <algorithm>

namespace tapport::hub {
namespace {

/// What brings the newest item again, of either order: the answer names both.
wire::DownVersion before(wire::DownVersion newest) {
    --(newest.urgent > 0 ? newest.urgent : newest.bulk);
    return newest;
}

}  // namespace

void Downstream::heard(const record::KioskId& kiosk, const wire::DownVersion& version) {
    if (isOurs_ && !isOurs_(kiosk)) {
        return;  // an answer that was under way when the kiosk became another worker's
    }
    Kiosk& its = kiosks_[kiosk];
    // A second hello, or the answer to a chunk that came twice, while the next one is on its way.
    const bool isOnItsWay = its.tries > 0 && its.tries < kMostTries;
    if (its.has != version || !isOnItsWay) {
        its = {version, 0, {}, its.has == version ? its.allSince : std::nullopt};
    }
}

void Downstream::told(const record::KioskId& kiosk, Instant now) {
    Kiosk& its = kiosks_[kiosk];
    if (its.allSince) {
        its.allSince = now;
        return;
    }
    its.tries = std::min(its.tries + 1, kMostTries);
    its.toldAt = now;
}

std::vector<Downstream::Due> Downstream::due(const wire::DownVersion& newest, Instant now,
                                             std::size_t most) {
    std::vector<Due> due;
    auto at = kiosks_.upper_bound(last_);
    for (std::size_t looked = 0; looked < kiosks_.size() && due.size() < most; ++looked, ++at) {
        if (at == kiosks_.end()) {
            at = kiosks_.begin();
        }
        if (const auto from = dueOf(at->second, newest, now)) {
            due.push_back({at->first, *from});
            last_ = at->first;
        }
    }
    return due;
}

std::optional<wire::DownVersion> Downstream::dueOf(Kiosk& its, const wire::DownVersion& newest,
                                                   Instant now) {
    if (its.has.reaches(newest)) {
        its.allSince = its.allSince.value_or(now);
        const bool isToBeAsked =
            newest != wire::DownVersion{} && now - *its.allSince >= kLongPatience;
        return isToBeAsked ? std::optional(before(newest)) : std::nullopt;
    }
    its.allSince.reset();
    const auto patience = its.tries < kMostTries ? kFirstPatience * (1U << its.tries) / 2
                                                 : std::chrono::milliseconds(kLongPatience);
    const bool isWaitedFor = its.tries > 0 && now - its.toldAt < patience;
    return isWaitedFor ? std::nullopt : std::optional(its.has);
}

std::optional<wire::DownVersion> Downstream::versionOf(const record::KioskId& kiosk) const {
    const auto found = kiosks_.find(kiosk);
    return found == kiosks_.end() ? std::nullopt : std::optional(found->second.has);
}

void Downstream::keepOnly(std::function<bool(const record::KioskId&)> isOurs) {
    isOurs_ = std::move(isOurs);
    std::erase_if(kiosks_, [&](const auto& one) { return !isOurs_(one.first); });
}

}  // namespace tapport::hub
