// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journey/boothday/booth.h"

#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tapport::boothday {

using nlohmann::json;
using support::ChildOptions;
using support::ChildProcess;
using support::program;
namespace fs = std::filesystem;

namespace {

/// Fails loudly: a script that goes on after a failed step proves nothing.
std::string runOrThrow(const std::vector<std::string>& command) {
    const support::Finished finished = support::run(command);
    if (finished.status != 0) {
        throw std::runtime_error(
            fmt::format("{} ended with {}: {}", command.front(), finished.status, finished.err));
    }
    return finished.out;
}

std::string vcard(const Attendee& attendee) {
    return fmt::format("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{}\r\nORG:{}\r\nEMAIL:{}\r\nEND:VCARD\r\n",
                       attendee.firstName, attendee.company, attendee.email);
}

}  // namespace

Booth::Booth(fs::path dir, KioskWindow window, std::chrono::seconds idle)
    : dir_(std::move(dir)), window_(window) {
    fs::create_directories(dir_ / "badges");
    initialiseEvent(idle);
    publishKioskKey();
    startBroker();
    startHub();
    if (window_ != KioskWindow::None) {
        enrolKiosk();
        startReader();
        startKiosk();
    }
}

void Booth::initialiseEvent(std::chrono::seconds idle) {
    const support::TempDir scratch;
    support::writeFile(scratch / "password", kAdminPassword);
    runOrThrow({program("tapport"), "event", "init", dir_.string(), "--broker", "127.0.0.1",
                "--staff-pin", fmt::format("kim={}", kStaffPin), "--admin-password-file",
                (scratch / "password").string()});
    if (window_ != KioskWindow::OnDisplay) {
        // A walk-away costs the script seconds instead of a minute, and a script that waits for
        // each screen needs no guard against a double press. What it has confirmed stays until the
        // script goes on, be the machine busy. People get the kiosk's own times.
        std::ofstream(dir_ / "kiosk.toml", std::ios::app) << fmt::format(
            "\n[timing]\nidle_seconds = {}\nwarning_seconds = 3\n"
            "done_seconds = 120\ninput_guard_ms = 0\n",
            idle.count());
    }
    const json event = json::parse(support::readFile(eventFile()));
    eventId_ = event.at("id");
    for (const json& ask : event.at("asks")) {
        asks_.push_back({ask.at("purpose"), ask.at("channel")});
    }
    need_ = event.at("needs").at(0).at("id");
    readiness_ = event.at("readiness").at(0).at("id");
}

void Booth::publishKioskKey() const {
    publishKey(runOrThrow(
        {program("tapport"), "kiosk", "key", "--config", (dir_ / "kiosk.toml").string()}));
}

void Booth::publishKey(const std::string& jwk) const {
    const fs::path file = dir_ / "keys" / "kiosk.jwk";
    support::writeFile(file, jwk);
    runOrThrow({program("tapport"), "event", "publish", dir_.string(), "--add", file.string()});
}

void Booth::startBroker() {
    const int port = support::freePort();
    enrolPort_ = support::freePort();
    runOrThrow({program("tapport"), "broker", "config", dir_.string(), "--host", "127.0.0.1",
                "--port", std::to_string(port), "--enrol-port", std::to_string(enrolPort_)});
    broker_ = std::make_unique<support::Mosquitto>(dir_ / "broker",
                                                   dir_ / "broker" / "mosquitto.conf", port);
}

void Booth::enrolKiosk() const {
    std::string settings = support::readFile(dir_ / "kiosk.toml");
    const std::string table = "[broker]\n";
    settings.insert(settings.find(table) + table.size(),
                    fmt::format("enrol_port = {}\n", enrolPort_));
    support::writeFile(dir_ / "kiosk.toml", settings);
    const std::string said = runOrThrow({program("tapport"), "enrol", "--kiosk", "kiosk-1",
                                         "--config", (dir_ / "hub.toml").string()});
    const std::string last = "--code ";
    const std::size_t at = said.rfind(last) + last.size();
    runOrThrow({program("tapport"), "enrol", "--code", said.substr(at, said.find('\n', at) - at),
                "--config", (dir_ / "kiosk.toml").string()});
}

void Booth::startHub() {
    ChildOptions options;
    options.log = dir_ / "hub" / "hub.log";
    hub_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{program("tapport-hub"), "--config", (dir_ / "hub.toml").string(),
                                 "--broker-port", std::to_string(broker_->port()), "--web-port",
                                 "0"},
        options);
    const auto url = hub_->readLine();
    if (!url || url->rfind("http://127.0.0.1:", 0) != 0) {
        throw std::runtime_error("the hub did not start: see " + options.log.string());
    }
    hubUrl_ = *url;
}

void Booth::startReader() {
    ChildOptions options;
    options.log = dir_ / "kiosk" / "badgesim.log";
    reader_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{program("tapport-badgesim"), "--socket",
                                 (dir_ / "badgesim.sock").string()},
        options);
    const auto connstring = reader_->readLine();
    if (!connstring) {
        throw std::runtime_error("the simulated reader did not start: see " + options.log.string());
    }
    connstring_ = *connstring;
}

