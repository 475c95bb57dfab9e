// SPDX-License-Identifier: GPL-3.0-or-later
// What a hub answers about its quarantine, on its local socket as on its files. No answer holds
// personal data, but for the payload itself, which is asked for by name.
#pragma once

#include "sync/hub/export/desk.h"
#include "sync/hub/run/custody.h"

namespace tapport::hub {

// Requests. A number is an entry's.
inline constexpr std::string_view kQuarantineList = "quarantine list ";    ///< "all" or below N
inline constexpr std::string_view kQuarantineShow = "quarantine show ";    ///< N
inline constexpr std::string_view kQuarantineRaw = "quarantine raw ";      ///< N, with its bytes
inline constexpr std::string_view kQuarantineRetry = "quarantine retry ";  ///< "all" or N
inline constexpr std::string_view kQuarantineRetryOf = "quarantine retry-of ";  ///< a kiosk's name
inline constexpr std::string_view kQuarantineDiscard = "quarantine discard ";   ///< N, and why

/// Nothing when the request is for another desk.
[[nodiscard]] std::optional<Result<std::string>> answerOfQuarantine(Desk& desk, Custody& custody,
                                                                    std::string_view request,
                                                                    const std::string& user);

/// What the answer to a retry holds.
struct RetryAnswer {
    bool isOut = false;  ///< nothing of it is in the quarantine any more
    std::string text;    ///< for people
};
/// Busy when the answer was cut off.
[[nodiscard]] Result<RetryAnswer> retryAnswerFrom(std::string_view answer);

/// What the answer to kQuarantineRaw holds.
struct RawAnswer {
    std::string about;  ///< for people: what kQuarantineShow answers
    std::string hex;    ///< lines of hexadecimal digits, nothing else; empty when discarded
};
/// Busy when the answer was cut off.
[[nodiscard]] Result<RawAnswer> rawAnswerFrom(std::string_view answer);

}  // namespace tapport::hub
