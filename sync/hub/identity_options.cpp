// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/identity_options.h"

#include <CLI/CLI.hpp>

namespace tapport::hub {

struct IdentityCommands::Line {
    CLI::App* enrol = nullptr;
    CLI::App* kiosks = nullptr;
    CLI::App* revoke = nullptr;
    CLI::App* stolen = nullptr;
    CLI::App* recover = nullptr;
    std::string dir;
    std::string kiosk;
    std::string why;
    std::uint64_t validSeconds = 24 * 60 * 60;
    bool asJwk = false;
    bool isReportOnly = false;
};

IdentityCommands::IdentityCommands(CLI::App& app) : line_(std::make_unique<Line>()) {
    Line& line = *line_;
    const std::map<std::string, std::uint64_t> units{{"m", 60}, {"h", 3600}, {"d", 86400}};

    line.enrol = app.add_subcommand("enrol", "make a one-time code for a kiosk");
    line.enrol->add_option("--kiosk", line.kiosk, "its name")->required();
    line.enrol->add_option("--valid", line.validSeconds, "how long, such as 30m, 24h, 2d [24h]")
        ->transform(CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::UNIT_REQUIRED))
        ->check([](const std::string& seconds) {
            const bool isIn =
                CLI::Range(std::uint64_t{60}, std::uint64_t{90 * 86400})(seconds).empty();
            return isIn ? std::string() : std::string("from 1m to 90d");
        });

    line.kiosks = app.add_subcommand("kiosks", "who was enrolled, and who is revoked");
    line.kiosks->add_flag("--jwk", line.asJwk, "signing keys, for tapport event publish --add");

    line.revoke = app.add_subcommand("revoke", "make a kiosk's identity void");
    line.revoke->add_option("KIOSK", line.kiosk)->required();
    line.revoke->add_option("--why", line.why, "for the register, no personal data")->required();

    line.stolen = app.add_subcommand("stolen", "what was on a stolen kiosk; revokes it");
    line.stolen->add_option("KIOSK", line.kiosk)->required();
    line.stolen->add_flag("--report-only", line.isReportOnly, "do not revoke it");

    line.recover = app.add_subcommand("recover", "take the records from a kiosk's disk");
    line.recover->add_option("DIR", line.dir, "its data folder, or a copy of it")->required();
}

IdentityCommands::~IdentityCommands() = default;

std::optional<int> IdentityCommands::run(const HubConfig& config) const {
    const record::KioskId kiosk{line_->kiosk};
    if (line_->enrol->parsed()) {
        return inviteKiosk(config, kiosk, std::chrono::seconds(line_->validSeconds));
    }
    if (line_->kiosks->parsed()) {
        return listKiosks(config, line_->asJwk ? KioskList::Jwk : KioskList::Text);
    }
    if (line_->revoke->parsed()) {
        return revokeKiosk(config, kiosk, line_->why);
    }
    if (line_->stolen->parsed()) {
        return reportStolen(config, kiosk,
                            line_->isReportOnly ? Stolen::ReportOnly : Stolen::Revoke);
    }
    if (line_->recover->parsed()) {
        return recoverKiosk(config, line_->dir);
    }
    return std::nullopt;
}

}  // namespace tapport::hub
