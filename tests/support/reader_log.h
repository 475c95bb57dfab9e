// SPDX-License-Identifier: GPL-3.0-or-later
// Collects what a badge reader tells, one word an event, so that a test can wait for a story.
#pragma once

#include "hardware/reader/badge_reader.h"

#include <mutex>
#include <string>
#include <vector>

namespace tapport::support {

class ReaderLog {
  public:
    /// For BadgeReader::start(); the log must outlive the reader.
    [[nodiscard]] std::function<void(const reader::ReaderEvent&)> listener();

    /// All words so far: "back", "lost", "read", "removed", "written", "unwritten", "unknown",
    /// "empty", "malformed", "too-soon", "several".
    [[nodiscard]] std::string words() const;
    /// Waits until words() is this, and gives words() for a readable comparison.
    [[nodiscard]] std::string waitFor(const std::string& words) const;
    /// The message of the last badge read, and its UID.
    [[nodiscard]] Bytes lastMessage() const;
    [[nodiscard]] Bytes lastUid() const;
    /// The reason of the last loss or failed write.
    [[nodiscard]] std::string lastWhy() const;
    void clear();

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> words_;
    reader::BadgeRead lastRead_;
    std::string lastWhy_;
};

}  // namespace tapport::support
