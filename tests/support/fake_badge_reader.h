// SPDX-License-Identifier: GPL-3.0-or-later
// A badge reader without hardware: a test lays badges on it. Keeps the promises of
// hardware/reader/badge_reader.h (tests/contract); events arrive on the test's own thread.
#pragma once

#include "hardware/reader/badge_reader.h"

#include <optional>
#include <utility>

namespace tapport::support {

class FakeBadgeReader : public reader::BadgeReader {
  public:
    void start(std::function<void(const reader::ReaderEvent&)> listener) override {
        listener_ = std::move(listener);
        tell(reader::ReaderBack{});
    }
    void write(Bytes message) override {
        if (pending_) {
            tell(reader::BadgeWritten{false, "replaced by a later request"});
        }
        pending_ = std::move(message);
        if (lying_) {
            answerWrite();
        }
    }

    /// Lays down a badge with this NDEF message; a pending write is done instead of reading.
    void place(Bytes uid, Bytes message) {
        remove();
        lying_ = true;
        if (pending_) {
            answerWrite();
        } else {
            announced_ = true;
            tell(reader::BadgeRead{std::move(uid), std::move(message)});
        }
    }
    /// A badge that cannot be read; an empty one can be written.
    void placeUnusable(reader::Unusable reason) {
        remove();
        lying_ = true;
        if (pending_ && reason == reader::Unusable::Empty) {
            answerWrite();
        } else {
            announced_ = true;
            tell(reader::BadgeUnusable{reason});
        }
    }
    void remove() {
        lying_ = false;
        if (std::exchange(announced_, false)) {
            tell(reader::BadgeRemoved{});
        }
    }
    void lose() {
        if (std::exchange(up_, false)) {
            lying_ = false;
            announced_ = false;
            tell(reader::ReaderLost{"unplugged"});
            if (std::exchange(pending_, std::nullopt)) {
                tell(reader::BadgeWritten{false, "reader lost"});
            }
        }
    }
    void comeBack() {
        if (!std::exchange(up_, true)) {
            tell(reader::ReaderBack{});
        }
    }
    /// What the last successful write put on a badge.
    [[nodiscard]] const std::optional<Bytes>& written() const { return written_; }

  private:
    void tell(const reader::ReaderEvent& event) const { listener_(event); }
    void answerWrite() {
        written_ = std::exchange(pending_, std::nullopt);
        tell(reader::BadgeWritten{true, {}});
    }

    std::function<void(const reader::ReaderEvent&)> listener_;
    std::optional<Bytes> pending_;
    std::optional<Bytes> written_;
    bool lying_ = false;
    bool announced_ = false;
    bool up_ = true;
};

}  // namespace tapport::support