void Booth::startKiosk() {
    screens_.reset();
    const fs::path socket = dir_ / "driver.sock";
    fs::remove(socket);
    ChildOptions options;
    options.log = dir_ / "kiosk" / "kiosk.log";
    options.appendStdoutToLog = true;
    if (window_ == KioskWindow::Offscreen) {
        // Qt would make a directory in /tmp and leave it there.
        options.environment = {"QT_QPA_PLATFORM=offscreen",
                               "XDG_RUNTIME_DIR=" + (dir_ / "kiosk").string()};
    }
    kiosk_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{
            program("tapport-kiosk"), "--config", (dir_ / "kiosk.toml").string(), "--log-level",
            "debug", "--windowed", "800x480", "--connstring", connstring_, "--broker-port",
            std::to_string(broker_->port()), "--driver", socket.string()},
        options);
    screens_ = std::make_unique<ScreenClient>(socket);
    screens_->waitFor({"Idle"});
}

void Booth::badgeCommand(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command{program("tapport-badgesim"), "ctl",
                                     (dir_ / "badgesim.sock").string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    runOrThrow(command);
}

void Booth::placeBadge(const Attendee& attendee) {
    const fs::path card = dir_ / "badges" / (attendee.token + ".vcf");
    support::writeFile(card, vcard(attendee));
    badgeCommand({"place", "--uri", "https://badge.tapport.example/b/" + attendee.token, "--vcard",
                  card.string(), "--type", "ntag215"});
}

void Booth::placeForeignCard() {
    badgeCommand({"place", "--type", "uid"});
}

std::size_t Booth::removalsSeen() const {
    const std::string log = support::readFile(dir_ / "kiosk" / "kiosk.log");
    const std::string line = "reader: badge removed";
    std::size_t count = 0;
    for (auto at = log.find(line); at != std::string::npos; at = log.find(line, at + 1)) {
        ++count;
    }
    return count;
}

void Booth::removeBadge() {
    // The same badge back within the reader's two misses (250 ms) would be no new tap; a script is
    // faster.
    const std::size_t before = removalsSeen();
    badgeCommand({"remove"});
    if (!support::waitUntil([&] { return removalsSeen() > before; })) {
        throw std::runtime_error("the reader did not notice that the badge left");
    }
}

void Booth::killAndRestartKiosk() {
    screens_.reset();
    kiosk_->kill();
    startKiosk();
}

void Booth::killAndRestartHub() {
    hub_->kill();
    startHub();
}

void Booth::killAndRestartBroker() {
    broker_->kill();
    broker_->start();
}

HubCounts Booth::hubCounts() const {
    const json status = json::parse(runOrThrow(
        {program("tapport-hub"), "status", "--json", "--config", (dir_ / "hub.toml").string()}));
    return {status.at("records"), status.at("unopened"), status.at("quarantined"),
            status.at("conversations")};
}

HubCounts Booth::waitForRecords(std::int64_t records) {
    HubCounts counts;
    // The outcome is judged by the caller; this only gives the records time to arrive.
    (void)support::waitUntil([&] {
        counts = hubCounts();
        return counts.records >= records && counts.unopened == 0;
    });
    return counts;
}

void Booth::exportLeads(const fs::path& file) const {
    runOrThrow({program("tapport"), "export", "--format", "csv", "--out", file.string(), "--config",
                (dir_ / "hub.toml").string()});
}

std::vector<std::string> Booth::close() {
    std::vector<std::string> trouble;
    screens_.reset();
    const auto end = [&trouble](const char* name, std::unique_ptr<ChildProcess>& child) {
        if (child && child->terminate() != 0) {
            trouble.push_back(fmt::format("{} did not end cleanly on SIGTERM", name));
        }
        child.reset();
    };
    end("tapport-kiosk", kiosk_);
    end("tapport-badgesim", reader_);
    end("tapport-hub", hub_);
    broker_.reset();
    return trouble;
}

void Booth::writeTapCommand() const {
    std::string script =
        "#!/bin/sh\n# Taps sample badge N (1 to 9): holds it to the reader, then takes it away.\n";
    script += fmt::format("sim='{}'\nsocket='{}'\n", program("tapport-badgesim"),
                          (dir_ / "badgesim.sock").string());
    script += "case \"${1:-1}\" in\n";
    for (std::size_t number = 1; number <= 9; ++number) {
        const Attendee attendee = sampleAttendee(number);
        const fs::path card = dir_ / "badges" / (attendee.token + ".vcf");
        support::writeFile(card, vcard(attendee));
        script +=
            fmt::format("{}) set -- --uri 'https://badge.tapport.example/b/{}' --vcard '{}' ;;\n",
                        number, attendee.token, card.string());
    }
    script += "*) echo 'usage: tap [1-9]' >&2; exit 2 ;;\nesac\n";
    script +=
        "\"$sim\" ctl \"$socket\" place \"$@\" --type ntag215 && sleep 1 && \"$sim\" ctl "
        "\"$socket\" remove\n";
    const fs::path file = dir_ / "tap";
    support::writeFile(file, script);
    fs::permissions(file, fs::perms::owner_all);
}

}  // namespace tapport::boothday
