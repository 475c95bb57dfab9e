// SPDX-License-Identifier: GPL-3.0-or-later
// What kiosk and hub say to each other, and its one encoding (deterministic CBOR). Pure: sealed
// bytes stay sealed here. Every decoder is bounded and gives InvalidInput for anything but exactly
// one well-formed message. The whole format, as CDDL: sync/wire/README.md.
#pragma once

#include "sync/base/error.h"
#include "sync/record/ids.h"
#include "sync/record/seq_ranges.h"
#include "sync/record/time.h"

#include <functional>
#include <optional>
#include <variant>

namespace tapport::wire {

/// First item of every message. A reader refuses a version it does not know.
inline constexpr std::uint64_t kVersion = 3;

inline constexpr std::size_t kMostMessageBytes = 1024 * 1024;  ///< any message
inline constexpr std::size_t kMostUnits = 512;                 ///< in one batch
inline constexpr std::size_t kMostSealedBytes = 256 * 1024;    ///< of one unit
inline constexpr std::size_t kMostRanges = 1024;               ///< in each set of an ack
inline constexpr std::size_t kMostAnswered = 64;               ///< batches in one ack

/// Random, made with the hub's database: tells a hub restored from a backup from the one before.
using HubEpoch = FixedBytes<struct HubEpochTag, 8>;
/// Random, made for each connection: tells a late last will from the present connection's state.
using ConnectionId = FixedBytes<struct ConnectionIdTag, 8>;
/// The beginning of a batch's signature. Two copies of a card sign with one key: the same name is
/// the same records at the same positions, and other records never have it.
using BatchName = FixedBytes<struct BatchNameTag, 8>;

/// How the bytes of a batch's units are packed, outside the seal.
enum class Codec : std::uint8_t { None };

struct BatchUnit {
    record::RecordId id;
    Blob sealed;  ///< 1 to kMostSealedBytes; of one that was decoded, lent by the payload
    bool operator==(const BatchUnit&) const = default;
};

/// Records at positions without a gap: the n-th unit stands at first + n.
struct Run {
    std::uint64_t first = 1;
    record::ChainHash before;  ///< chain value of the position before `first`
    std::vector<BatchUnit> units;
    bool operator==(const Run&) const = default;
};

/// Kiosk to hub: records. Runs are ascending and apart from each other.
struct Batch {
    record::EventId event;
    record::KioskId kiosk;
    record::Epoch epoch;
    record::WallTime base;  ///< the kiosk's wall clock when it packed the batch
    Codec codec = Codec::None;
    std::vector<Run> runs;  ///< with 1 to kMostUnits units in all
    bool operator==(const Batch&) const = default;
};

/// Where an epoch left another one.
struct ForkPoint {
    record::Epoch epoch;
    std::uint64_t seq = 0;  ///< highest that was given out in it
    bool operator==(const ForkPoint&) const = default;
};

/// How much of the hub's downstream state (downstream.h): a version in each of its two orders. 0:
/// none of it.
struct DownVersion {
    std::uint64_t urgent = 0;
    std::uint64_t bulk = 0;
    bool operator==(const DownVersion&) const = default;
    /// In both.
    [[nodiscard]] bool reaches(const DownVersion& other) const {
        return urgent >= other.urgent && bulk >= other.bulk;
    }
};

/// Kiosk to hub, first on every connection and for each of its epochs: asks which positions the hub
/// holds.
struct Hello {
    record::EventId event;
    record::KioskId kiosk;
    record::Epoch epoch;
    std::uint64_t firstWaiting = 0;     ///< 0 when nothing waits
    std::uint64_t last = 0;             ///< highest seq ever given out; 0 when none
    record::ChainHash lastChain;        ///< of `last`
    std::optional<ForkPoint> forkOf{};  ///< set when the hub and the kiosk had come apart
    DownVersion downVersion{};          ///< DownState::version, of the hub epoch it was announced
    record::WallTime base{};            ///< the kiosk's wall clock when it said so
    bool operator==(const Hello&) const = default;
};

/// Which of the hub's downstream state somebody has (downstream.h).
struct DownState {
    HubEpoch hub;  ///< whose versions these are
    DownVersion version;
    bool operator==(const DownState&) const = default;
};

/// Kiosk to hub: answers each chunk with what it has now. The hub goes on from there.
struct DownAck {
    record::EventId event;
    record::KioskId kiosk;
    DownState has;
    bool operator==(const DownAck&) const = default;
};

/// Kiosk to hub, the last that is heard of it: the event is over here, because this hub has proven
/// that it has everything. Keys and data are being destroyed.
struct Farewell {
    record::EventId event;
    record::KioskId kiosk;
    HubEpoch hub;
    bool operator==(const Farewell&) const = default;
};

/// The end of the hub's records without a gap, and what they were. 0 and zeros: it has none.
struct Prefix {
    std::uint64_t seq = 0;
    record::ChainHash chain;
    bool operator==(const Prefix&) const = default;
};

/// That the hub has committed a batch: every record of it is held.
struct Answered {
    BatchName name;
    record::SeqRanges quarantined;  ///< positions of it that are held unread; mostly none
    bool operator==(const Answered&) const = default;
};

/// Hub to kiosk, only ever after the commit that it speaks of. Answers either batches, by name
/// (again, if they were duplicates), or a hello, with everything held of that epoch.
struct Ack {
    HubEpoch hub;
    record::Epoch epoch;                ///< the kiosk's; an ack for another epoch is ignored
    std::vector<Answered> batches{};    ///< at most kMostAnswered; none: answers a hello
    record::SeqRanges received;         ///< at most kMostRanges ranges; to a hello, as the next
    record::SeqRanges quarantined;      ///< held, but not readable; apart from `received`
    std::uint64_t completeThrough = 0;  ///< 0: answers batches. Else every position up to here that
                                        ///< neither set names is missing at the hub
    Prefix prefix{};
    std::uint64_t watermark = 0;    ///< everything up to here is opened and backed up
    std::uint32_t creditBytes = 0;  ///< most bytes of payload the hub wants in flight
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

/// Signs what it is given with its owner's Ed25519 key, which stays elsewhere.
using Signer = std::function<record::Signature(ByteView covered)>;

/// The caller keeps the bounds above; a message beyond them is encoded, and refused by its reader.
[[nodiscard]] Bytes encode(const Batch& batch, const Signer& kiosk);
[[nodiscard]] Bytes encode(const Hello& hello, const Signer& kiosk);
[[nodiscard]] Bytes encode(const DownAck& ack, const Signer& kiosk);
[[nodiscard]] Bytes encode(const Farewell& farewell, const Signer& kiosk);
[[nodiscard]] Bytes encode(const Ack& ack, const Signer& hub);
[[nodiscard]] Bytes encode(const HubState& state);
[[nodiscard]] Bytes encode(const KioskState& state);

using UpMessage = std::variant<Batch, Hello, DownAck, Farewell>;

/// Of an encoded batch.
[[nodiscard]] BatchName nameOf(ByteView batch);

/// Well-formed, and signed by somebody: who that is, the caller checks before believing any of it.
template <typename Message>
struct Signed {
    Message message;
    Bytes covered;  ///< what the signature is over: a label and the digest of the rest
    record::Signature signature;
};

[[nodiscard]] Result<Signed<UpMessage>> decodeUp(ByteView bytes);
[[nodiscard]] Result<Signed<Ack>> decodeAck(ByteView bytes);
[[nodiscard]] Result<HubState> decodeHubState(ByteView bytes);
[[nodiscard]] Result<KioskState> decodeKioskState(ByteView bytes);

}  // namespace tapport::wire
