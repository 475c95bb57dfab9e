// SPDX-License-Identifier: GPL-3.0-or-later
// Leads as rows, one for each person, purpose and channel, with the proof of consent in each row.
// Columns: README.md. Pure.
#pragma once

#include "sync/hub/export/release.h"

namespace tapport::hub {

/// The row of column names.
[[nodiscard]] std::string leadCsvHeader();
/// `event` gives the names of needs and staff.
void appendLead(std::string& out, const ProvenLead& proven, const event::Event& event);

/// What may be used to reach the person through a channel; everything else is left empty.
[[nodiscard]] record::Contact contactFor(record::Channel channel, const record::Contact& contact);
/// The label in the event's first language; the id itself where the event does not know it.
[[nodiscard]] std::string labelOf(const std::vector<event::Choice>& choices, const std::string& id,
                                  const event::Event& event);
[[nodiscard]] std::string staffName(const event::Event& event, const record::StaffId& id);
/// 2026-11-30
[[nodiscard]] std::string dateText(const std::chrono::year_month_day& date);

}  // namespace tapport::hub
