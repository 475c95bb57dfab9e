// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fault/schedules/fault_site.h"

#include "tests/fault/scale.h"

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
        std::vector<std::string>{"strace", "-f", "-q", "-s", "0", "-o", dir_ / "calls", "-p",
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

bool Injector::awaitStop() const {
    // "tracing stop" would be every call's. One that was stopped before has no signal in front.
    return support::waitUntil([&] {
        const std::string calls = support::readFile(dir_ / "calls");
        const std::size_t signal = calls.find("--- SIGSTOP {");
        return signal != std::string::npos &&
               calls.find("stopped by SIGSTOP", signal) != std::string::npos;
    });
}

bool stopAtStep(pid_t process, int n, const std::string& steps,
                const std::function<void()>& meanwhile) {
    {
        const Injector injector(process, steps, fmt::format("{}:signal=STOP:when={}", steps, n));
        meanwhile();
        if (!injector.isAttached() || !injector.awaitStop()) {
            return false;
        }
    }
    return support::waitUntil([&] {
        return support::readFile(fmt::format("/proc/{}/status", process)).find("State:\tT") !=
               std::string::npos;
    });
}

FaultSite::FaultSite(int kiosks, Store store) {
    addKiosks(kiosks);
    if (store == Store::Postgres) {
        keepInPostgres();
    }
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

void FaultSite::keepInPostgres() {
    postgres_ = std::make_unique<support::Postgres>();
    const std::string config = support::readFile(hub_.path("hub.toml"));
    support::writeFile(hub_.path("hub.toml"),
                       fmt::format("database = \"{}\"\n{}", postgres_->url("hub"), config));
    // As all workers of one database must.
    std::filesystem::create_directories(hub_.path("hub"));
    support::writeFile(hub_.path("hub") / "suppression.key", std::string(64, '7') + "\n");
}

std::unique_ptr<ChildProcess> FaultSite::startWorker(const std::string& name) {
    return hub_.startWorker(name, {});
}

std::string FaultSite::query(const std::string& sql) const {
    return postgres_->query("hub", sql);
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

std::filesystem::path FaultSite::countsFile(const Kiosk& kiosk) const {
    return hub_.path(kiosk.name.value + ".counts");
}

void FaultSite::startKiosk(Kiosk& kiosk) const {
    const int port = kiosk.cable ? kiosk.cable->port() : hub_.broker().port();
    std::vector<std::string> command = kiosk.by;
    command.insert(command.end(),
                   {support::program("tapport-faultkiosk"), "--event",
                    hub_.path("event.json").string(), "--data", kiosk.data.string(), "--diary",
                    diaryFile(kiosk).string(), "--counts", countsFile(kiosk).string(), "--kiosk",
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

std::size_t FaultSite::receivedBy(const Kiosk& kiosk) const {
    std::size_t waiting = 0;
    std::size_t received = 0;
    std::istringstream(support::readFile(countsFile(kiosk))) >> waiting >> received;
    return received;
}

bool FaultSite::isServed(const Kiosk& kiosk, std::chrono::milliseconds patience) const {
    const std::size_t confirmed = diaryOf(kiosk).confirmed.size();
    return support::waitUntil([&] { return receivedBy(kiosk) >= confirmed; }, patience);
}

FaultSite::Held FaultSite::stopHubAndRead() {
    EXPECT_EQ(hub_.stopHub(), 0);
    return postgres_ ? readPostgres() : readSqlite();
}

FaultSite::Held FaultSite::readPostgres() const {
    Held held;
    std::istringstream rows(
        query("SELECT encode(s.unit_id, 'hex') || ' ' || (SELECT count(*) FROM unit u WHERE "
              "u.unit_id = s.unit_id) FROM sealed_unit s"));
    std::string id;
    int times = 0;
    while (rows >> id >> times) {
        ++held.rows;
        if (times == 1) {
            held.filed.insert(id);
        }
    }
    held.quarantined = std::stoul(query("SELECT count(*) FROM quarantine"));
    return held;
}

FaultSite::Held FaultSite::readSqlite() const {
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
    constexpr std::chrono::seconds kPatience(scaled(180, 900));
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
    // Each question goes before opening.
    constexpr std::chrono::milliseconds kBetween(200);
    EXPECT_TRUE(
        support::waitUntil([&] { return hub_.figure("unopened") == 0; }, kPatience, kBetween));
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
