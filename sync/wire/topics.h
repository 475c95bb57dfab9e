// SPDX-License-Identifier: GPL-3.0-or-later
// Where messages travel. No dots, no spaces, no wildcard over retained topics: brokers other than
// mosquitto refuse or forget those. Pure. The whole format: sync/wire/README.md.
#pragma once

#include "sync/base/error.h"
#include "sync/record/ids.h"

namespace tapport::wire {

/// Up topics are spread over this many shards, so that hub workers can divide them later.
inline constexpr unsigned kShards = 64;

/// FNV-1a, 32 bits, over the kiosk id's bytes, modulo kShards. Never changes.
[[nodiscard]] unsigned shardOf(const record::KioskId& kiosk);

/// Batches and hellos, kiosk to hub; not retained.
[[nodiscard]] std::string upTopic(const record::KioskId& kiosk);
/// Acknowledgements, hub to kiosk; not retained.
[[nodiscard]] std::string ackTopic(const record::KioskId& kiosk);
/// What the hub tells this kiosk: chunks (downstream.h); not retained.
[[nodiscard]] std::string downTopic(const record::KioskId& kiosk);
/// The kiosk's presence; retained, and its last will.
[[nodiscard]] std::string stateTopic(const record::KioskId& kiosk);
/// The hub's presence; retained, and its last will.
inline constexpr std::string_view kHubTopic = "tapport/1/hub";
/// What a hub without partners subscribes to.
inline constexpr std::string_view kUpFilter = "tapport/1/up/+/+";
/// Up topics of one shard.
[[nodiscard]] std::string upFilter(unsigned shard);

/// Every kiosk's presence, as far as it is published from now on: of what is retained, some brokers
/// give nothing for it.
inline constexpr std::string_view kStateFilter = "tapport/1/state/+";
/// The kiosk that a state topic names. InvalidInput unless it is exactly that kiosk's.
[[nodiscard]] Result<record::KioskId> kioskOfStateTopic(std::string_view topic);

/// The kiosk that an up topic names. InvalidInput unless it is exactly that kiosk's up topic.
[[nodiscard]] Result<record::KioskId> kioskOfUpTopic(std::string_view topic);

}  // namespace tapport::wire
