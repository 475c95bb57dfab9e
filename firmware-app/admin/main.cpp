// SPDX-License-Identifier: GPL-3.0-or-later
// tapport: what operators and marketers type. This file is the command line alone; what each
// command does: commands.h.
#include "firmware-app/admin/commands.h"
#include "sync/base/bytes.h"
#include "sync/program/program.h"

#include <filesystem>
#include <functional>

#include <CLI/CLI.hpp>
#include <unistd.h>

namespace {

using namespace tapport;

constexpr const char* kName = "tapport";

/// The one of the folder somebody stands in, as tapport-kiosk takes it, before the machine's.
std::string defaultConfig() {
    constexpr const char* kHere = "kiosk.toml";
    constexpr const char* kMachines = "/etc/tapport/kiosk.toml";
    return ::access(kHere, F_OK) == 0 ? kHere : kMachines;
}

/// The command that was named, ready to run.
using Chosen = std::function<int()>;

void addEvent(CLI::App& app, Chosen& chosen) {
    auto* event = app.add_subcommand("event", "The event file and its keys");
    event->require_subcommand(1);

    auto* init = event->add_subcommand("init", "Set up a new event in a directory");
    auto command = std::make_shared<admin::EventInit>();
    init->add_option("DIR", command->dir, "Made if missing; nothing in it is overwritten")
        ->required();
    init->add_option("--id", command->id,
                     "The event's: 1 to 32 of a-z 0-9 -, different for every event of yours");
    init->add_option("--staff-pin", command->staffPins, "ID=PIN; made up and printed if not given")
        ->take_all();
    init->add_option("--admin-password-file", command->adminPasswordFile,
                     "First line: the hub administrator's password; made up if not given");
    init->add_option("--broker", command->broker,
                     "Host of the broker, with TLS; else this machine's, without");
    init->callback([command, &chosen] { chosen = [command] { return admin::run(*command); }; });

    auto* publish = event->add_subcommand("publish", "Sign the kiosks' keys and the notices");
    auto edition = std::make_shared<admin::EventPublish>();
    publish->add_option("DIR", edition->dir, "Made by init; its keys/root.key signs")->required();
    publish->add_option("--add", edition->add, "File with what a kiosk's `kiosk key` printed")
        ->take_all();
    publish
        ->add_option("--revoke", edition->revoke,
                     "KIOSK=EPOCH:SEQ[,EPOCH:SEQ...] or KIOSK=nothing: what stands later in its "
                     "records is unconfirmed")
        ->take_all();
    publish->add_option("--out", edition->out, "Where the public gets them from; made if missing");
    publish->callback([edition, &chosen] { chosen = [edition] { return admin::run(*edition); }; });

    auto* backup = event->add_subcommand(
        "backup-key", "Close the hub's keys with a passphrase, asked for or from stdin");
    auto kept = std::make_shared<admin::KeyBackup>();
    backup->add_option("DIR", kept->dir, "Made by init")->required();
    backup->add_option("--out", kept->out, "A new file")->required();
    backup->callback([kept, &chosen] { chosen = [kept] { return admin::run(*kept); }; });

    auto* restore = event->add_subcommand("restore-key", "Write the keys of such a file");
    auto again = std::make_shared<admin::KeyRestore>();
    restore->add_option("FILE", again->file, "Made by backup-key")->required();
    restore
        ->add_option("--dir", again->dir, "The event's directory; keys in it are not overwritten")
        ->required();
    restore->callback([again, &chosen] { chosen = [again] { return admin::run(*again); }; });

    auto* check = event->add_subcommand("check", "Name every problem of an event file");
    auto file = std::make_shared<admin::EventCheck>();
    check->add_option("FILE", file->file)->required();
    check->callback([file, &chosen] { chosen = [file] { return admin::run(*file); }; });
}

void addBadge(CLI::App& app, const std::string& config, Chosen& chosen) {
    auto* badge = app.add_subcommand("badge", "NFC badges");
    badge->require_subcommand(1);
    auto* write = badge->add_subcommand("write", "Write the next badge held to the reader");
    auto command = std::make_shared<admin::BadgeWrite>();
    write->add_option("--uri", command->uri, "Such as https://badge.tapport.example/b/TOKEN")
        ->required();
    write->add_option("--vcard", command->vcard, "File with the card of the badge's owner");
    write->add_option("--connstring", command->connstring,
                      "libnfc's name of the reader; that of --config if not given");
    write
        ->add_option_function<int>(
            "--wait", [command](int seconds) { command->patience = std::chrono::seconds(seconds); },
            "Seconds to wait for reader and badge [30]")
        ->check(CLI::Range(1, 3600));
    write->callback([command, &config, &chosen] {
        command->config = config;
        chosen = [command] { return admin::run(*command); };
    });
}

void addKiosk(CLI::App& app, const std::string& config, Chosen& chosen) {
    auto* kiosk = app.add_subcommand("kiosk", "This kiosk");
    kiosk->require_subcommand(1);
    auto* key = kiosk->add_subcommand("key", "Print its public signing key, for event publish");
    key->callback([&config, &chosen] {
        chosen = [&config] {
            return admin::run(admin::KioskKey{config.empty() ? defaultConfig() : config});
        };
    });
}

void addReceipt(CLI::App& app, Chosen& chosen) {
    auto* receipt = app.add_subcommand("receipt", "What attendees take along");
    receipt->require_subcommand(1);
    auto* verify = receipt->add_subcommand("verify", "Say what it states, or what fails; offline");
    auto command = std::make_shared<admin::ReceiptVerify>();
    verify->add_option("RECEIPT", command->receipt, "A file, a link or the JWS itself")->required();
    verify->add_option("--keys", command->keys, "keys.json; looked for beside FILE, above, here");
    verify->add_option("--event", command->event, "notices.json or event.json; likewise");
    verify->add_option("--root", command->root, "The organiser's root key, 64 hexadecimal digits")
        ->check([](const std::string& text) {
            const auto key = fromHex(text);
            return key && key->size() == 32 ? "" : "64 hexadecimal digits";
        });
    verify->add_option("--language", command->language, "Such as de; the receipt's if not given");
    verify->callback([command, &chosen] { chosen = [command] { return admin::run(*command); }; });
}

void addBroker(CLI::App& app, Chosen& chosen) {
    auto* broker = app.add_subcommand("broker", "The event's mosquitto");
    broker->require_subcommand(1);
    auto* config = broker->add_subcommand("config", "Write its configuration and certificates");
    auto command = std::make_shared<admin::BrokerConfig>();
    command->workers = {"main"};
    config->add_option("DIR", command->dir, "Made by event init")->required();
    config
        ->add_option("--host", command->hosts,
                     "Name or address under which kiosks reach it; those of before stay")
        ->take_all();
    config
        ->add_option("--worker", command->workers,
                     "A hub worker's name [main]; those of before stay")
        ->take_all();
    config->add_option("--port", command->port, "For kiosks and hub [as it was, or 8883]")
        ->check(CLI::Range(1, 65535));
    config
        ->add_option("--enrol-port", command->enrolPort,
                     "For devices without a certificate [as it was, or 8884]")
        ->check(CLI::Range(1, 65535));
    config->add_option("--out", command->out, "Else DIR/broker");
    config->callback([command, &chosen] { chosen = [command] { return admin::run(*command); }; });
}

/// On the hub with --kiosk: tapport-hub does it. On the kiosk with --code.
void addEnrol(CLI::App& app, const std::string& config, Chosen& chosen) {
    auto* enrol = app.add_subcommand("enrol", "Give a kiosk its identity, with a one-time code");
    auto code = std::make_shared<std::string>();
    auto kiosk = std::make_shared<std::string>();
    auto valid = std::make_shared<std::string>();
    auto* onKiosk = enrol->add_option("--code", *code, "On the kiosk: what the hub printed");
    auto* onHub = enrol->add_option("--kiosk", *kiosk, "On the hub: make a code for this one");
    enrol->add_option("--valid", *valid, "How long, such as 24h")->needs(onHub);
    onKiosk->excludes(onHub);
    enrol->callback([=, &config, &chosen] {
        if (code->empty() == kiosk->empty()) {
            throw CLI::RequiredError("--code on a kiosk, or --kiosk on the hub");
        }
        if (!code->empty()) {
            chosen = [code, &config] {
                return admin::run(admin::Enrol{*code, config.empty() ? defaultConfig() : config});
            };
            return;
        }
        admin::RunHub command{{"enrol", "--kiosk", *kiosk}};
        if (!valid->empty()) {
            command.arguments.insert(command.arguments.end(), {"--valid", *valid});
        }
        if (!config.empty()) {
            command.arguments.insert(command.arguments.end(), {"--config", config});
        }
        chosen = [command] { return admin::run(command); };
    });
}

void addDoctor(CLI::App& app, const std::string& config, Chosen& chosen) {
    auto* doctor = app.add_subcommand(
        "doctor", "Check a kiosk's settings, event file, key, database, reader and broker");
    auto command = std::make_shared<admin::Doctor>();
    doctor->add_option("--connstring", command->connstring,
                       "libnfc's name of the reader; that of --config if not given");
    doctor->callback([command, &config, &chosen] {
        command->config = config.empty() ? defaultConfig() : config;
        chosen = [command] { return admin::run(*command); };
    });
}

/// Everything behind its name goes to tapport-hub as it is.
void addHandOver(CLI::App& app, const std::string& name, const std::string& help,
                 std::vector<std::string> before, const std::string& config, Chosen& chosen) {
    auto* command = app.add_subcommand(name, help);
    command->set_help_flag();
    command->fallthrough(false);
    command->prefix_command();
    command->callback([command, before = std::move(before), &config, &chosen] {
        admin::RunHub run{before};
        const auto rest = command->remaining();
        run.arguments.insert(run.arguments.end(), rest.begin(), rest.end());
        if (!config.empty()) {
            run.arguments.insert(run.arguments.end(), {"--config", config});
        }
        chosen = [run] { return admin::run(run); };
    });
}

/// On the hub; its settings stand in the event's directory, or where --config says.
void addRoster(CLI::App& app, const std::string& config, Chosen& chosen) {
    auto* roster = app.add_subcommand("roster", "Who has which badge, as the organiser says");
    roster->require_subcommand(1);
    const auto add = [&](const std::string& name, const std::string& help) {
        auto* command = roster->add_subcommand(name, help);
        auto dir = std::make_shared<std::string>();
        auto rest = std::make_shared<admin::RunHub>(admin::RunHub{{"roster", name}});
        command->add_option("--event", *dir, "The event's directory, with hub.toml; or --config");
        command->callback([=, &config, &chosen] {
            const std::string settings =
                dir->empty() ? config : (std::filesystem::path(*dir) / "hub.toml").string();
            if (!settings.empty()) {
                rest->arguments.insert(rest->arguments.end(), {"--config", settings});
            }
            chosen = [rest] { return admin::run(*rest); };
        });
        return std::pair(command, rest);
    };
    const auto handOver = [](CLI::App* command, const std::shared_ptr<admin::RunHub>& to,
                             const std::string& flag, const std::string& help) {
        command->add_flag_callback(
            flag, [=] { to->arguments.push_back(flag); }, help);
    };
    const auto addFile = [](CLI::App* command, const std::shared_ptr<admin::RunHub>& to,
                            const std::string& help) {
        return command->add_option_function<std::string>(
            "FILE", [to](const std::string& file) { to->arguments.push_back(file); }, help);
    };
    const auto [import, imported] = add("import", "Tell kiosks of a CSV file's people");
    addFile(import, imported, "CSV; its first line names the columns")->required();
    handOver(import, imported, "--dry-run", "Only say what would be, row errors as well");
    const auto [remove, removed] = add("remove", "Have kiosks forget them again");
    addFile(remove, removed, "CSV with a column of badges");
    handOver(remove, removed, "--all", "Every entry");
}

}  // namespace

int main(int argc, char** argv) {
    program::forbidCoreDumps();
    CLI::App app("Tapport's tools for operators and marketers", kName);
    app.set_version_flag("--version", "tapport " TAPPORT_VERSION);
    app.fallthrough();
    app.require_subcommand(1);
    app.footer(
        "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 a file to be corrected, 4 reader, "
        "broker,\ndatabase or another program is not there.");
    std::string config;
    app.add_option("--config", config,
                   "kiosk.toml (here, else in /etc/tapport); for export, hub, roster and enrol "
                   "--kiosk hub.toml");
    Chosen chosen;
    addEvent(app, chosen);
    addBadge(app, config, chosen);
    addKiosk(app, config, chosen);
    addReceipt(app, chosen);
    addBroker(app, chosen);
    addEnrol(app, config, chosen);
    addDoctor(app, config, chosen);
    addHandOver(app, "export",
                "Leads with a live yes, with their proof: tapport-hub export, same arguments",
                {"export"}, config, chosen);
    addHandOver(app, "hub", "Whatever tapport-hub does: tapport hub quarantine list, say", {},
                config, chosen);
    addRoster(app, config, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? program::kExitOk : program::kExitUsage;
    }
    return chosen();
}
