// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/board/beeper.h"

#include <cstring>
#include <utility>

#include <fcntl.h>
#include <linux/input.h>
#include <unistd.h>

namespace tapport::board {

Result<Beeper> Beeper::open(const std::filesystem::path& device) {
    Beeper beeper;
    beeper.device_ = ::open(device.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (beeper.device_ < 0) {
        return fail(Code::NotFound, "buzzer " + device.string() + ": " + std::strerror(errno));
    }
    return beeper;
}

Beeper::~Beeper() {
    if (device_ >= 0) {
        ::close(device_);
    }
}

Beeper::Beeper(Beeper&& other) noexcept : device_(std::exchange(other.device_, -1)) {}

Beeper& Beeper::operator=(Beeper&& other) noexcept {
    std::swap(device_, other.device_);
    return *this;
}

void Beeper::tone(int hertz) {
    if (device_ < 0) {
        return;
    }
    input_event event{};
    event.type = EV_SND;
    event.code = SND_TONE;
    event.value = hertz;
    // A lost beep is no failure: every signal is a shape and a text as well.
    [[maybe_unused]] const auto written = ::write(device_, &event, sizeof event);
}

}  // namespace tapport::board
