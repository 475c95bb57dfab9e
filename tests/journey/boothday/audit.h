// SPDX-License-Identifier: GPL-3.0-or-later
// Compares what hub and export hold with what the script's answers imply, and writes the summary.
#pragma once

#include "tests/journey/boothday/day_runner.h"

namespace tapport::boothday {

struct Outcome {
    Tally tally;
    HubCounts hub;
    std::vector<ExpectedLead> exported;  ///< as read back from the file
    std::vector<std::string> findings;   ///< empty: everything is as it must be
};

/// Reads the exported file back, as a marketer's import would (RFC 4180).
[[nodiscard]] std::vector<ExpectedLead> readLeads(const std::filesystem::path& csv, const Day& day);
/// Every difference, in words.
[[nodiscard]] std::vector<std::string> compare(const Day& day, const std::vector<AskId>& asks,
                                               const Outcome& outcome);
void writeSummary(const std::filesystem::path& dir, const Booth& booth, const Outcome& outcome);
[[nodiscard]] std::string table(const Outcome& outcome);

}  // namespace tapport::boothday
