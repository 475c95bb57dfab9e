// SPDX-License-Identifier: GPL-3.0-or-later
// What lies on the reader, as a state machine: it names the next task and turns what came of it
// into events. Absent -> Reading -> alone? -> Present -> Absent. Pure: no reader, no clock.
//
// Rules it keeps: a badge is announced once until it has left; it has left after two misses in a
// row; only a complete, well-formed message counts; one badge at a time.
#pragma once

#include "hardware/reader/badge_reader.h"
#include "hardware/tag/type2_session.h"

#include <chrono>
#include <optional>
#include <vector>

namespace tapport::reader {

struct SeenTag {
    Bytes uid;
    bool mayBeType2 = false;  ///< by its SAK

    /// ISO 14443-3, 6.5.4: such an id is new at each activation.
    [[nodiscard]] bool hasRandomUid() const { return uid.size() == 4 && uid[0] == 0x08; }
};

struct PresenceOptions {
    std::chrono::milliseconds searchPause{10};
    std::chrono::milliseconds recheckPause{125};
    int readTries = 3;
};

class Presence {
  public:
    using Events = std::vector<ReaderEvent>;

    explicit Presence(PresenceOptions options = {}) : options_(options) {}

    enum class Task : std::uint8_t {
        Search,      ///< look for a tag: found()
        Recheck,     ///< field off and on, look for a tag: found()
        Read,        ///< the NDEF message of the tag just found: readEnded()
        Write,       ///< the message asked for onto the tag just found: writeEnded()
        CheckAlone,  ///< halt the tag, look for another: alone()
    };
    [[nodiscard]] Task task() const;
    /// To wait before the task.
    [[nodiscard]] std::chrono::milliseconds pause() const;

    [[nodiscard]] Events found(const std::optional<SeenTag>& tag);
    [[nodiscard]] Events readEnded(const tag::Finished& result);
    [[nodiscard]] Events writeEnded(tag::Outcome outcome);
    [[nodiscard]] Events alone(bool isAlone);

    /// Writes to the next badge, or to the one that lies there. Ends in a BadgeWritten.
    void wantWrite() { writeWanted_ = true; }
    /// The reader failed in the middle of a task and is open again.
    void interrupted();

  private:
    enum class State : std::uint8_t {
        Absent,
        Reading,
        Retrying,     ///< the tag fell silent: is it still there?
        Alone,        ///< is it the only one?
        Reselecting,  ///< to write to it: the check has put it to sleep
        Writing,
        Present,
    };
    [[nodiscard]] Events missed();
    [[nodiscard]] Events begin(const SeenTag& tag);
    [[nodiscard]] Events leave();
    [[nodiscard]] Events settle(ReaderEvent verdict);
    [[nodiscard]] bool isSame(const SeenTag& tag) const;

    PresenceOptions options_;
    State state_ = State::Absent;
    SeenTag tag_;
    std::optional<ReaderEvent> verdict_;  ///< to be announced once the badge is known to be alone
    std::optional<std::uint64_t> contentHash_;  ///< of the badge announced last
    bool isAnnounced_ = false;
    bool areSeveral_ = false;
    bool writeWanted_ = false;
    int misses_ = 0;
    int triesLeft_ = 0;
};

}  // namespace tapport::reader
