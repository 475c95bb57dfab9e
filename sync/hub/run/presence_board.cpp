// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/presence_board.h"

namespace tapport::hub {

void PresenceBoard::said(const record::KioskId& kiosk, const wire::KioskState& state,
                         record::WallTime now) {
    const std::lock_guard lock(mutex_);
    ++said_;
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
    } else if (isSame || entry->isDoubted) {  // its present one may have come and gone unseen
        if (presence.isConnected) {           // else retained, or said before: nobody saw when
            presence = {false, now};
        }
        entry->connection.reset();
        entry->isDoubted = false;
        entry->left = said_;
    }
}

PresenceBoard::Moment PresenceBoard::moment() const {
    const std::lock_guard lock(mutex_);
    return said_;
}

void PresenceBoard::heard(const record::KioskId& kiosk, Moment came, record::WallTime now) {
    const std::lock_guard lock(mutex_);
    Entry* const entry = entryOf(kiosk);
    if (entry == nullptr || came < entry->left) {
        return;
    }
    if (!entry->presence.isConnected) {
        entry->presence = {true, now};
    }
    entry->isDoubted = false;
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
