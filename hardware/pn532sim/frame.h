// SPDX-License-Identifier: GPL-3.0-or-later
// PN532 host frames on a serial line (UM0701-02, section 6.2.1): both directions. Pure.
#pragma once

#include "sync/base/bytes.h"

#include <optional>

namespace tapport::pn532sim {

inline constexpr std::array<std::uint8_t, 6> kAckFrame = {0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00};
/// What the chip says to a command it does not know, or whose parameters are broken.
inline constexpr std::array<std::uint8_t, 8> kErrorFrame = {0x00, 0x00, 0xFF, 0x01,
                                                            0xFF, 0x7F, 0x81, 0x00};

enum class Direction : std::uint8_t { HostToChip = 0xD4, ChipToHost = 0xD5 };

/// A normal frame, or an extended one when the payload needs it. The payload starts with the
/// command code and excludes the direction octet (TFI).
[[nodiscard]] Bytes encodeFrame(Direction direction, ByteView payload);

struct Received {
    enum class Kind : std::uint8_t {
        Command,
        Ack,  ///< from the host it cancels what the chip is doing
        Nack,
    };
    Kind kind = Kind::Command;
    Bytes payload;             ///< of a Command
    std::size_t wireSize = 0;  ///< bytes it took on the line, wake-up preamble included
};

/// Cuts a byte stream from the host into frames. Anything between frames (wake-up bytes, noise) and
/// frames with a wrong length or data checksum are skipped, as the chip does.
class FrameDecoder {
  public:
    void feed(ByteView bytes);
    [[nodiscard]] std::optional<Received> next();
    void clear() {
        buffer_.clear();
        skipped_ = 0;
    }

  private:
    struct Layout;
    [[nodiscard]] std::optional<Layout> layoutAtFront() const;
    void drop(std::size_t count);

    Bytes buffer_;
    std::size_t skipped_ = 0;
};

}  // namespace tapport::pn532sim
