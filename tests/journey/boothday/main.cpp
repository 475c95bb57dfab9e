// SPDX-License-Identifier: GPL-3.0-or-later
// tapport-boothday: the main job on real parts. Scripted without a display, by hand with one.
#include "tests/journey/boothday/audit.h"
#include "tests/journey/boothday/privacy.h"

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

/// Until here, a signal ends this program and with it all its children.
void waitForEnd() {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, nullptr);
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

/// Where everything is that the day left behind, and what to try with it.
void printPlaces(const Receipts& receipts, const Booth& booth, const Options& options) {
    const auto place = [](const std::string& what, const fs::path& path) {
        fmt::print("  {:<41}{}\n", what, path.string());
    };
    place(fmt::format("{} receipts: link, QR code, JWS", receipts.count()), receipts.dir());
    place("keys of the kiosks, signed by the root", booth.keysFile());
    place("notices: what was asked, signed as well", options.out / "notices.json");
    place("export: who said yes to what", options.out / "leads.csv");
    place("manifest of the export", options.out / "leads.csv.manifest.json");
    place("pictures of every screen", options.out / "screens");
    if (receipts.count() > 0) {
        fmt::print("check a receipt: {} receipt verify {}\n", support::program("tapport"),
                   receipts.firstLink().string());
        fmt::print("or open {} and put the link in\n", (options.out / "verify.html").string());
    }
}

int report(const Outcome& outcome, const Options& options, std::vector<std::string> trouble) {
    trouble.insert(trouble.begin(), outcome.findings.begin(), outcome.findings.end());
    for (const std::string& finding : trouble) {
        fmt::print(stderr, "WRONG: {}\n", finding);
    }
    fmt::print("{}: {}\n", trouble.empty() ? "as the answers imply" : "NOT as the answers imply",
               (options.out / "summary.json").string());
    return trouble.empty() ? 0 : 1;
}

int playScript(const Options& options) {
    Booth booth(options.out, KioskWindow::Offscreen);
    const Day day = planDay(options.visits, options.seed, booth.asks().size());
    Receipts receipts(options.out / "receipts");
    Outcome outcome;
    try {
        outcome.tally = DayRunner(booth, options.out / "screens", receipts).play(day);
    } catch (const std::exception&) {
        booth.screens().grab(options.out / "where-it-failed.png");
        throw;
    }
    outcome.hub = booth.waitForRecords(outcome.tally.recordsConfirmed);
    const fs::path leads = options.out / "leads.csv";
    booth.exportLeads(leads);
    outcome.exported = readLeads(leads, day);
    outcome.findings = compare(day, booth.asks(), outcome);
    receipts.fetch(booth.hubUrl());
    for (std::string& wrong : receipts.audit(booth.keysFile(), booth.eventFile())) {
        outcome.findings.push_back(std::move(wrong));
    }
    for (std::string& leak : personalDataBelow(options.out, day)) {
        outcome.findings.push_back(std::move(leak));
    }
    writeSummary(options.out, booth, outcome);
    if (options.keepsRunning) {
        booth.writeTapCommand();
        printAddresses(booth, options);
        waitForEnd();
    }
    fmt::print("{}", table(outcome));
    printPlaces(receipts, booth, options);
    return report(outcome, options, booth.close());
}

int playByHand(const Options& options) {
    Booth booth(options.out, KioskWindow::OnDisplay);
    booth.writeTapCommand();
    printAddresses(booth, options);
    waitForEnd();
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
        ->check(CLI::Range(std::size_t{1}, kMostAttendees))
        ->capture_default_str();
    app.add_option("--seed", options.seed, "what the day is drawn from")->capture_default_str();
    app.add_option("--out", options.out, "directory for data, logs, pictures and the export");
    CLI11_PARSE(app, argc, argv);

    try {
        options.out = options.out.empty() ? freshDirectory() : fs::absolute(options.out);
        if (fs::exists(options.out / "event.json") || fs::exists(options.out / "keys")) {
            fmt::print(stderr, "{} holds an earlier day; give another --out or remove it\n",
                       options.out.string());
            return 2;
        }
        fs::create_directories(options.out);
        const bool hasDisplay =
            std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
        return options.isHeadless || !hasDisplay ? playScript(options) : playByHand(options);
    } catch (const std::exception& failure) {
        fmt::print(stderr, "tapport-boothday: {}\nLogs and data are in {}\n", failure.what(),
                   options.out.string());
        return 1;
    }
}
