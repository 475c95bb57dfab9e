// SPDX-License-Identifier: GPL-3.0-or-later
// The spelling of every enumerator, in one place: logs, exports and the event file use these.
#include "sync/record/unit.h"

#include <fmt/chrono.h>

namespace tapport::record {
namespace {

constexpr std::array<std::string_view, 5> kChannels{"email", "phone", "sms", "post", "messenger"};
constexpr std::array<std::string_view, 10> kStates{
    "given",    "refused", "withdrawn", "renewed", "expired",
    "objected", "erased",  "confirmed", "revoked", "invalidated"};
constexpr std::array<std::string_view, 8> kMethods{"kiosk-yes", "kiosk-no",     "re-tap",
                                                   "oral",      "receipt-link", "email-confirm",
                                                   "one-click", "timeout"};
constexpr std::array<std::string_view, 4> kBy{"subject", "guardian", "controller", "authority"};
constexpr std::array<std::string_view, 4> kQualities{"unset", "holdover", "synced", "stepped"};
constexpr std::array<std::string_view, 5> kKinds{"visit", "refusal", "withdrawal", "conversation",
                                                 "count"};

template <typename Enum, std::size_t N>
std::string_view spelt(const std::array<std::string_view, N>& names, Enum value) {
    return names.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string_view nameOf(Channel channel) {
    return spelt(kChannels, channel);
}
std::string_view nameOf(ConsentState state) {
    return spelt(kStates, state);
}
std::string_view nameOf(Method method) {
    return spelt(kMethods, method);
}
std::string_view nameOf(ExpressedBy by) {
    return spelt(kBy, by);
}
std::string_view nameOf(ClockQuality quality) {
    return spelt(kQualities, quality);
}
std::string_view nameOf(UnitKind kind) {
    return spelt(kKinds, kind);
}

std::optional<Channel> channelNamed(std::string_view name) {
    const auto* const found = std::find(kChannels.begin(), kChannels.end(), name);
    if (found == kChannels.end()) {
        return std::nullopt;
    }
    return static_cast<Channel>(found - kChannels.begin());
}

std::string isoText(WallTime time) {
    const auto millis = time.time_since_epoch() % std::chrono::seconds(1);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::floor<std::chrono::seconds>(time)),
                       millis.count() < 0 ? millis.count() + 1000 : millis.count());
}

}  // namespace tapport::record
