// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/schedules/fault_site.h"

#include <csignal>
#include <sstream>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/core.h>
#include <gtest/gtest.h>

namespace tapport::fault {

using support::ChildProcess;

Injector::Injector(pid_t process, const std::string& calls, const std::string& inject) {
    support::ChildOptions options;
    options.log = "/dev/null";
    strace_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{"strace", "-f", "-q", "-o", "/dev/null", "-p",
                                 std::to_string(process), "-e", "trace=" + calls, "-e",
                                 "inject=" + inject},
        options);
    // It may be dead before anybody looks: that is what was asked for.
    const auto isTraced = [&] {
        const std::string status = support::readFile(fmt::format("/proc/{}/status", process));
        return status.find("TracerPid:\t0\n") == std::string::npos ||
               status.find("State:\tZ") != std::string::npos;
    };
    isAttached_ =
        support::waitUntil([&] { return isTraced() || !strace_->isRunning(); }) && isTraced();
}

FaultSite::FaultSite(int kiosks) {
    addKiosks(kiosks);
    for (Kiosk& kiosk : kiosks_) {
        kiosk.cable = std::make_unique<support::Interceptor>(hub_.broker().port());
    }
    hub_.startHub();
}

FaultSite::FaultSite(int kiosks, const support::PrivateNetwork& network)
    : hub_({network.addressOfUsFor(0), network.listenersLines()}) {
    addKiosks(kiosks);
    for (std::size_t i = 0; i < kiosks_.size(); ++i) {
        kiosks_[i].by = network.runAt(i + 1);
        kiosks_[i].host = network.addressOfUsFor(i + 1);
    }
    hub_.runHubBy(network.runAt(0));
    hub_.startHub();
}

void FaultSite::addKiosks(int count) {
    std::vector<receipt::KioskKey> keys;
    for (int i = 1; i <= count; ++i) {
        Kiosk kiosk;
        kiosk.name = {fmt::format("kiosk-{}", i)};
        kiosk.data = hub_.path(kiosk.name.value);
        std::filesystem::create_directories(kiosk.data);
        const receipt::SigningKeys own = receipt::makeSigningKeys();
        support::writeFile(kiosk.data / "signing.key", toHex(own.secretKey) + "\n");
        keys.push_back({kiosk.name, own.publicKey});
        kiosks_.push_back(std::move(kiosk));
    }
    hub_.publish(std::move(keys));
}

std::filesystem::path FaultSite::diaryFile(const Kiosk& kiosk) const {
    return hub_.path(kiosk.name.value + ".diary");
}

std::filesystem::path FaultSite::timelineFile(const Kiosk& kiosk) const {
    return hub_.path(kiosk.name.value + ".timeline");
}

std::filesystem::path FaultSite::logOf(const Kiosk& kiosk) const {
    return hub_.path(kiosk.name.value + ".log");
}

void FaultSite::startKiosk(Kiosk& kiosk) const {
    const int port = kiosk.cable ? kiosk.cable->port() : hub_.broker().port();
    std::vector<std::string> command = kiosk.by;
    command.insert(
        command.end(),
        {support::program("tapport-faultkiosk"), "--event", hub_.path("event.json").string(),
         "--data", kiosk.data.string(), "--diary", diaryFile(kiosk).string(), "--kiosk",
         kiosk.name.value, "--host", kiosk.host, "--port", std::to_string(port)});
    if (kiosk.keepsTimeline) {
        command.insert(command.end(), {"--timeline", timelineFile(kiosk).string()});
    }
    command.insert(command.end(), kiosk.arguments.begin(), kiosk.arguments.end());
    support::ChildOptions options;
    options.environment = kiosk.environment;
    options.log = logOf(kiosk);
    kiosk.process = std::make_unique<ChildProcess>(command, options);
}

void FaultSite::restartKiosk(Kiosk& kiosk) const {
    kiosk.process->kill();
    startKiosk(kiosk);
}

void FaultSite::restartHub() {
    hub_.killHub();
    hub_.startHub();
}

void FaultSite::restartBroker() {
    hub_.broker().kill();
    hub_.broker().start();
}

