// SPDX-License-Identifier: GPL-3.0-or-later
// tapport-badgesim: a PN532 with badges behind a pseudo-terminal, and `ctl`, which lays badges on a
// running one. For development, demos and tests.
#include "hardware/pn532sim/badge_spec.h"
#include "hardware/pn532sim/simulator.h"
#include "sync/program/config.h"
#include "sync/program/file_descriptor.h"
#include "sync/program/program.h"

#include <cstdio>
#include <fstream>
#include <map>

#include <CLI/CLI.hpp>

namespace {

using namespace tapport;
using namespace tapport::pn532sim;

constexpr const char* kName = "tapport-badgesim";

struct Options {
    std::filesystem::path config;
    SimulatorOptions simulator;
    bool realtime = false;
    BadgeSpec badge;
    std::filesystem::path ctlSocket;
    std::string verb;
    std::filesystem::path dumpTo;
};

const std::map<std::string, std::pair<Verb, const char*>> kPlainVerbs = {
    {"remove", {Verb::Remove, "Take all badges away"}},
    {"dead", {Verb::Dead, "The chip answers nothing any more"}},
    {"mute", {Verb::Mute, "The chip acknowledges and never replies"}},
    {"no-ack", {Verb::NoAck, "The chip replies without acknowledging"}},
    {"bad-checksum", {Verb::BadChecksum, "Spoil the next reply's checksum"}},
    {"truncate", {Verb::Truncate, "Cut the next reply short"}},
    {"bad-status", {Verb::BadStatus, "Set bit 7 of the next exchange's status (libnfc aborts)"}},
    {"hangup", {Verb::Hangup, "Pull the plug"}},
    {"alive", {Verb::Alive, "Mend everything, plug in again"}},
    {"status", {Verb::Status, "Say how the simulator is"}},
};

void addBadgeOptions(CLI::App& app, BadgeSpec& badge) {
    app.add_option("--uri", badge.uri, "URI record");
    app.add_option("--text", badge.text, "Text record (English)");
    app.add_option("--vcard", badge.vcard, "Add a text/vcard record with this file's content");
    app.add_option("--dump", badge.dump, "The whole memory, 180, 540 or 924 bytes");
    app.add_option("--type", badge.type, "ntag213, ntag215, ntag216, or uid: an id and no memory")
        ->check(CLI::IsMember({"ntag213", "ntag215", "ntag216", "uid"}))
        ->capture_default_str();
    app.add_option("--uid", badge.uidHex, "Hexadecimal; made from the content if not given");
    app.add_option("--leave-after", badge.leaveAfter, "Pull it away after this many tag commands");
}

void describe(CLI::App& app, Options& options) {
    app.set_version_flag("--version", "tapport-badgesim " TAPPORT_VERSION);
    app.add_option("--config", options.config, "TOML file: socket, link, realtime");
    app.add_option("--socket", options.simulator.socket, "Control socket to make");
    app.add_option("--link", options.simulator.link, "Keep this symbolic link on the terminal");
    app.add_flag("--realtime", options.realtime, "Pace of 115200 baud, the air and the chip");
    addBadgeOptions(app, options.badge);
    app.footer(
        "Exit codes: 0 ended by SIGTERM or done, 1 refused, 2 wrong command line, 3 wrong "
        "configuration,\n4 socket in use.");

    auto* ctl = app.add_subcommand("ctl", "Ask a running simulator");
    ctl->add_option("PATH", options.ctlSocket, "Its control socket")->required();
    ctl->require_subcommand(1);
    for (const auto& [name, verb] : kPlainVerbs) {
        ctl->add_subcommand(name, verb.second);
    }
    auto* place = ctl->add_subcommand("place", "Lay down a badge instead of what lies there");
    addBadgeOptions(*place, options.badge);
    auto* second = ctl->add_subcommand("two-tags", "Lay a second badge beside what lies there");
    addBadgeOptions(*second, options.badge);
    auto* dump = ctl->add_subcommand("dump", "Write the badge's memory to a file");
    dump->add_option("FILE", options.dumpTo)->required();
}

Result<Request> requestOf(const CLI::App& verb, const Options& options) {
    if (verb.get_name() == "place" || verb.get_name() == "two-tags") {
        auto badge = options.badge;
        if (verb.get_name() == "two-tags" && !badge.describesBadge()) {
            badge.uri = "https://badges.example/second";
        }
        return requestFor(verb.get_name() == "place" ? Verb::Place : Verb::Add, badge);
    }
    if (verb.get_name() == "dump") {
        return Request{Verb::Dump, {}, {}, 0};
    }
    return Request{kPlainVerbs.at(verb.get_name()).first, {}, {}, 0};
}

int control(const CLI::App& verb, const Options& options) {
    const auto response = requestOf(verb, options).and_then([&](const Request& request) {
        return ask(options.ctlSocket, request);
    });
    if (!response) {
        return program::reportFailure(kName, response.error());
    }
    if (response->succeeded && !options.dumpTo.empty()) {
        std::ofstream out(options.dumpTo, std::ios::binary);
        out << textOf(response->data);
        if (!out.flush()) {
            return program::reportFailure(kName, {Code::Storage, "cannot write the dump"});
        }
    }
    std::printf("%s\n", response->text.c_str());
    return response->succeeded ? program::kExitOk : program::kExitFailed;
}

Result<> readConfig(Options& options) {
    auto config = options.config.empty() ? Result<program::Config>(program::Config::empty())
                                         : program::Config::load(options.config);
    if (!config) {
        return tl::unexpected(config.error());
    }
    auto& simulator = options.simulator;
    const auto fromFile = [&config](std::filesystem::path& given, std::string_view key) {
        const auto path = config->path(key, "");
        if (given.empty()) {
            given = path;
        }
    };
    fromFile(simulator.socket, "socket");
    fromFile(simulator.link, "link");
    const bool isReal = config->flag("realtime", false) || options.realtime;
    simulator.pace = isReal ? Pace::Real : Pace::Plain;
    return config->finish();
}

Result<> simulate(const Options& options) {
    auto endFd = program::openTerminationFd();
    if (!endFd) {
        return tl::unexpected(endFd.error());
    }
    const program::FileDescriptor end(*endFd);
    auto simulator = Simulator::open(options.simulator);
    if (!simulator) {
        return tl::unexpected(simulator.error());
    }
    if (options.badge.describesBadge()) {
        auto tag = requestFor(Verb::Place, options.badge).and_then(tagOf);
        if (!tag) {
            return tl::unexpected(tag.error());
        }
        simulator->place(std::move(*tag));
    }
    std::printf("%s\n", simulator->connstring().c_str());
    std::fflush(stdout);
    return simulator->run(end.get());
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("A PN532 badge reader with simulated badges behind a pseudo-terminal", kName);
    describe(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? program::kExitOk : program::kExitUsage;
    }
    if (const auto* ctl = app.get_subcommand("ctl"); ctl->parsed()) {
        return control(*ctl->get_subcommands().front(), options);
    }
    const auto configured = readConfig(options);
    if (!configured) {
        return program::reportFailure(kName, configured.error());
    }
    if (options.simulator.socket.empty()) {
        std::fprintf(stderr, "%s: --socket is required. Run with --help.\n", kName);
        return program::kExitUsage;
    }
    const auto ended = simulate(options);
    return ended ? program::kExitOk : program::reportFailure(kName, ended.error());
}
