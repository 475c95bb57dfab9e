// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/wire/topics.h"

#include <fmt/core.h>

namespace tapport::wire {

unsigned shardOf(const record::KioskId& kiosk) {
    constexpr std::uint32_t kOffsetBasis = 2166136261U;
    constexpr std::uint32_t kPrime = 16777619U;
    std::uint32_t hash = kOffsetBasis;
    for (const std::uint8_t byte : viewOf(kiosk.value)) {
        hash = (hash ^ byte) * kPrime;
    }
    return hash % kShards;
}

std::string upTopic(const record::KioskId& kiosk) {
    return fmt::format("tapport/1/up/{:02}/{}", shardOf(kiosk), kiosk.value);
}

std::string upFilter(unsigned shard) {
    return fmt::format("tapport/1/up/{:02}/+", shard);
}

std::string ackTopic(const record::KioskId& kiosk) {
    return "tapport/1/ack/" + kiosk.value;
}

std::string downTopic(const record::KioskId& kiosk) {
    return "tapport/1/down/" + kiosk.value;
}

std::string stateTopic(const record::KioskId& kiosk) {
    return "tapport/1/state/" + kiosk.value;
}

namespace {

/// Whose `topicOf` it is; it ends with the kiosk's name.
Result<record::KioskId> kioskOf(std::string_view topic,
                                std::string (*topicOf)(const record::KioskId&)) {
    const record::KioskId kiosk{std::string(topic.substr(topic.rfind('/') + 1))};
    if (!record::isName(kiosk.value) || topic != topicOf(kiosk)) {
        return fail(Code::InvalidInput, "not such a topic of a kiosk");
    }
    return kiosk;
}

}  // namespace

Result<record::KioskId> kioskOfUpTopic(std::string_view topic) {
    return kioskOf(topic, upTopic);
}

Result<record::KioskId> kioskOfStateTopic(std::string_view topic) {
    return kioskOf(topic, stateTopic);
}

}  // namespace tapport::wire
