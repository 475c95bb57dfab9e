// SPDX-License-Identifier: GPL-3.0-or-later
// What a hub answers about what kiosks are told, on its local socket as on its files. No answer
// holds personal data.
#pragma once

#include "sync/hub/run/tell_desk.h"

namespace tapport::hub {

/// Stands for a kiosk's name, and can be none.
inline constexpr std::string_view kEveryKiosk = "*";
/// Followed by a kiosk's name, or kEveryKiosk.
inline constexpr std::string_view kEndEvent = "end-event ";

/// Followed by a kiosk's name, or kEveryKiosk; answered by onItsWayFrom()'s.
inline constexpr std::string_view kCancelEnd = "cancel-end ";
/// Followed by a kiosk's name and the fingerprint of its certificate; answered likewise.
inline constexpr std::string_view kTellRevoked = "tell-revoked ";
/// Followed by a kiosk's name and a version: "yes" once it has said that it has it.
inline constexpr std::string_view kIsTold = "is-told ";

[[nodiscard]] Result<TellDesk::OnItsWay> onItsWayFrom(const std::string& answer);

/// Also of the requests of roster_answers.h. Nothing when the request is for another desk.
[[nodiscard]] std::optional<Result<std::string>> answerOfTelling(TellDesk& desk,
                                                                 std::string_view request);

}  // namespace tapport::hub
