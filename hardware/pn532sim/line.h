// SPDX-License-Identifier: GPL-3.0-or-later
// The serial line between host and chip: frames, acknowledgements, faults and, when asked for, the
// pace of real parts. Sans-I/O: bytes and the time go in, bytes with the time they are due come
// out.
#pragma once

#include "hardware/pn532sim/chip.h"
#include "hardware/pn532sim/frame.h"

#include <deque>

namespace tapport::pn532sim {

using TimePoint = std::chrono::steady_clock::time_point;

enum class Pace : std::uint8_t {
    Plain,  ///< at once, but for the breath that the search for a tag takes
    Real,   ///< 115200 baud, time on air, the chip's own delay
};

/// How the chip misbehaves until it is mended.
enum class Health : std::uint8_t {
    Fine,
    Mute,   ///< acknowledges and never replies
    NoAck,  ///< replies without acknowledging
    Dead,
};

/// What goes wrong with the next reply alone.
enum class Glitch : std::uint8_t { None, BadChecksum, Truncated, BadStatus };

class Line {
  public:
    explicit Line(Pace pace) : pace_(pace) {}

    void receive(ByteView fromHost, TimePoint now);
    /// Bytes that are due; call again at nextDue().
    [[nodiscard]] Bytes take(TimePoint now);
    [[nodiscard]] std::optional<TimePoint> nextDue() const;

    /// The tags changed: an endless select may answer now.
    void fieldChanged(TimePoint now);
    void setHealth(Health health);
    void setGlitch(Glitch glitch) { glitch_ = glitch; }
    /// The plug is pulled: what was under way is lost, tags in the field lose power.
    void reset();

    [[nodiscard]] Health health() const { return health_; }
    [[nodiscard]] Chip& chip() { return chip_; }

  private:
    struct Outgoing {
        TimePoint due;
        Bytes bytes;
    };
    void answer(const Received& received, TimePoint now);
    void queue(Bytes bytes, TimePoint from, std::chrono::microseconds extra);
    [[nodiscard]] Bytes replyFrame(const ChipAnswer& answer);

    Pace pace_;
    Health health_ = Health::Fine;
    Glitch glitch_ = Glitch::None;
    Chip chip_;
    FrameDecoder decoder_;
    std::deque<Outgoing> out_;
};

}  // namespace tapport::pn532sim
