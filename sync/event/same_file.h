// SPDX-License-Identifier: GPL-3.0-or-later
// Whether an edition of an event file says anything new. Pure.
#pragma once

#include <string_view>

namespace tapport::event {

/// Two event files say the same, but for what makes them editions. False as well for what is none.
[[nodiscard]] bool saySame(std::string_view one, std::string_view other);

}  // namespace tapport::event