Diary FaultSite::diaryOf(const Kiosk& kiosk) const {
    Diary diary;
    std::istringstream lines(support::readFile(diaryFile(kiosk)));
    std::string what;
    std::string id;
    while (lines >> what >> id) {
        if (what == "tried") {
            diary.tried.insert(id);
        } else if (what == "confirmed") {
            diary.confirmed.insert(id);
        } else {
            ++diary.failures;
            diary.failed.insert(id);
            diary.wasFull = diary.wasFull || what == "full";
        }
    }
    return diary;
}

Diary FaultSite::diary() const {
    Diary all;
    for (const Kiosk& kiosk : kiosks_) {
        Diary one = diaryOf(kiosk);
        all.tried.merge(one.tried);
        all.confirmed.merge(one.confirmed);
        all.failures += one.failures;
        all.wasFull = all.wasFull || one.wasFull;
    }
    return all;
}

FaultSite::Held FaultSite::stopHubAndRead() {
    EXPECT_EQ(hub_.stopHub(), 0);
    SQLite::Database db(hub_.path("hub") / "hub.db", SQLite::OPEN_READWRITE);
    Held held;
    SQLite::Statement read(
        db,
        "SELECT lower(hex(s.unit_id)), (SELECT count(*) FROM unit u WHERE u.unit_id = "
        "s.unit_id) FROM sealed_unit s");
    while (read.executeStep()) {
        ++held.rows;
        if (read.getColumn(1).getInt() == 1) {
            held.filed.insert(read.getColumn(0).getString());
        }
    }
    held.quarantined =
        static_cast<std::size_t>(db.execAndGet("SELECT count(*) FROM quarantine").getInt());
    return held;
}

std::string FaultSite::whereabouts(const std::string& id) const {
    std::string found;
    for (const Kiosk& kiosk : kiosks_) {
        const std::filesystem::path copy = hub_.path("copy");
        std::filesystem::remove_all(copy);
        std::filesystem::copy(kiosk.data, copy);
        SQLite::Database db(copy / "kiosk.db", SQLite::OPEN_READWRITE);
        db.exec("PRAGMA locking_mode = EXCLUSIVE");
        SQLite::Statement read(db,
                               "SELECT number, coalesce((SELECT state FROM standing WHERE number "
                               "BETWEEN first AND last), -1) FROM outbox "
                               "WHERE lower(hex(record_id)) = ?");
        read.bind(1, id);
        while (read.executeStep()) {
            found += fmt::format(", on {} as {} in state {}", kiosk.name.value,
                                 read.getColumn(0).getInt64(), read.getColumn(1).getInt());
        }
        const Diary diary = diaryOf(kiosk);
        found += diary.failed.count(id) > 0 ? ", its save failed at first" : "";
    }
    return found;
}

void FaultSite::expectMuchAtStake() const {
    constexpr std::size_t kMuch = 50;
    EXPECT_TRUE(support::waitUntil([&] { return diary().confirmed.size() > kMuch; }))
        << "only " << diary().confirmed.size() << " confirmed";
}

void FaultSite::expectAllAtTheHubOnce() {
    constexpr std::chrono::seconds kPatience(180);
    for (Kiosk& kiosk : kiosks_) {
        // It delivers what it has, records nothing more, and ends.
        if (kiosk.cable) {
            kiosk.cable->set(support::Interceptor::Mode::Pass);
        }
        kiosk.arguments = {"--deliver"};
        restartKiosk(kiosk);
    }
    for (Kiosk& kiosk : kiosks_) {
        EXPECT_EQ(kiosk.process->wait(kPatience), 0) << hub_.command({"status"}).out;
    }
    const Diary said = diary();
    EXPECT_TRUE(support::waitUntil([&] { return hub_.figure("unopened") == 0; }, kPatience));
    const Held held = stopHubAndRead();
    for (const std::string& id : said.confirmed) {
        EXPECT_EQ(held.filed.count(id), 1U) << "lost: " << id << whereabouts(id);
    }
    for (const std::string& id : held.filed) {
        EXPECT_EQ(said.tried.count(id), 1U) << "nobody made it: " << id;
    }
    EXPECT_EQ(held.filed.size(), held.rows) << "twice, or not filed";
    EXPECT_EQ(held.quarantined, 0U);
    testing::Test::RecordProperty("confirmed", std::to_string(said.confirmed.size()));
}

}  // namespace tapport::fault
