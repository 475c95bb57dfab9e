// SPDX-License-Identifier: GPL-3.0-or-later
// tapport-boothday: the main job on real parts. Scripted without a display, by hand with one.
#include "tests/journey/boothday/audit.h"

#include <csignal>
#include <cstdio>
#include <stdexcept>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace tapport::boothday {
namespace {

namespace fs = std::filesystem;

struct Options {
    bool isHeadless = false;
    bool keepsRunning = false;
    std::size_t visits = 20;
    std::uint32_t seed = 1;
    fs::path out;
};

/// Blocks SIGINT and SIGTERM here and in every thread to come, so that waitForEnd() can take them.
sigset_t blockEndSignals() {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, nullptr);
    return ends;
}

void waitForEnd(const sigset_t& ends) {
    int number = 0;
    sigwait(&ends, &number);
}

void printAddresses(const Booth& booth, const Options& options) {
    fmt::print("hub          {}   password: {}\n", booth.hubUrl(), kAdminPassword);
    fmt::print("staff PIN    {}\n", kStaffPin);
    fmt::print("tap a badge  {}/tap 1      (1 to 9)\n", options.out.string());
    fmt::print("data         {}\n", options.out.string());
    fmt::print("Ctrl-C ends it and removes nothing.\n");
    std::fflush(stdout);
}

int report(const Outcome& outcome, const Options& options, std::vector<std::string> trouble) {
    fmt::print("{}", table(outcome));
    trouble.insert(trouble.begin(), outcome.findings.begin(), outcome.findings.end());
    for (const std::string& finding : trouble) {
        fmt::print(stderr, "WRONG: {}\n", finding);
    }
    fmt::print("{}: {}\n", trouble.empty() ? "as the answers imply" : "NOT as the answers imply",
               (options.out / "summary.json").string());
    return trouble.empty() ? 0 : 1;
}

int playScript(const Options& options, const sigset_t& ends) {
    Booth booth(options.out, KioskWindow::Offscreen);
    const Day day = planDay(options.visits, options.seed, booth.asks().size());
    Outcome outcome;
    try {
        outcome.tally = DayRunner(booth, options.out / "screens").play(day);
    } catch (const std::exception&) {
        booth.screens().grab(options.out / "where-it-failed.png");
        throw;
    }
    outcome.hub = booth.waitForRecords(outcome.tally.recordsConfirmed);
    const fs::path leads = options.out / "leads.csv";
    booth.exportLeads(leads);
    outcome.exported = readLeads(leads, day);
    outcome.findings = compare(day, booth.asks(), outcome);
    writeSummary(options.out, booth, outcome);
    if (options.keepsRunning) {
        booth.writeTapCommand();
        printAddresses(booth, options);
        waitForEnd(ends);
    }
    return report(outcome, options, booth.close());
}

int playByHand(const Options& options, const sigset_t& ends) {
    Booth booth(options.out, KioskWindow::OnDisplay);
    booth.writeTapCommand();
    printAddresses(booth, options);
    waitForEnd(ends);
    return booth.close().empty() ? 0 : 1;
}

fs::path freshDirectory() {
    std::string name = (fs::temp_directory_path() / "tapport-demo-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("cannot make a directory for the demo's files");
    }
    return name;
}

}  // namespace
}  // namespace tapport::boothday

int main(int argc, char** argv) {
    using namespace tapport::boothday;
    Options options;
    CLI::App app("The main job of Tapport on real parts: a booth day");
    app.add_flag("--headless", options.isHeadless, "scripted day without a display");
    app.add_flag("--keep", options.keepsRunning, "leave everything running until Ctrl-C");
    app.add_option("--visits", options.visits, "attendees of the scripted day")
        ->check(CLI::Range(1, 9999))
        ->capture_default_str();
    app.add_option("--seed", options.seed, "what the day is drawn from")->capture_default_str();
    app.add_option("--out", options.out, "directory for data, logs, pictures and the export");
    CLI11_PARSE(app, argc, argv);

    const sigset_t ends = blockEndSignals();
    try {
        options.out = options.out.empty() ? freshDirectory() : fs::absolute(options.out);
        fs::create_directories(options.out);
        const bool hasDisplay =
            std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
        return options.isHeadless || !hasDisplay ? playScript(options, ends)
                                                 : playByHand(options, ends);
    } catch (const std::exception& failure) {
        fmt::print(stderr, "tapport-boothday: {}\nLogs and data are in {}\n", failure.what(),
                   options.out.string());
        return 1;
    }
}
