// SPDX-License-Identifier: GPL-3.0-or-later
// One tag in the field: ISO 14443-3 type A states and the NTAG command set on top of its memory.
// Pure.
#pragma once

#include "hardware/pn532sim/tag_memory.h"

#include <optional>
#include <string_view>

namespace tapport::pn532sim {

/// What comes back over the air.
struct TagAnswer {
    enum class Kind : std::uint8_t { Silence, Data, Ack, Nak };
    Kind kind = Kind::Silence;
    Bytes data;
};

class Tag {
  public:
    /// An NTAG.
    explicit Tag(TagMemory memory);
    /// A tag that has an id and nothing else; 4, 7 or 10 octets.
    explicit Tag(Bytes uid);

    [[nodiscard]] const Bytes& uid() const { return uid_; }
    [[nodiscard]] std::array<std::uint8_t, 2> atqa() const;
    [[nodiscard]] std::uint8_t sak() const;
    [[nodiscard]] const std::optional<TagMemory>& memory() const { return memory_; }
    /// The tag leaves the field after this many further commands; for tests.
    void leaveAfter(unsigned commands) { commandsLeft_ = commands; }
    [[nodiscard]] bool hasLeft() const { return commandsLeft_ == 0U; }

    void losePower();
    /// REQA: true when the tag answers and can be selected. An active tag falls back to idle.
    [[nodiscard]] bool answersRequest();
    void select();
    void halt();
    [[nodiscard]] TagAnswer exchange(ByteView command);

  private:
    enum class State : std::uint8_t { Idle, Active, Halted };
    [[nodiscard]] TagAnswer answer(ByteView command);
    [[nodiscard]] TagAnswer nak();

    std::optional<TagMemory> memory_;
    Bytes uid_;
    State state_ = State::Idle;
    bool isUnlocked_ = false;
    std::optional<unsigned> commandsLeft_;
};

}  // namespace tapport::pn532sim
