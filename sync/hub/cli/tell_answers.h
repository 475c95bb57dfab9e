// SPDX-License-Identifier: GPL-3.0-or-later
// What a hub answers about what kiosks are told, on its local socket as on its files. No answer
// holds personal data.
#pragma once

#include "sync/hub/run/tell_desk.h"

namespace tapport::hub {

/// Followed by a kiosk's name, or "all".
inline constexpr std::string_view kEndEvent = "end-event ";

/// Also of the requests of roster_answers.h. Nothing when the request is for another desk.
[[nodiscard]] std::optional<Result<std::string>> answerOfTelling(TellDesk& desk,
                                                                 std::string_view request);

}  // namespace tapport::hub
