// SPDX-License-Identifier: GPL-3.0-or-later
// What tapport-reader and its parent say to each other over a socket pair: a length (four octets,
// big-endian) and that many octets of CBOR. Documented in README.md. Pure.
#pragma once

#include "hardware/reader/badge_reader.h"
#include "sync/base/error.h"

#include <optional>
#include <variant>

namespace tapport::reader {

/// The device is open and answers.
struct Opened {};
/// The child is alive and well; at least once a second, so that the parent can tell a hang.
struct Heartbeat {};
/// The device is lost; the child ends after this.
struct DeviceFailed {
    std::string why;
};
struct WriteEnded {
    std::uint64_t request = 0;
    bool succeeded = false;
    std::string why;
};
using FromChild = std::variant<Opened, Heartbeat, DeviceFailed, BadgeRead, BadgeUnusable,
                               BadgeRemoved, WriteEnded>;

/// Write this to the next badge, instead of what an earlier request asked for.
struct WriteRequest {
    std::uint64_t request = 0;
    Bytes message;
};

/// Framed, ready to send.
[[nodiscard]] Bytes encode(const FromChild& message);
[[nodiscard]] Bytes encode(const WriteRequest& request);
/// Without the length.
[[nodiscard]] Result<FromChild> decodeFromChild(ByteView packet);
[[nodiscard]] Result<WriteRequest> decodeWriteRequest(ByteView packet);

inline constexpr std::size_t kMaxPacket = 16 * 1024;

/// Cuts a byte stream into packets.
class PacketSplitter {
  public:
    void feed(ByteView bytes) { buffer_.insert(buffer_.end(), bytes.begin(), bytes.end()); }
    /// Nothing while none is complete; InvalidInput for a length beyond kMaxPacket, after which the
    /// stream is of no more use.
    [[nodiscard]] Result<std::optional<Bytes>> next();

  private:
    Bytes buffer_;
};

}  // namespace tapport::reader
