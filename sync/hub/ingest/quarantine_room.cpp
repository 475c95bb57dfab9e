// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/ingest/quarantine_room.h"

#include "sync/wire/topics.h"

namespace tapport::hub {
namespace {

record::KioskId whose(const std::string& topic) {
    return wire::kioskOfUpTopic(topic).value_or(record::KioskId{});
}

}  // namespace

Result<QuarantineRoom::Answer> QuarantineRoom::ask(const std::string& topic, std::size_t bytes,
                                                   record::WallTime now) {
    const record::KioskId kiosk = whose(topic);
    const std::uint64_t more = bytes + kQuarantineEntry;
    const auto isTooMuch = [&] { return used_[kiosk] + more > most_; };
    if (!lookedAt_ || isTooMuch()) {
        if (const auto looked = look(now); !looked) {
            return tl::unexpected(looked.error());
        }
    }
    if (isTooMuch()) {
        return full_.insert(kiosk).second ? Answer::Full : Answer::StillFull;
    }
    used_[kiosk] += more;
    full_.erase(kiosk);
    return Answer::Kept;
}

Result<std::set<record::KioskId>> QuarantineRoom::full(record::WallTime now) {
    if (full_.empty()) {
        return full_;
    }
    return look(now).map([&] { return full_; });
}

Result<> QuarantineRoom::look(record::WallTime now) {
    if (lookedAt_ && std::chrono::abs(now - *lookedAt_) < kBetweenLooks) {
        return {};
    }
    const auto bytes = store_.quarantinedBytes();
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    lookedAt_ = now;
    std::map<record::KioskId, std::uint64_t> before = std::exchange(used_, {});
    for (const auto& [topic, size] : *bytes) {
        // A name alone has what was kept, and could not be opened later: that has no bound.
        if (!record::isName(topic)) {
            used_[whose(topic)] += size;
        }
    }
    // Less than there was when it was refused: somebody made room.
    std::erase_if(full_,
                  [&](const record::KioskId& kiosk) { return used_[kiosk] < before[kiosk]; });
    return {};
}

}  // namespace tapport::hub
