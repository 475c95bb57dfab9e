// SPDX-License-Identifier: GPL-3.0-or-later
// One of each message, with everything in it that it may hold.
#pragma once

#include "sync/wire/messages.h"

namespace tapport::wire {

/// Milliseconds from 1970 to the year 10000.
inline constexpr std::int64_t kEndOfTime = 253'402'300'800'000;

template <typename Id>
Id idOf(std::uint8_t byte) {
    return *Id::from(Bytes(Id::kSize, byte));
}

/// Over anything: the bytes of a signature, not its worth, are this folder's matter.
inline Signer signer(std::uint8_t byte = 7) {
    return [byte](ByteView) { return idOf<record::Signature>(byte); };
}

inline Batch sampleBatch() {
    return {{"demo-2026"},
            {"kiosk-1"},
            idOf<record::Epoch>(1),
            record::WallTime(record::Millis(1'790'000'000'000)),
            Codec::None,
            {{41,
              idOf<record::ChainHash>(4),
              {{idOf<record::RecordId>(2), Bytes(256, 0xAB)},
               {idOf<record::RecordId>(3), Bytes(512, 0xCD)}}},
             {44, idOf<record::ChainHash>(5), {{idOf<record::RecordId>(6), Bytes(256, 0xEF)}}}}};
}

inline Hello sampleHello() {
    return {{"demo-2026"},
            {"kiosk-1"},
            idOf<record::Epoch>(1),
            41,
            44,
            idOf<record::ChainHash>(4),
            ForkPoint{idOf<record::Epoch>(8), 17},
            {3, 500},
            record::WallTime(record::Millis(1'790'000'000'123))};
}

inline Ack sampleAck() {
    Ack ack;
    ack.hub = idOf<HubEpoch>(9);
    ack.epoch = idOf<record::Epoch>(1);
    ack.received.add({1, 40});
    ack.received.add(42);
    ack.quarantined.add(41);
    ack.completeThrough = 43;
    ack.prefix = {42, idOf<record::ChainHash>(4)};
    ack.watermark = 12;
    ack.creditBytes = 262'144;
    ack.hubTime = record::WallTime(record::Millis(1'790'000'000'123));
    return ack;
}

/// To two batches, one of which the hub could not read in whole.
inline Ack sampleBatchAck() {
    Ack ack;
    ack.hub = idOf<HubEpoch>(9);
    ack.epoch = idOf<record::Epoch>(1);
    ack.batches = {{idOf<BatchName>(3), {}}, {idOf<BatchName>(4), {}}};
    ack.batches[1].quarantined.add({44, 45});
    ack.watermark = 12;
    ack.creditBytes = 262'144;
    ack.hubTime = record::WallTime(record::Millis(1'790'000'000'123));
    return ack;
}

inline DownAck sampleDownAck() {
    return {{"demo-2026"}, {"kiosk-1"}, {idOf<HubEpoch>(9), {17, 300}}};
}

inline Farewell sampleFarewell() {
    return {{"demo-2026"}, {"kiosk-1"}, idOf<HubEpoch>(9)};
}

inline std::vector<Bytes> sampleEncodings() {
    return {encode(sampleBatch(), signer()),
            encode(sampleHello(), signer()),
            encode(sampleDownAck(), signer()),
            encode(sampleFarewell(), signer()),
            encode(sampleAck(), signer()),
            encode(sampleBatchAck(), signer()),
            encode(HubState{Presence::Online, idOf<HubEpoch>(9)}),
            encode(KioskState{Presence::Online, idOf<ConnectionId>(5)})};
}

}  // namespace tapport::wire
