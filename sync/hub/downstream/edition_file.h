// SPDX-License-Identifier: GPL-3.0-or-later
// The edition of the event file that the event's root signed for kiosks (`tapport event publish`),
// in a file that may be replaced at any time. Called on the store's thread.
#pragma once

#include "sync/event/event.h"
#include "sync/hub/store/down_log.h"

#include <filesystem>

namespace tapport::hub {

class EditionFile {
  public:
    /// `event` and `log` must outlive it. The file need not be there.
    EditionFile(std::filesystem::path file, const event::Event& event, DownLog& log)
        : file_(std::move(file)), event_(event), log_(log) {}

    /// Tells kiosks of it when it is new. True once a change of the file that is good. An error
    /// once a change: not signed by the root, not this event's or with other keys, or too large;
    /// what kiosks were told before stands. Storage: tried again.
    [[nodiscard]] Result<bool> refresh();

  private:
    struct Stamp {
        std::filesystem::file_time_type changed;
        std::uintmax_t size = 0;
        bool operator==(const Stamp&) const = default;
    };
    [[nodiscard]] Result<> take();
    /// Of what kiosks were told last; 0: nothing.
    [[nodiscard]] Result<std::uint64_t> editionTold();

    std::filesystem::path file_;
    const event::Event& event_;
    DownLog& log_;
    std::optional<Stamp> seen_;
};

}  // namespace tapport::hub
