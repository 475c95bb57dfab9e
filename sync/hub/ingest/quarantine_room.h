// SPDX-License-Identifier: GPL-3.0-or-later
// Of what a kiosk sends and nobody believes, so much is kept: one that is broken, or in the wrong
// hands, must not fill the disk. What finds no room is not acknowledged, and whoever recorded it
// keeps it. What was acknowledged is never asked about here. On the store's thread.
#pragma once

#include "sync/hub/store/store.h"

#include <set>

namespace tapport::hub {

class QuarantineRoom {
  public:
    static constexpr std::uint64_t kDefault = 256UL * 1024 * 1024;
    /// What was discarded or filed since is seen after that time; counting reads every entry.
    static constexpr std::chrono::minutes kBetweenLooks{1};

    enum class Answer : std::uint8_t {
        Kept,
        Full,       ///< from now on
        StillFull,  ///< was said already
    };

    /// `most` bytes for each kiosk, and for what came on no kiosk's topic. `store` must outlive it.
    QuarantineRoom(ArrivalStore& store, std::uint64_t most) : store_(store), most_(most) {}

    /// For a payload of so many bytes, which is counted if it is kept.
    [[nodiscard]] Result<Answer> ask(const std::string& topic, std::size_t bytes,
                                     record::WallTime now);
    /// Whose share is used up; an empty name: of what came on no kiosk's topic.
    [[nodiscard]] Result<std::set<record::KioskId>> full(record::WallTime now);

  private:
    /// Counts what is there, unless that was done a moment ago.
    [[nodiscard]] Result<> look(record::WallTime now);

    ArrivalStore& store_;
    std::uint64_t most_;
    std::map<record::KioskId, std::uint64_t> used_;  ///< at least what there is
    std::set<record::KioskId> full_;                 ///< of whom something was refused
    std::optional<record::WallTime> lookedAt_;
};

}  // namespace tapport::hub
