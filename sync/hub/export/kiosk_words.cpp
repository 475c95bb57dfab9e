// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/export/kiosk_words.h"

#include <fmt/core.h>

namespace tapport::hub {
namespace {

/// "2026-06-09 09:00:00 UTC", as the pages say a time.
std::string momentText(std::string iso) {
    constexpr std::size_t kDate = 10;
    constexpr std::size_t kWhole = 19;
    if (iso.size() <= kWhole) {
        return iso;
    }
    iso.resize(kWhole);
    iso[kDate] = ' ';
    return iso + " UTC";
}

}  // namespace

std::string spanText(record::Millis span) {
    using namespace std::chrono;
    const auto whole = std::max(duration_cast<seconds>(span), seconds(0));
    if (whole < minutes(1)) {
        return fmt::format("{} s", whole.count());
    }
    if (whole < hours(1)) {
        return fmt::format("{} min", duration_cast<minutes>(whole).count());
    }
    if (whole < days(2)) {
        const auto past = duration_cast<minutes>(whole % hours(1)).count();
        const auto full = fmt::format("{} h", duration_cast<hours>(whole).count());
        return past == 0 ? full : fmt::format("{} {} min", full, past);
    }
    return fmt::format("{} days", duration_cast<days>(whole).count());
}

const KioskPresence* presenceOf(const HubStatus& status, const record::KioskId& kiosk) {
    if (!status.presence) {
        return nullptr;
    }
    const auto found = status.presence->find(kiosk);
    return found == status.presence->end() ? nullptr : &found->second;
}

std::string presenceText(const KioskPresence* presence, record::WallTime now) {
    if (presence == nullptr) {
        return "not seen";
    }
    const std::string text = presence->isConnected ? "connected" : "not connected";
    return presence->since ? text + " for " + spanText(now - *presence->since) : text;
}

std::string quarantineText(const HubStatus& status) {
    std::string names;
    for (const record::KioskId& kiosk : status.quarantineFull) {
        names += (names.empty() ? "" : ", ") +
                 (kiosk.value.empty() ? std::string("nobody's topic") : kiosk.value);
    }
    return names.empty() ? names
                         : "the quarantine is full of what came from " + names +
                               ": more of it is not kept, and not acknowledged, until some is "
                               "discarded or tried again";
}

std::vector<std::string> fateTexts(const HubStatus& status, const record::KioskId& kiosk) {
    std::vector<std::string> texts;
    const auto fate = status.fates.find(kiosk);
    if (fate == status.fates.end()) {
        return texts;
    }
    if (fate->second.isRevoked) {
        texts.emplace_back("revoked");
    }
    if (fate->second.ended) {
        texts.push_back("the event is over there since " + momentText(*fate->second.ended));
    } else if (fate->second.isOver) {
        texts.emplace_back("told that the event is over");
    }
    return texts;
}

std::string clockText(const KioskStanding& kiosk) {
    if (!kiosk.isClockOff()) {
        return {};
    }
    const record::Millis ahead = *kiosk.clockAhead;
    return fmt::format("clock {} {}", spanText(std::chrono::abs(ahead)),
                       ahead > record::Millis(0) ? "ahead" : "behind");
}

}  // namespace tapport::hub
