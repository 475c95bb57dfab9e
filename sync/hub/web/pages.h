// SPDX-License-Identifier: GPL-3.0-or-later
// What each page looks like: values in, a whole HTML document out, every value escaped. Pure.
#pragma once

#include "sync/event/event.h"
#include "sync/hub/export/desk.h"

namespace tapport::hub {

/// What every page behind the password shows.
struct Frame {
    const event::Event& event;
    const std::string& csrf;  ///< for the form that logs out
};

[[nodiscard]] std::string plainPage(std::string_view title, std::string_view text);
/// `problem` is empty on the first visit.
[[nodiscard]] std::string loginPage(const event::Event& event, std::string_view csrf,
                                    std::string_view problem);
[[nodiscard]] std::string overviewPage(const Frame& frame, const HubStatus& status);
[[nodiscard]] std::string leadsPage(const Frame& frame, const LeadPage& leads);
/// With a link to older entries when the page is full.
[[nodiscard]] std::string quarantinePage(const Frame& frame,
                                         const std::vector<QuarantineEntry>& entries,
                                         std::size_t rowsAPage);

}  // namespace tapport::hub
