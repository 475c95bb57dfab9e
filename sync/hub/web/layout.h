// SPDX-License-Identifier: GPL-3.0-or-later
// What all pages have in common: the document, the frame behind the password, texts. Pure.
#pragma once

#include "sync/event/event.h"
#include "sync/hub/web/html.h"
#include "sync/record/time.h"

namespace tapport::hub {

/// What every page behind the password shows.
struct Frame {
    const event::Event& event;
    const std::string& csrf;  ///< for the form that logs out
};
enum class Tab : std::uint8_t { Overview, Leads, Reconfirm, Exports, Quarantine };

[[nodiscard]] Html document(std::string_view language, std::string_view title, const Html& body);
[[nodiscard]] std::string framed(const Frame& frame, Tab tab, std::string_view title,
                                 const Html& content);
/// In the event's first language.
[[nodiscard]] const std::string& eventName(const event::Event& event);
/// 2026-11-25 12:00:00 UTC
[[nodiscard]] std::string timeText(record::WallTime time);

}  // namespace tapport::hub
