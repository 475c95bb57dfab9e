// SPDX-License-Identifier: GPL-3.0-or-later
// Leads as rows, one for each person, purpose and channel, with the proof of consent in each row.
// Columns: README.md. Pure.
#pragma once

#include "sync/ledger/releasable_lead.h"

namespace tapport::hub {

class LeadCsv {
  public:
    /// Begins with the row of column names. `event` gives the names of needs and staff.
    explicit LeadCsv(const event::Event& event);
    void add(const ledger::ReleasableLead& lead);
    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    const event::Event& event_;
    std::string out_;
};

/// What may be used to reach the person through a channel; everything else is left empty.
[[nodiscard]] record::Contact contactFor(record::Channel channel, const record::Contact& contact);
/// The label in the event's first language; the id itself where the event does not know it.
[[nodiscard]] std::string labelOf(const std::vector<event::Choice>& choices, const std::string& id,
                                  const event::Event& event);
[[nodiscard]] std::string staffName(const event::Event& event, const record::StaffId& id);
/// 2026-11-30
[[nodiscard]] std::string dateText(const std::chrono::year_month_day& date);

}  // namespace tapport::hub
