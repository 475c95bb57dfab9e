// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/roster_answers.h"

#include <algorithm>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

// The first line of an answer.
constexpr std::string_view kDone = "done\n";
constexpr std::string_view kNotDone = "not done\n";

std::string countsOf(const RosterReport& report, RosterMode mode) {
    if (mode == RosterMode::Remove) {
        return fmt::format("{} removed, {} were not there, {} rejected\n", report.removed,
                           report.unknown, report.rejected);
    }
    return fmt::format("{}{} new, {} changed, {} as they were, {} rejected\n",
                       mode == RosterMode::Preview ? "would be: " : "", report.created,
                       report.updated, report.unchanged, report.rejected);
}

std::string unusedText(const std::vector<std::string>& columns) {
    if (columns.empty()) {
        return {};
    }
    constexpr std::size_t kMostNamed = 20;
    std::string names;
    for (std::size_t i = 0; i < std::min(columns.size(), kMostNamed); ++i) {
        names += fmt::format("{}{}", i == 0 ? "" : ", ",
                             columns[i].empty() ? "one without a name" : "'" + columns[i] + "'");
    }
    if (columns.size() > kMostNamed) {
        names += fmt::format(" and {} more", columns.size() - kMostNamed);
    }
    return columns.size() == 1
               ? fmt::format("1 column is not used: {}\n", names)
               : fmt::format("{} columns are not used: {}\n", columns.size(), names);
}

Result<std::string> import(TellDesk& desk, std::string_view file, RosterMode mode) {
    const auto report = desk.importRoster(std::filesystem::path(file), mode);
    if (!report) {
        return tl::unexpected(report.error());
    }
    const bool isDone = !report->brokeOff && (report->hasTaken() || report->rejected == 0);
    std::string out(isDone ? kDone : kNotDone);
    out += countsOf(*report, mode);
    if (report->erased > 0) {
        out += fmt::format("{} left out: their holders asked for erasure\n", report->erased);
    }
    out += unusedText(report->columnsIgnored);
    for (const std::string& problem : report->problems) {
        out += "  " + problem + "\n";
    }
    if (report->rejected > report->problems.size()) {
        out += fmt::format("  and {} more\n", report->rejected - report->problems.size());
    }
    if (report->brokeOff) {
        out +=
            fmt::format("broken off: {}\nwhat is counted is done; the same again does the rest\n",
                        report->brokeOff->context);
    }
    return out;
}

}  // namespace

std::optional<Result<std::string>> answerOfRoster(TellDesk& desk, std::string_view request) {
    for (const auto& [command, mode] : {std::pair(kRosterImport, RosterMode::Import),
                                        std::pair(kRosterPreview, RosterMode::Preview),
                                        std::pair(kRosterRemove, RosterMode::Remove)}) {
        if (request.starts_with(command)) {
            return import(desk, request.substr(command.size()), mode);
        }
    }
    if (request == kRosterClear) {
        return desk.clearRoster().map(
            [](std::uint64_t removed) { return fmt::format("{}{} removed\n", kDone, removed); });
    }
    return std::nullopt;
}

Result<RosterAnswer> rosterAnswerFrom(std::string_view answer) {
    for (const std::string_view first : {kDone, kNotDone}) {
        if (answer.starts_with(first)) {
            return RosterAnswer{first == kDone, std::string(answer.substr(first.size()))};
        }
    }
    return fail(Code::Busy, "the running hub broke off its answer");
}

}  // namespace tapport::hub
