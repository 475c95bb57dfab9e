// SPDX-License-Identifier: GPL-3.0-or-later
// The board's buzzer: an evdev device that takes tones (Linux input.h, EV_SND / SND_TONE), such as
// pwm-beeper or the PC speaker. A board without one stays silent.
#pragma once

#include "sync/base/error.h"

#include <filesystem>

namespace tapport::board {

/// Any one thread.
class Beeper {
  public:
    /// Silent.
    Beeper() = default;
    /// `device` is such as /dev/input/by-path/platform-pwm-beeper-event. NotFound if it cannot be
    /// opened.
    [[nodiscard]] static Result<Beeper> open(const std::filesystem::path& device);
    ~Beeper();
    Beeper(Beeper&& other) noexcept;
    Beeper& operator=(Beeper&& other) noexcept;

    /// Starts a tone, 0 ends it. Never blocks; a device that went away is ignored.
    void tone(int hertz);

  private:
    int device_ = -1;
};

}  // namespace tapport::board
