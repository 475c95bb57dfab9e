// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/boothday/audit.h"

#include "tests/support/temp_dir.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tapport::boothday {
namespace {

/// RFC 4180: quoted fields may hold commas, doubled quotes and line ends.
std::vector<std::vector<std::string>> parseCsv(const std::string& text) {
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> row;
    std::string field;
    bool isQuoted = false;
    const auto endField = [&] {
        row.push_back(field);
        field.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (isQuoted) {
            if (c != '"') {
                field += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                field += text[++i];
            } else {
                isQuoted = false;
            }
        } else if (c == '"') {
            isQuoted = true;
        } else if (c == ',') {
            endField();
        } else if (c == '\n') {
            endField();
            rows.push_back(row);
            row.clear();
        } else if (c != '\r') {
            field += c;
        }
    }
    if (isQuoted || !field.empty() || !row.empty()) {
        throw std::runtime_error("leads.csv does not end with a whole row");
    }
    return rows;
}

std::size_t columnOf(const std::vector<std::string>& header, const std::string& name) {
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end()) {
        throw std::runtime_error("leads.csv has no column " + name);
    }
    return static_cast<std::size_t>(found - header.begin());
}

std::string textOf(const ExpectedLead& lead) {
    return fmt::format("{} {}/{}", lead.email, lead.purpose, lead.channel);
}

void compareCount(const char* what, std::int64_t expected, std::int64_t found,
                  std::vector<std::string>& findings) {
    if (expected != found) {
        findings.push_back(fmt::format("{}: {} expected, {} found", what, expected, found));
    }
}

}  // namespace

std::vector<ExpectedLead> readLeads(const std::filesystem::path& csv, const Day& day) {
    const auto rows = parseCsv(support::readFile(csv));
    if (rows.empty()) {
        throw std::runtime_error("leads.csv is empty");
    }
    const std::size_t email = columnOf(rows[0], "email");
    const std::size_t phone = columnOf(rows[0], "phone");
    const std::size_t purpose = columnOf(rows[0], "purpose");
    const std::size_t channel = columnOf(rows[0], "channel");
    std::vector<ExpectedLead> leads;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        const auto& row = rows[i];
        // A row carries the address of its own channel only.
        const auto visit =
            std::find_if(day.visits.begin(), day.visits.end(), [&](const Visit& candidate) {
                return (!row.at(email).empty() && candidate.attendee.email == row[email]) ||
                       (!row.at(phone).empty() && candidate.attendee.phone == row[phone]);
            });
        const std::string person =
            visit == day.visits.end() ? "(unknown person)" : visit->attendee.email;
        leads.push_back({person, row.at(purpose), row.at(channel)});
    }
    return leads;
}

std::vector<std::string> compare(const Day& day, const std::vector<AskId>& asks,
                                 const Outcome& outcome) {
    std::vector<std::string> findings;
    compareCount("records in the hub", outcome.tally.recordsConfirmed, outcome.hub.records,
                 findings);
    compareCount("records not opened", 0, outcome.hub.unopened, findings);
    compareCount("records in quarantine", 0, outcome.hub.quarantined, findings);
    compareCount("conversations in the hub",
                 outcome.tally.conversations - outcome.tally.conversationsForgotten,
                 outcome.hub.conversations, findings);
    const std::set<ExpectedLead> expected = day.expectedLeads(asks);
    const std::set<ExpectedLead> exported(outcome.exported.begin(), outcome.exported.end());
    for (const ExpectedLead& lead : expected) {
        if (exported.count(lead) == 0) {
            findings.push_back("missing in the export: " + textOf(lead));
        }
    }
    for (const ExpectedLead& lead : exported) {
        if (expected.count(lead) == 0) {
            findings.push_back("exported without a live yes: " + textOf(lead));
        }
    }
    compareCount("rows in the export", static_cast<std::int64_t>(exported.size()),
                 static_cast<std::int64_t>(outcome.exported.size()), findings);
    return findings;
}

void writeSummary(const std::filesystem::path& dir, const Booth& booth, const Outcome& outcome) {
    std::set<std::string> people;
    for (const ExpectedLead& lead : outcome.exported) {
        people.insert(lead.email);
    }
    const Tally& tally = outcome.tally;
    const nlohmann::json summary{
        {"event", booth.eventId()},
        {"hub_url", booth.hubUrl()},
        {"export", (dir / "leads.csv").string()},
        {"visits", tally.visits},
        {"yes", tally.yes},
        {"no", tally.no},
        {"walked_away", tally.walkedAway},
        {"withdrawn", tally.withdrawn},
        {"conversations", tally.conversations},
        {"records_confirmed", tally.recordsConfirmed},
        {"records_in_hub", outcome.hub.records},
        {"leads_exported", outcome.exported.size()},
        {"people_exported", people.size()},
    };
    support::writeFile(dir / "summary.json", summary.dump(2) + "\n");
}

std::string table(const Outcome& outcome) {
    const Tally& tally = outcome.tally;
    std::string text;
    const auto line = [&text](const char* name, std::int64_t value) {
        text += fmt::format("  {:<34}{:>6}\n", name, value);
    };
    line("visits", tally.visits);
    line("  yes to something", tally.yes);
    line("  no to everything", tally.no);
    line("  walked away", tally.walkedAway);
    line("withdrawn by tapping again", tally.withdrawn);
    line("conversations logged", tally.conversations);
    line("records confirmed on screen", tally.recordsConfirmed);
    line("records in the hub", outcome.hub.records);
    line("leads exported (rows)", static_cast<std::int64_t>(outcome.exported.size()));
    return text;
}

}  // namespace tapport::boothday
