// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/presence_board.h"

namespace tapport::hub {

void PresenceBoard::said(const record::KioskId& kiosk, const wire::KioskState& state,
                         record::WallTime now) {
    const std::lock_guard lock(mutex_);
    const bool isNew = !entries_.contains(kiosk);
    Entry* const entry = entryOf(kiosk);
    if (entry == nullptr) {
        return;
    }
    KioskPresence& presence = entry->presence;
    const bool isSame = !entry->connection || *entry->connection == state.connection;
    if (state.presence == wire::Presence::Online) {
        if (!presence.isConnected || !isSame) {
            presence = {true, now};
        }
        entry->connection = state.connection;
        entry->isDoubted = false;
    } else if (isNew) {
        presence = {false, std::nullopt};  // retained: nobody was there to see when
    } else if (presence.isConnected && isSame) {
        *entry = {{false, now}};
    }
}

void PresenceBoard::heard(const record::KioskId& kiosk, record::WallTime now) {
    const std::lock_guard lock(mutex_);
    Entry* const entry = entryOf(kiosk);
    if (entry != nullptr && !entry->presence.isConnected) {
        entry->presence = {true, now};
    }
    if (entry != nullptr) {
        entry->isDoubted = false;
    }
}

void PresenceBoard::doubt() {
    const std::lock_guard lock(mutex_);
    for (auto& [kiosk, entry] : entries_) {
        entry.isDoubted = entry.presence.isConnected;
    }
}

Presences PresenceBoard::read() const {
    const std::lock_guard lock(mutex_);
    Presences presences;
    for (const auto& [kiosk, entry] : entries_) {
        if (!entry.isDoubted) {
            presences.emplace(kiosk, entry.presence);
        }
    }
    return presences;
}

PresenceBoard::Entry* PresenceBoard::entryOf(const record::KioskId& kiosk) {
    const auto found = entries_.find(kiosk);
    if (found != entries_.end()) {
        return &found->second;
    }
    return entries_.size() < kMostKiosks ? &entries_[kiosk] : nullptr;
}

}  // namespace tapport::hub
