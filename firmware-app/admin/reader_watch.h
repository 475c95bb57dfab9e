// SPDX-License-Identifier: GPL-3.0-or-later
// A badge reader's events for a command that waits: the reader's thread tells, the command takes.
#pragma once

#include "hardware/reader/reader_supervisor.h"

#include <condition_variable>
#include <deque>
#include <optional>

namespace tapport::admin {

class ReaderWatch {
  public:
    using Clock = std::chrono::steady_clock;

    /// Starts the reader program.
    explicit ReaderWatch(reader::SupervisorSettings settings);

    /// The next event; nothing at `deadline`.
    [[nodiscard]] std::optional<reader::ReaderEvent> next(Clock::time_point deadline);
    /// See BadgeReader::write().
    void write(Bytes message) { reader_.write(std::move(message)); }

  private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<reader::ReaderEvent> events_;
    reader::ReaderSupervisor reader_;  // last: its thread ends before what it tells goes
};

/// What `program` and `connstring` of kiosk.toml mean to a command. InvalidConfig when no reader is
/// named: libnfc must not open whatever serial port it finds.
[[nodiscard]] Result<reader::SupervisorSettings> readerSettings(
    const std::filesystem::path& program, const std::string& connstring);

/// Why the reader is lost, as an error: Busy while another process has it, Reader otherwise.
[[nodiscard]] Error errorOf(const reader::ReaderLost& lost);

}  // namespace tapport::admin
