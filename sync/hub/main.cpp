// SPDX-License-Identifier: GPL-3.0-or-later
// tapport-hub: the command line. What each command does: cli/commands.h.
#include "sync/hub/cli/commands.h"
#include "sync/hub/identity_options.h"
#include "sync/hub/quarantine_options.h"
#include "sync/hub/tell_options.h"
#include "sync/program/log.h"
#include "sync/program/program.h"

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
    using namespace tapport;
    program::forbidCoreDumps();
    CLI::App app(
        "Tapport's central service: takes records from the broker, keeps them, shows and "
        "exports leads.",
        "tapport-hub");
    app.set_version_flag("--version", "tapport-hub " TAPPORT_VERSION);
    app.fallthrough();
    app.footer(
        "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 configuration to be "
        "corrected, 4 something it needs is not there.");
    std::string configFile = "/etc/tapport/hub.toml";
    hub::Overrides overrides;
    app.add_option("--config", configFile, "TOML file; its keys: sync/hub/README.md")
        ->capture_default_str();
    app.add_option("--broker-port", overrides.brokerPort, "instead of [broker] port");
    app.add_option("--web-port", overrides.webPort, "instead of [web] port; 0 takes a free one");

    CLI::App* running = app.add_subcommand("run", "serve until SIGTERM (the default)");
    running
        ->add_option("--worker", overrides.worker,
                     "this process's name among several on one PostgreSQL database")
        ->capture_default_str();
    running->add_flag("--new-event", overrides.mayBeginEvent,
                      "begin this event in a database that holds others, and nothing of it yet");
    CLI::App* opener = app.add_subcommand(
        "opener", "open records for the hub that starts it: the only process with event_key");
    std::string openerSocket;
    opener->add_option(
        "--listen", openerSocket,
        "for hubs of another user, on this socket; --config is then a file of its own");
    CLI::App* status = app.add_subcommand("status", "what the hub holds");
    bool asJson = false;
    status->add_flag("--json", asJson, "for scripts");
    CLI::App* exporting = app.add_subcommand("export", "leads with a live yes");
    std::string format = "csv";
    std::string outFile;
    exporting->add_option("--format", format)->check(CLI::IsMember({"csv"}));
    exporting->add_option("--out", outFile, "file to write")->required();
    CLI::App* reconfirm =
        app.add_subcommand("reconfirm", "yeses that must be asked for again before they count");
    reconfirm->add_subcommand("list", "one a line: subject, purpose, channel, reason");
    reconfirm->require_subcommand(1);
    CLI::App* backup = app.add_subcommand(
        "backup", "copy the database; kiosks may then drop what is opened and in the copy");
    std::string backupFile;
    backup->add_option("--out", backupFile, "a new file, better on another disk")->required();
    CLI::App* restore = app.add_subcommand(
        "restore", "put a backup in the database's place; the hub must not be running");
    std::string restoredFile;
    restore->add_option("FILE", restoredFile,
                        "made by backup; none after PostgreSQL's own tools have restored it");
    bool isOlder = false;
    restore->add_flag("--older", isOlder,
                      "also one that lacks what kiosks were told to be in a later backup, and may "
                      "have dropped");
    const hub::IdentityCommands identity(app);
    const hub::QuarantineCommands quarantine(app);
    const hub::TellCommands telling(app);
    app.require_subcommand(0, 1);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? program::kExitOk : program::kExitUsage;
    }

    if (!openerSocket.empty()) {
        const auto config = hub::loadOpenerConfig(configFile);
        if (!config) {
            return program::reportFailure("tapport-hub", config.error());
        }
        program::startLogging("tapport-opener", config->logLevel);
        return hub::listenAsOpener(*config, openerSocket);
    }
    const auto config = hub::loadHubConfig(configFile, overrides);
    if (!config) {
        return program::reportFailure("tapport-hub", config.error());
    }
    program::startLogging("tapport-hub", config->logLevel);
    if (opener->parsed()) {
        return hub::runOpener(*config);
    }
    if (status->parsed()) {
        return hub::printStatus(*config,
                                asJson ? hub::StatusFormat::Json : hub::StatusFormat::Text);
    }
    if (exporting->parsed()) {
        return hub::exportCsv(*config, outFile);
    }
    if (reconfirm->parsed()) {
        return hub::listReconfirmations(*config);
    }
    if (backup->parsed()) {
        return hub::backUp(*config, backupFile);
    }
    if (restore->parsed()) {
        return hub::restoreHub(*config,
                               restoredFile.empty()
                                   ? std::nullopt
                                   : std::optional<std::filesystem::path>(restoredFile),
                               isOlder ? hub::Older::Taken : hub::Older::Refused);
    }
    if (const auto done = identity.run(*config)) {
        return *done;
    }
    if (const auto done = quarantine.run(*config)) {
        return *done;
    }
    if (const auto done = telling.run(*config)) {
        return *done;
    }
    const auto terminationFd = program::openTerminationFd();
    if (!terminationFd) {
        return program::reportFailure("tapport-hub", terminationFd.error());
    }
    return hub::runHub(*config, *terminationFd);
}
