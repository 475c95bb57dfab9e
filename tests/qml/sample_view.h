// SPDX-License-Identifier: GPL-3.0-or-later
// A visit in the middle of each screen, at the example event. Attendees are fictional.
#pragma once

#include "firmware-app/visit/visit_session.h"
#include "tests/support/sample_event.h"

namespace tapport::support {

/// A view of `sampleEvent()` with something to show on that screen.
[[nodiscard]] visit::View sampleView(visit::Screen screen, const std::string& language);

/// As long as one for four answers in German with some to spare, of the characters that a JWS has.
[[nodiscard]] std::string sampleReceiptLink();

inline constexpr int kScreens = static_cast<int>(visit::Screen::Closed) + 1;

}  // namespace tapport::support
