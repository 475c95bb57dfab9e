// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/tell_answers.h"

#include <fmt/core.h>

namespace tapport::hub {
namespace {

Result<std::string> importRoster(TellDesk& desk, std::string_view file, RosterMode mode) {
    const auto report = desk.importRoster(std::filesystem::path(file), mode);
    if (!report) {
        return tl::unexpected(report.error());
    }
    std::string out = fmt::format("{}{} new, {} changed, {} as they were, {} rejected\n",
                                  mode == RosterMode::Preview ? "would be: " : "", report->created,
                                  report->updated, report->unchanged, report->rejected);
    if (report->columnsIgnored > 0) {
        out += fmt::format("{} columns are not used\n", report->columnsIgnored);
    }
    for (const std::string& problem : report->problems) {
        out += "  " + problem + "\n";
    }
    if (report->rejected > report->problems.size()) {
        out += fmt::format("  and {} more\n", report->rejected - report->problems.size());
    }
    return out;
}

Result<std::string> endEvent(TellDesk& desk, std::string_view whose) {
    const bool isForAll = whose == "all";
    const record::KioskId kiosk{isForAll ? std::string() : std::string(whose)};
    if (!isForAll && !record::isName(kiosk.value)) {
        return fail(Code::InvalidInput, "no name of a kiosk");
    }
    return desk.endEvent(kiosk).map([&] {
        return fmt::format("{}: destroys its keys and data once all of it is here and backed up\n",
                           isForAll ? "every kiosk" : kiosk.value);
    });
}

}  // namespace

std::optional<Result<std::string>> answerOfTelling(TellDesk& desk, std::string_view request) {
    const auto rest = [&](std::string_view command) -> std::optional<std::string_view> {
        return request.starts_with(command) ? std::optional(request.substr(command.size()))
                                            : std::nullopt;
    };
    if (const auto file = rest(kRosterImport)) {
        return importRoster(desk, *file, RosterMode::Import);
    }
    if (const auto file = rest(kRosterPreview)) {
        return importRoster(desk, *file, RosterMode::Preview);
    }
    if (const auto whose = rest(kEndEvent)) {
        return endEvent(desk, *whose);
    }
    return std::nullopt;
}

}  // namespace tapport::hub
