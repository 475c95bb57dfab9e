// SPDX-License-Identifier: GPL-3.0-or-later
// What kiosk and hub say to each other, and its one encoding (deterministic CBOR). Pure: sealed
// bytes stay sealed here. Every decoder is bounded and gives InvalidInput for anything but exactly
// one well-formed message. The whole format, as CDDL: sync/wire/README.md.
#pragma once

#include "sync/base/error.h"
#include "sync/record/seq_ranges.h"
#include "sync/record/time.h"

#include <variant>

namespace tapport::wire {

/// First item of every message. A reader refuses a version it does not know.
inline constexpr std::uint64_t kVersion = 1;

inline constexpr std::size_t kMostMessageBytes = 1024 * 1024;  ///< any message
inline constexpr std::size_t kMostUnits = 512;                 ///< in one batch
inline constexpr std::size_t kMostSealedBytes = 256 * 1024;    ///< of one unit
inline constexpr std::size_t kMostRanges = 1024;               ///< in each set of an ack

/// Random, made with the hub's database: tells a hub restored from a backup from the one before.
using HubEpoch = FixedBytes<struct HubEpochTag, 8>;
/// Random, made for each connection: tells a late last will from the present connection's state.
using ConnectionId = FixedBytes<struct ConnectionIdTag, 8>;

/// How the bytes of a batch's units are packed, outside the seal.
enum class Codec : std::uint8_t { None };

struct BatchUnit {
    std::uint64_t seq = 0;
    record::RecordId id;
    Bytes sealed;  ///< 1 to kMostSealedBytes
    bool operator==(const BatchUnit&) const = default;
};

/// Kiosk to hub: records, ascending by seq, not necessarily dense.
struct Batch {
    record::EventId event;
    record::KioskId kiosk;
    record::Epoch epoch;
    record::WallTime base;  ///< the kiosk's wall clock when it packed the batch
    Codec codec = Codec::None;
    std::vector<BatchUnit> units;  ///< 1 to kMostUnits
    bool operator==(const Batch&) const = default;
};

/// Kiosk to hub, first on every connection: asks which positions the hub holds.
struct Hello {
    record::EventId event;
    record::KioskId kiosk;
    record::Epoch epoch;
    std::uint64_t firstWaiting = 0;  ///< 0 when nothing waits
    std::uint64_t last = 0;          ///< highest seq ever given out; 0 when none
    bool operator==(const Hello&) const = default;
};

/// Hub to kiosk, only ever after the commit that it speaks of. Answers a batch with that batch's
/// positions (again, if they were duplicates), and a hello with everything held of that epoch.
struct Ack {
    HubEpoch hub;
    record::Epoch epoch;                ///< the kiosk's; an ack for another epoch is ignored
    record::SeqRanges received;         ///< at most kMostRanges ranges
    record::SeqRanges quarantined;      ///< held, but not readable; apart from `received`
    std::uint64_t completeThrough = 0;  ///< 0: positions are added. Else every position up to here
                                        ///< that neither set names is missing at the hub
    std::uint64_t watermark = 0;        ///< everything up to here is opened and backed up
    std::uint32_t creditBytes = 0;      ///< most bytes of payload the hub wants in flight
    record::WallTime hubTime;
    bool operator==(const Ack&) const = default;
};

enum class Presence : std::uint8_t { Offline, Online };

/// Retained on kHubTopic.
struct HubState {
    Presence presence = Presence::Offline;
    HubEpoch hub;
    bool operator==(const HubState&) const = default;
};

/// Retained on stateTopic(). A hint for people; nothing is decided by it.
struct KioskState {
    Presence presence = Presence::Offline;
    ConnectionId connection;
    bool operator==(const KioskState&) const = default;
};

/// The caller keeps the bounds above; a message beyond them is encoded, and refused by its reader.
[[nodiscard]] Bytes encode(const Batch& batch);
[[nodiscard]] Bytes encode(const Hello& hello);
[[nodiscard]] Bytes encode(const Ack& ack);
[[nodiscard]] Bytes encode(const HubState& state);
[[nodiscard]] Bytes encode(const KioskState& state);

using UpMessage = std::variant<Batch, Hello>;
[[nodiscard]] Result<UpMessage> decodeUp(ByteView bytes);
[[nodiscard]] Result<Ack> decodeAck(ByteView bytes);
[[nodiscard]] Result<HubState> decodeHubState(ByteView bytes);
[[nodiscard]] Result<KioskState> decodeKioskState(ByteView bytes);

}  // namespace tapport::wire
