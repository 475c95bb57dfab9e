// SPDX-License-Identifier: GPL-3.0-or-later
// What a hub answers about the organiser's roster, on its local socket as on its files. No answer
// holds personal data.
#pragma once

#include "sync/hub/run/tell_desk.h"

namespace tapport::hub {

// Requests, followed by an absolute path. The second only says what the first would do.
inline constexpr std::string_view kRosterImport = "roster import ";
inline constexpr std::string_view kRosterPreview = "roster preview ";
inline constexpr std::string_view kRosterRemove = "roster remove ";
/// Alone: all entries.
inline constexpr std::string_view kRosterClear = "roster clear";

/// Nothing when the request is none of these.
[[nodiscard]] std::optional<Result<std::string>> answerOfRoster(TellDesk& desk,
                                                                std::string_view request);

/// What such an answer holds.
struct RosterAnswer {
    bool isDone = false;  ///< not broken off, and not every row was rejected
    std::string text;     ///< for people: the counts, whatever happened
};
/// Busy when the answer was cut off.
[[nodiscard]] Result<RosterAnswer> rosterAnswerFrom(std::string_view answer);

}  // namespace tapport::hub
