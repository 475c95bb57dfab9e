// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/downstream/downstream.h"

#include <algorithm>

namespace tapport::hub {

void Downstream::heard(const record::KioskId& kiosk, std::uint64_t version) {
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

std::vector<Downstream::Due> Downstream::due(std::uint64_t newest, Instant now, std::size_t most) {
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

std::optional<std::uint64_t> Downstream::dueOf(Kiosk& its, std::uint64_t newest, Instant now) {
    if (its.has >= newest) {
        its.allSince = its.allSince.value_or(now);
        const bool isToBeAsked = newest > 0 && now - *its.allSince >= kLongPatience;
        return isToBeAsked ? std::optional(newest - 1) : std::nullopt;
    }
    its.allSince.reset();
    const auto patience = its.tries < kMostTries ? kFirstPatience * (1U << its.tries) / 2
                                                 : std::chrono::milliseconds(kLongPatience);
    const bool isWaitedFor = its.tries > 0 && now - its.toldAt < patience;
    return isWaitedFor ? std::nullopt : std::optional(its.has);
}

std::optional<std::uint64_t> Downstream::versionOf(const record::KioskId& kiosk) const {
    const auto found = kiosks_.find(kiosk);
    return found == kiosks_.end() ? std::nullopt : std::optional(found->second.has);
}

void Downstream::keepOnly(const std::function<bool(const record::KioskId&)>& isOurs) {
    std::erase_if(kiosks_, [&](const auto& one) { return !isOurs(one.first); });
}

}  // namespace tapport::hub
