// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/tell_options.h"

#include "sync/hub/cli/roster_answers.h"
#include "sync/hub/cli/tell_answers.h"

#include <CLI/CLI.hpp>

namespace tapport::hub {

struct TellCommands::Line {
    CLI::App* import = nullptr;
    CLI::App* remove = nullptr;
    CLI::App* endEvent = nullptr;
    std::string file;
    std::string kiosk;
    bool isDryRun = false;
    bool isForAll = false;
    bool isCancelled = false;
};

TellCommands::TellCommands(CLI::App& app) : line_(std::make_unique<Line>()) {
    Line& line = *line_;
    CLI::App* roster = app.add_subcommand("roster", "who has which badge, as the organiser says");
    roster->require_subcommand(1);
    line.import = roster->add_subcommand(
        "import",
        "tell kiosks, so that a tap fills the fields in: each entry opens with its badge");
    line.import
        ->add_option("FILE", line.file,
                     "CSV; its first line names the columns: token, name, company, email, ...")
        ->required();
    line.import->add_flag("--dry-run", line.isDryRun, "only say what would be, row errors as well");
    line.remove = roster->add_subcommand("remove", "have kiosks forget entries");
    auto* some = line.remove->add_option(
        "FILE", line.file, "CSV with a column of badges; its other columns are not used");
    line.remove->add_flag("--all", line.isForAll, "every entry")->excludes(some);
    line.remove->callback([&line] {
        if (line.isForAll != line.file.empty()) {
            throw CLI::RequiredError("FILE or --all");
        }
    });

    line.endEvent = app.add_subcommand(
        "end-event",
        "have kiosks destroy their keys and data, each once the hub has everything it recorded, "
        "opened and backed up");
    auto* one = line.endEvent->add_option("--kiosk", line.kiosk, "this one");
    line.endEvent->add_flag("--all", line.isForAll, "every kiosk, those too that come later")
        ->excludes(one);
    line.endEvent->add_flag("--cancel", line.isCancelled,
                            "take it back, as long as the kiosk has not done it");
    line.endEvent->callback([&line] {
        if (line.isForAll != line.kiosk.empty()) {
            throw CLI::RequiredError("--kiosk or --all");
        }
    });
}

TellCommands::~TellCommands() = default;

std::optional<int> TellCommands::run(const HubConfig& config) const {
    const auto ask = [&](std::string_view request, const std::string& rest) {
        return printAnswer(config, std::string(request) + rest);
    };
    const auto file = [&] { return std::filesystem::absolute(line_->file).string(); };
    if (line_->import->parsed()) {
        return changeRoster(config,
                            std::string(line_->isDryRun ? kRosterPreview : kRosterImport) + file());
    }
    if (line_->remove->parsed()) {
        return changeRoster(config, line_->isForAll ? std::string(kRosterClear)
                                                    : std::string(kRosterRemove) + file());
    }
    if (line_->endEvent->parsed() && line_->isCancelled) {
        return cancelEnd(config,
                         line_->isForAll ? record::KioskId{} : record::KioskId{line_->kiosk});
    }
    if (line_->endEvent->parsed()) {
        return ask(kEndEvent, line_->isForAll ? std::string(kEveryKiosk) : line_->kiosk);
    }
    return std::nullopt;
}

}  // namespace tapport::hub
