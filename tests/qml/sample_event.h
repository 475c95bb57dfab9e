// SPDX-License-Identifier: GPL-3.0-or-later
// A plausible event in English and German for screens under test, and a visit in the middle of
// each screen. Attendees are fictional.
#pragma once

#include "firmware-app/visit/visit_session.h"

namespace tapport::support {

[[nodiscard]] event::Event sampleEvent();
/// A view of `sampleEvent()` with something to show on that screen.
[[nodiscard]] visit::View sampleView(visit::Screen screen, const std::string& language);

inline constexpr int kScreens = static_cast<int>(visit::Screen::StaffSaved) + 1;

}  // namespace tapport::support
