// SPDX-License-Identifier: GPL-3.0-or-later
// What a hub answers about what kiosks are told, on its local socket as on its files. No answer
// holds personal data.
#pragma once

#include "sync/hub/run/tell_desk.h"

namespace tapport::hub {

// Requests, followed by an absolute path. The second only says what the first would do.
inline constexpr std::string_view kRosterImport = "roster import ";
inline constexpr std::string_view kRosterPreview = "roster preview ";
/// Followed by a kiosk's name, or "all".
inline constexpr std::string_view kEndEvent = "end-event ";

/// Followed by a kiosk's name, or "all"; answered by onItsWayFrom()'s.
inline constexpr std::string_view kCancelEnd = "cancel-end ";
/// Followed by a kiosk's name and the fingerprint of its certificate; answered likewise.
inline constexpr std::string_view kTellRevoked = "tell-revoked ";
/// Followed by a kiosk's name and a version: "yes" once it has said that it has it.
inline constexpr std::string_view kIsTold = "is-told ";

[[nodiscard]] Result<TellDesk::OnItsWay> onItsWayFrom(const std::string& answer);

/// Nothing when the request is for another desk.
[[nodiscard]] std::optional<Result<std::string>> answerOfTelling(TellDesk& desk,
                                                                 std::string_view request);

}  // namespace tapport::hub
