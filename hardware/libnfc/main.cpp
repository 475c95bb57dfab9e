// SPDX-License-Identifier: GPL-3.0-or-later
// tapport-reader: owns the badge reader. With --fd it is the child of the kiosk and speaks the
// protocol of hardware/reader; without, it supervises such a child of its own and prints one line
// an event. Prints no tag contents unless --show.
#include "hardware/libnfc/libnfc_device.h"
#include "hardware/libnfc/reader_process.h"
#include "hardware/ndef/content.h"
#include "hardware/reader/reader_supervisor.h"
#include "sync/program/config.h"
#include "sync/program/log.h"
#include "sync/program/program.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include <CLI/CLI.hpp>
#include <poll.h>

namespace {

using namespace tapport;

constexpr const char* kName = "tapport-reader";

struct Options {
    std::filesystem::path config;
    libnfc::ReaderSettings settings;
    std::string logLevel;
    int fd = -1;
    bool showsContents = false;
};

void describe(CLI::App& app, Options& options) {
    app.set_version_flag("--version", std::string("tapport-reader " TAPPORT_VERSION) + ", libnfc " +
                                          libnfc::libraryVersion());
    app.add_option("--config", options.config,
                   "TOML file: [reader] connstring, fast_read_pages, presence_ms; [log] level");
    app.add_option("--connstring", options.settings.connstring,
                   "libnfc connection string, such as pn532_uart:/dev/ttyS1");
    app.add_option("--fd", options.fd, "Socket to the parent; without it, events go to stdout");
    app.add_flag("--show", options.showsContents, "Print what badges carry, too");
    app.footer(
        "Exit codes: 0 ended by SIGTERM or by the parent, 2 wrong command line, 3 wrong "
        "configuration,\n4 reader not there, busy or lost.");
}

Result<> readConfig(Options& options) {
    auto config = options.config.empty() ? Result<program::Config>(program::Config::empty())
                                         : program::Config::load(options.config);
    if (!config) {
        return tl::unexpected(config.error());
    }
    auto& settings = options.settings;
    const auto connstring = config->text("reader.connstring", "");
    if (settings.connstring.empty()) {
        settings.connstring = connstring;
    }
    settings.loop.session.fastReadPages =
        static_cast<std::uint8_t>(config->integer("reader.fast_read_pages", 63, 0, 63));
    settings.loop.presence.recheckPause =
        std::chrono::milliseconds(config->integer("reader.presence_ms", 125, 50, 1000));
    options.logLevel = config->text("log.level", "info");
    if (const auto fine = config->finish(); !fine) {
        return fine;
    }
    if (settings.connstring.empty()) {
        return fail(Code::InvalidConfig, "reader.connstring or --connstring is required");
    }
    return {};
}

const char* nameOf(reader::Unusable reason) {
    switch (reason) {
        case reader::Unusable::UnknownTag:
            return "unknown tag";
        case reader::Unusable::Empty:
            return "empty";
        case reader::Unusable::Malformed:
            return "malformed";
        case reader::Unusable::RemovedTooSoon:
            return "removed too soon";
        case reader::Unusable::SeveralTags:
            return "several tags";
    }
    return "";
}

class Printer {
  public:
    explicit Printer(bool showsContents) : showsContents_(showsContents) {}

    void operator()(const reader::ReaderEvent& event) const {
        std::visit(*this, event);
        std::fflush(stdout);
    }
    void operator()(const reader::BadgeRead& read) const {
        std::printf("badge %s, %zu bytes", toHex(read.uid).c_str(), read.message.size());
        if (const auto contents = ndef::interpretMessage(read.message);
            contents && showsContents_) {
            std::printf(", %s", ndef::displayText(ndef::firstUri(*contents).value_or("")).c_str());
        }
        std::printf("\n");
    }
    void operator()(const reader::BadgeUnusable& unusable) const {
        std::printf("badge unusable: %s\n", nameOf(unusable.reason));
    }
    void operator()(const reader::BadgeRemoved&) const { std::printf("badge removed\n"); }
    void operator()(const reader::ReaderLost& lost) const {
        std::printf("reader lost: %s\n", lost.why.c_str());
    }
    void operator()(const reader::ReaderBack&) const { std::printf("reader back\n"); }
    void operator()(const reader::BadgeWritten&) const {}

  private:
    bool showsContents_;
};

/// The same child as the kiosk's: what libnfc does to itself does not end us.
void printEvents(const Options& options, int endFd) {
    reader::SupervisorSettings settings{"/proc/self/exe", options.settings.connstring};
    settings.config = options.config;
    reader::ReaderSupervisor supervisor(std::move(settings));
    supervisor.start(Printer(options.showsContents));
    pollfd end{endFd, POLLIN, 0};
    while (::poll(&end, 1, -1) != 1) {
    }
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Reads NFC badges", kName);
    describe(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? program::kExitOk : program::kExitUsage;
    }
    if (const auto fine = readConfig(options); !fine) {
        return program::reportFailure(kName, fine.error());
    }
    program::startLogging(kName, options.logLevel);
    // libnfc prints to stderr by itself; what matters of it comes back as an error.
    ::setenv("LIBNFC_LOG_LEVEL", "0", 0);
    const auto endFd = program::openTerminationFd();
    if (!endFd) {
        return program::reportFailure(kName, endFd.error());
    }
    if (options.fd < 0) {
        printEvents(options, *endFd);
        return program::kExitOk;
    }
    const auto served = libnfc::serveParent(options.settings, options.fd, *endFd);
    return served ? program::kExitOk : program::reportFailure(kName, served.error());
}
