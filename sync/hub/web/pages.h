// SPDX-License-Identifier: GPL-3.0-or-later
// What each page looks like: values in, a whole HTML document out, every value escaped. Pure.
#pragma once

#include "sync/hub/export/desk.h"
#include "sync/hub/web/layout.h"

namespace tapport::hub {

[[nodiscard]] std::string plainPage(std::string_view title, std::string_view text);
/// `problem` is empty on the first visit.
[[nodiscard]] std::string loginPage(const event::Event& event, std::string_view csrf,
                                    std::string_view problem);
[[nodiscard]] std::string overviewPage(const Frame& frame, const HubStatus& status);
[[nodiscard]] std::string leadsPage(const Frame& frame, const LeadPage& leads);
/// Yeses that must be asked for again.
[[nodiscard]] std::string reconfirmPage(const Frame& frame, const UnsettledPage& page);
[[nodiscard]] std::string exportsPage(const Frame& frame, const std::vector<ExportEntry>& entries);
/// With a link to older entries when the page is full.
[[nodiscard]] std::string quarantinePage(const Frame& frame,
                                         const std::vector<QuarantineEntry>& entries,
                                         std::size_t rowsAPage);

}  // namespace tapport::hub
