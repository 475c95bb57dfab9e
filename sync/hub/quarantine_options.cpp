// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/quarantine_options.h"

#include "sync/hub/cli/quarantine_answers.h"

#include <CLI/CLI.hpp>

namespace tapport::hub {

struct QuarantineCommands::Line {
    CLI::App* list = nullptr;
    CLI::App* show = nullptr;
    CLI::App* retry = nullptr;
    CLI::App* discard = nullptr;
    std::int64_t number = 0;
    std::string why;
    std::string kiosk;
    bool isRaw = false;
    bool isAll = false;

    [[nodiscard]] std::string numberOrAll() const {
        return number > 0 ? std::to_string(number) : "all";
    }
};

QuarantineCommands::QuarantineCommands(CLI::App& app) : line_(std::make_unique<Line>()) {
    Line& line = *line_;
    CLI::App* quarantine =
        app.add_subcommand("quarantine", "what arrived and could not be taken, opened or filed");
    quarantine->require_subcommand(1);
    const CLI::Range positive(std::int64_t{1}, std::numeric_limits<std::int64_t>::max());

    line.list = quarantine->add_subcommand("list", "newest first, a page at a time");
    line.list->add_option("--before", line.number, "only entries below this number")
        ->check(positive);

    line.show = quarantine->add_subcommand("show", "all that is known of an entry");
    line.show->add_option("N", line.number, "its number")->required()->check(positive);
    line.show->add_flag("--raw", line.isRaw,
                        "its bytes too, in hexadecimal and alone on stdout: sealed ones nobody can "
                        "read, but a payload that no kiosk made may hold anything");

    line.retry = quarantine->add_subcommand(
        "retry", "take or open it once more: after the kiosk's key was published, say");
    auto* one = line.retry->add_option("N", line.number, "its number")->check(positive);
    auto* all = line.retry->add_flag("--all", line.isAll, "everything that was not discarded");
    auto* kiosk = line.retry->add_option("--kiosk", line.kiosk, "everything of this kiosk");
    all->excludes(one)->excludes(kiosk);
    kiosk->excludes(one);
    line.retry->callback([&line] {
        if (!line.isAll && line.number == 0 && line.kiosk.empty()) {
            throw CLI::RequiredError("N, --kiosk or --all");
        }
    });

    line.discard = quarantine->add_subcommand(
        "discard",
        "give it up: its bytes are destroyed, what may have been a no as well. The entry stays, "
        "with who, when and why");
    line.discard->add_option("N", line.number, "its number")->required()->check(positive);
    line.discard
        ->add_option("--why", line.why,
                     "one line, kept for good and shown: write no personal data into it, nothing "
                     "checks that")
        ->required();
}

QuarantineCommands::~QuarantineCommands() = default;

std::optional<int> QuarantineCommands::run(const HubConfig& config) const {
    const auto ask = [&](std::string_view request, const std::string& rest) {
        return printAnswer(config, std::string(request) + rest);
    };
    if (line_->list->parsed()) {
        return ask(kQuarantineList, line_->numberOrAll());
    }
    if (line_->show->parsed()) {
        return line_->isRaw ? printRaw(config, std::string(kQuarantineRaw) + line_->numberOrAll())
                            : ask(kQuarantineShow, line_->numberOrAll());
    }
    if (line_->retry->parsed() && !line_->kiosk.empty()) {
        return retryQuarantined(config, std::string(kQuarantineRetryOf) + line_->kiosk);
    }
    if (line_->retry->parsed()) {
        return retryQuarantined(config, std::string(kQuarantineRetry) + line_->numberOrAll());
    }
    if (line_->discard->parsed()) {
        return ask(kQuarantineDiscard, line_->numberOrAll() + " " + line_->why);
    }
    return std::nullopt;
}

}  // namespace tapport::hub
