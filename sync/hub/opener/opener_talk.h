// SPDX-License-Identifier: GPL-3.0-or-later
// What the hub and its opener process say to each other over a socket: frames of a length (4
// bytes, big-endian) and a CBOR array. The opener speaks first, once: whether it has the key. Then
// each request has one answer.
//
//   greeting   [version, code / null, text]         why it cannot open; with null: whose key it has
//   request    [* [id, kiosk, epoch, seq, sealed]]
//   answer     [* [0, unit] / [1, reason, text]]    one a unit, in order; the unit as in a seal
#pragma once

#include "sync/hub/store/store.h"

#include <chrono>

namespace tapport::hub::talk {

[[nodiscard]] Bytes encodeGreeting(const Result<record::EventId>& ready);
/// As it was encoded; Internal for a greeting of another version.
[[nodiscard]] Result<record::EventId> decodeGreeting(ByteView bytes);

[[nodiscard]] Bytes encodeRequest(std::span<const Waiting> units);
[[nodiscard]] Result<std::vector<Waiting>> decodeRequest(ByteView bytes);

/// `opened` answers `asked`, one for one.
[[nodiscard]] Bytes encodeAnswer(std::span<const Opened> opened, std::span<const Waiting> asked);
/// InvalidInput unless it answers exactly what was asked.
[[nodiscard]] Result<std::vector<Opened>> decodeAnswer(ByteView bytes,
                                                       std::span<const Waiting> asked);

using Deadline = std::chrono::steady_clock::time_point;

/// Network: the other end is gone, or was silent until the deadline.
[[nodiscard]] Result<> writeFrame(int socket, ByteView bytes, Deadline deadline);
/// NotFound: the other end closed between frames. Network: as above.
[[nodiscard]] Result<Bytes> readFrame(int socket, Deadline deadline);

}  // namespace tapport::hub::talk
