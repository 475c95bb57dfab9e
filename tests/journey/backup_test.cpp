// SPDX-License-Identifier: GPL-3.0-or-later
// A hub that is backed up, lost and restored, with the real store, agent, broker and hub: kiosks
// drop only what a backup holds, and send again what it lacks; everything is there once. And a hub
// that is built anew from its backups alone.
#include "firmware-app/store/kiosk_store.h"
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"
#include "tests/journey/site_agent.h"
#include "tests/support/postgres.h"
#include "tests/support/wait_until.h"

#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

using hub::samples::kKiosk;
using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

/// The kiosk's programs in this process, until the end of its scope.
class Kiosk {
  public:
    explicit Kiosk(const HubSite& site) : site_(site) {
        fs::create_directories(site.path("kiosk"));
        store_ = store::KioskStore::open(
                     {site.path("kiosk") / "kiosk.db", kKiosk, site.event(), site.kioskKeys()})
                     .value();
    }
    void record(std::uint64_t first, std::uint64_t last) {
        for (std::uint64_t seq = first; seq <= last; ++seq) {
            const std::vector units{site_.visit(seq).unit};
            ASSERT_TRUE(store_->commit(units, std::nullopt));
        }
    }
    /// Connected, everything delivered, so many rows kept, and `isThere`: without anything new to
    /// send, that looks the same before the hub has told what it lacks.
    [[nodiscard]] bool delivers(
        std::uint64_t kept, const std::function<bool()>& isThere = [] { return true; }) {
        std::mutex mutex;
        agent::AgentStatus seen;
        agent::AgentRunner runner(agentOptions(site_), *store_,
                                  [&](const agent::AgentStatus& status) {
                                      const std::lock_guard lock(mutex);
                                      seen = status;
                                  });
        const bool isSo = support::waitUntil([&] {
            std::unique_lock lock(mutex);
            const agent::AgentStatus now = seen;
            lock.unlock();
            return now.isHubOnline && now.counts.waiting == 0 &&
                   now.counts.received - now.counts.dropped == kept && isThere();
        });
        runner.stop();
        return isSo;
    }

  private:
    const HubSite& site_;
    std::unique_ptr<store::KioskStore> store_;
};

class Backups : public testing::Test {
  protected:
    std::string file(const std::string& name) const { return site_.path(name).string(); }
    void expectInHub(std::int64_t records, const std::string& of = "hub") const {
        EXPECT_TRUE(support::waitUntil([&] {
            return site_.figure("visits", of) == records && site_.figure("unopened", of) == 0;
        })) << site_.command({"status"}, of).out;
        EXPECT_EQ(site_.figure("records", of), records);
        EXPECT_EQ(site_.figure("quarantined", of), 0);
        EXPECT_EQ(site_.figure("forks", of), 0);
        EXPECT_EQ(site_.figure("kiosks_complete", of), 1);
    }

    /// The event file becomes another event's; gives what it was.
    std::string replaceEvent() const {
        const std::string own = support::readFile(site_.path("event.json"));
        const std::string id = "\"id\": \"" + site_.event().id.value + "\"";
        std::string other = own;
        support::writeFile(site_.path("event.json"),
                           other.replace(other.find(id), id.size(), "\"id\": \"another-fair\""));
        return own;
    }
    /// Of the hub that runs, as it tells kiosks.
    std::string epoch() const {
        KioskEnd end(site_);
        EXPECT_TRUE(end.awaitHub(wire::Presence::Online));
        return end.hubState() ? end.hubState()->hub.hex() : "";
    }
    /// Files of a restore that did not become the database.
    std::size_t drafts() const {
        const fs::directory_iterator files(site_.path("hub"));
        return static_cast<std::size_t>(
            std::count_if(begin(files), end(files), [](const fs::directory_entry& entry) {
                return entry.path().string().find(".restoring") != std::string::npos;
            }));
    }

    HubSite site_;
    Kiosk kiosk_{site_};
};

TEST_F(Backups, AHubThatIsRestoredGetsAgainWhatTheBackupLacksAndKiosksDropOnlyWhatItHolds) {
    site_.startHub();
    kiosk_.record(1, 12);
    ASSERT_TRUE(kiosk_.delivers(12)) << "without a backup it keeps everything";
    expectInHub(12);
    const auto made = site_.command({"backup", "--out", file("first.db")});
    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_THAT(made.out, HasSubstr("12 records are opened and backed up"));
    kiosk_.record(13, 22);
    ASSERT_TRUE(kiosk_.delivers(10)) << "what is behind the watermark is dropped";
    expectInHub(22);

    ASSERT_EQ(site_.stopHub(), 0);
    fs::remove_all(site_.path("hub"));
    const auto restored = site_.command({"restore", file("first.db")});
    ASSERT_EQ(restored.status, 0) << restored.err;
    site_.startHub();
    expectInHub(12);
    kiosk_.record(23, 23);

    EXPECT_TRUE(kiosk_.delivers(11)) << "13 to 23: no backup holds them";
    expectInHub(23);
}

TEST_F(Backups, ARestoreOverADatabaseKeepsThatAside) {
    site_.startHub();
    kiosk_.record(1, 10);
    ASSERT_TRUE(kiosk_.delivers(10));
    expectInHub(10);
    ASSERT_EQ(site_.command({"backup", "--out", file("a.db")}).status, 0);
    EXPECT_NE(site_.command({"backup", "--out", file("a.db")}).status, 0)
        << "no backup is overwritten";
    EXPECT_EQ(site_.command({"restore", file("a.db")}).status, 4) << "not while it runs";
    kiosk_.record(11, 11);
    ASSERT_TRUE(kiosk_.delivers(8)) << "the newest stay";
    expectInHub(11);
    site_.killHub();  // its write-ahead log stays behind

    ASSERT_EQ(site_.command({"restore", file("a.db")}).status, 0);

    EXPECT_EQ(site_.figure("records"), 10) << "nothing of the old log is read into it";
    std::size_t kept = 0;
    for (const auto& entry : fs::directory_iterator(site_.path("hub"))) {
        kept += entry.path().string().find(".replaced-") != std::string::npos ? 1 : 0;
    }
    EXPECT_EQ(kept, 2U) << "database and log";
    site_.startHub();
    EXPECT_TRUE(kiosk_.delivers(8, [&] { return site_.figure("records") == 11; }));
    expectInHub(11);
}

TEST_F(Backups, EachRestoreBeginsAHubEpochAndLeavesNothingOfItselfBehind) {
    site_.startHub();
    kiosk_.record(1, 3);
    ASSERT_TRUE(kiosk_.delivers(3));
    expectInHub(3);
    const std::string first = epoch();
    ASSERT_EQ(site_.command({"backup", "--out", file("a.db")}).status, 0);
    kiosk_.record(4, 6);
    ASSERT_TRUE(kiosk_.delivers(6)) << "the newest stay";
    expectInHub(6);
    ASSERT_EQ(site_.command({"backup", "--out", file("b.db")}).status, 0);
    ASSERT_EQ(site_.stopHub(), 0);
    // Of a restore that the power cut ended.
    support::writeFile(site_.path("hub") / "hub.db.restoring", "half a database");
    support::writeFile(site_.path("hub") / "hub.db.restoring-wal", "half a log");

    const auto restored = site_.command({"restore", file("a.db")});
    ASSERT_EQ(restored.status, 0) << restored.err;
    EXPECT_EQ(drafts(), 0U);
    site_.startHub();
    const std::string second = epoch();
    expectInHub(3);
    ASSERT_EQ(site_.stopHub(), 0);
    const auto again = site_.command({"restore", file("b.db")});
    ASSERT_EQ(again.status, 0) << again.err;
    EXPECT_EQ(drafts(), 0U);
    EXPECT_EQ(site_.figure("records"), 6);
    site_.startHub();

    EXPECT_NE(second, first);
    EXPECT_NE(epoch(), first);
    EXPECT_NE(epoch(), second);
}

TEST_F(Backups, WhatIsNotABackupIsLeftAlone) {
    site_.startHub();
    kiosk_.record(1, 1);
    ASSERT_TRUE(kiosk_.delivers(1));
    expectInHub(1);
    ASSERT_EQ(site_.stopHub(), 0);
    support::writeFile(site_.path("text.db"), "no database at all");

    EXPECT_NE(site_.command({"restore", file("text.db")}).status, 0);
    EXPECT_NE(site_.command({"restore", file("kiosk/kiosk.db")}).status, 0);
    EXPECT_NE(site_.command({"restore", file("nothing.db")}).status, 0);

    EXPECT_EQ(site_.figure("records"), 1);
    EXPECT_EQ(drafts(), 0U);
}

TEST_F(Backups, AnotherEventsFolderAndBackupAreRefused) {
    site_.startHub();
    kiosk_.record(1, 1);
    ASSERT_TRUE(kiosk_.delivers(1));
    expectInHub(1);
    ASSERT_EQ(site_.command({"backup", "--out", file("a.db")}).status, 0);
    ASSERT_EQ(site_.stopHub(), 0);
    const std::string event = replaceEvent();

    const auto status = site_.command({"status"});
    EXPECT_EQ(status.status, 3);
    EXPECT_THAT(status.err, AllOf(HasSubstr(site_.event().id.value), HasSubstr("another-fair")));
    EXPECT_EQ(site_.command({"run"}).status, 3);
    fs::rename(site_.path("hub"), site_.path("own"));
    const auto restored = site_.command({"restore", file("a.db")});
    EXPECT_EQ(restored.status, 3) << restored.out;
    EXPECT_THAT(restored.err, HasSubstr("another-fair"));
    EXPECT_FALSE(fs::exists(site_.path("hub") / "hub.db"));
    EXPECT_FALSE(fs::exists(site_.path("hub") / "suppression.key")) << "it would refuse the right";
    EXPECT_EQ(drafts(), 0U);

    support::writeFile(site_.path("event.json"), event);
    EXPECT_EQ(site_.command({"restore", file("a.db")}).status, 0);
    EXPECT_EQ(site_.figure("records"), 1);
    // A tenant's next event beside the last one, as somebody says.
    replaceEvent();
    fs::remove(site_.path("keys.json"));
    support::ChildProcess hub(
        {support::program("tapport-hub"), "--config", file("hub.toml"), "run", "--new-event"});
    EXPECT_TRUE(hub.readLine()) << "its address";
    EXPECT_EQ(hub.terminate(), 0);
}

TEST_F(Backups, AHubBuiltFromItsBackupsOpensEverything) {
    const std::string tapport = support::program("tapport");
    fs::create_directories(site_.path("keys"));
    fs::copy_file(site_.path("event.key"), site_.path("keys/event.key"));
    fs::copy_file(site_.path("hub.key"), site_.path("keys/hub.key"));
    support::writeFile(site_.path("passphrase"), "a long passphrase\n");
    const auto shell = [](const std::string& line) { return support::run({"sh", "-c", line}); };
    const std::string asked = " < " + file("passphrase");
    const auto saved = shell(tapport + " event backup-key " + site_.path(".").string() + " --out " +
                             file("keys.txt") + asked);
    ASSERT_EQ(saved.status, 0) << saved.err;
    site_.startHub();
    kiosk_.record(1, 3);
    ASSERT_TRUE(kiosk_.delivers(3));
    expectInHub(3);
    ASSERT_EQ(site_.command({"backup", "--out", file("hub.backup")}).status, 0);
    kiosk_.record(4, 5);  // sealed on the kiosk while the hub is lost
    ASSERT_EQ(site_.stopHub(), 0);
    for (const char* lost : {"hub", "event.key", "hub.key", "keys"}) {
        fs::remove_all(site_.path(lost));
    }

    const auto keys = shell(tapport + " event restore-key " + file("keys.txt") + " --dir " +
                            site_.path(".").string() + asked);
    ASSERT_EQ(keys.status, 0) << keys.err;
    fs::rename(site_.path("keys/event.key"), site_.path("event.key"));
    fs::rename(site_.path("keys/hub.key"), site_.path("hub.key"));
    const auto restored = site_.command({"restore", file("hub.backup")});
    ASSERT_EQ(restored.status, 0) << restored.err;
    site_.startHub();

    EXPECT_TRUE(kiosk_.delivers(5));
    expectInHub(5);
}

TEST_F(Backups, PostgresqlIsBackedUpWithItsOwnToolsAndTheWatermarkFollows) {
    support::Postgres server;
    auto worker = site_.startWorker("one", server.url("hub"));
    const std::string toml = file("one.toml");
    const auto hub = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {support::program("tapport-hub"), "--config", toml});
        return support::run(arguments,
                            {"PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin"});
    };
    kiosk_.record(1, 10);
    ASSERT_TRUE(kiosk_.delivers(10));
    ASSERT_TRUE(support::waitUntil([&] {
        return hub({"status", "--json"}).out.find("\"visits\": 10") != std::string::npos;
    }));

    const auto made = hub({"backup", "--out", file("hub.dump")});
    kiosk_.record(11, 11);

    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_GT(fs::file_size(site_.path("hub.dump")), 0U);
    EXPECT_TRUE(kiosk_.delivers(8));
    // Of another machine: the data folder does not say that a worker runs.
    fs::create_directories(site_.path("two"));
    fs::copy_file(site_.path("one") / "suppression.key", site_.path("two") / "suppression.key");
    std::string two = support::readFile(toml);
    two.replace(two.find("data = \"one\""), 12, "data = \"two\"");
    support::writeFile(site_.path("two.toml"), two);
    const auto early = site_.command({"restore"}, "two");
    EXPECT_EQ(early.status, 4) << early.out;
    EXPECT_THAT(early.err, HasSubstr("'one'"));
    EXPECT_EQ(worker->terminate(), 0);
    EXPECT_EQ(hub({"restore", file("hub.dump")}).status, 1) << "that is pg_restore's";
    EXPECT_EQ(hub({"restore"}).status, 0);
    replaceEvent();
    for (const char* command : {"restore", "status"}) {
        const auto refused = hub({command});
        EXPECT_EQ(refused.status, 3) << command;
        EXPECT_THAT(refused.err, HasSubstr("another-fair"));
    }
}

TEST_F(Backups, PostgresqlIsRestoredElsewhereAndKiosksSendAgainWhatTheDumpLacks) {
    const std::vector<std::string> tools{
        "PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin"};
    const auto backUp = [&](const std::string& to) {
        return support::run({support::program("tapport-hub"), "--config", file("one.toml"),
                             "backup", "--out", file(to)},
                            tools);
    };
    const auto epochIn = [](const std::string& url) {
        return support::run({"/usr/lib/postgresql/15/bin/psql", "--no-psqlrc", "--tuples-only", url,
                             "--command", "SELECT encode(epoch, 'hex') FROM hub"})
            .out;
    };
    auto lost = std::make_unique<support::Postgres>();
    auto worker = site_.startWorker("one", lost->url("hub"));
    kiosk_.record(1, 12);
    ASSERT_TRUE(kiosk_.delivers(12));
    expectInHub(12, "one");
    const auto made = backUp("first.dump");
    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_THAT(made.out, HasSubstr("12 records are opened and backed up"));
    kiosk_.record(13, 22);
    ASSERT_TRUE(kiosk_.delivers(10)) << "what is behind the watermark is dropped";
    expectInHub(22, "one");
    EXPECT_EQ(worker->terminate(), 0);
    const std::string epoch = epochIn(lost->url("hub"));
    lost.reset();

    // As sync/hub/README.md says, with every worker stopped.
    const support::Postgres anew;
    const std::string url = anew.url("hub");
    const auto restored = support::run(
        {"pg_restore", "--clean", "--if-exists", "--dbname=" + url, file("first.dump")}, tools);
    ASSERT_EQ(restored.status, 0) << restored.err;
    EXPECT_EQ(epochIn(url), epoch) << "so far the copy says it were the hub that kiosks know";
    std::string config = support::readFile(site_.path("one.toml"));
    const std::size_t at = config.find("database = ");
    config.replace(at, config.find('\n', at) - at, "database = \"" + url + "\"");
    support::writeFile(site_.path("one.toml"), config);
    ASSERT_EQ(site_.command({"restore"}, "one").status, 0);
    EXPECT_NE(epochIn(url), epoch);
    worker = site_.startWorker("one", url);
    expectInHub(12, "one");
    kiosk_.record(23, 23);

    EXPECT_TRUE(kiosk_.delivers(11)) << "13 to 23: no dump holds them";
    expectInHub(23, "one");
    ASSERT_EQ(backUp("second.dump").status, 0);
    kiosk_.record(24, 24);
    EXPECT_TRUE(kiosk_.delivers(8)) << "the newest stay, all before them the dump holds";
    expectInHub(24, "one");
    EXPECT_EQ(worker->terminate(), 0);
}

TEST_F(Backups, ARecordUnderAnothersIdHoldsUpWhatFollowsItUntilSomebodyDiscardsIt) {
    const receipt::SigningKeys others = receipt::makeSigningKeys();
    site_.publish({{kKiosk, site_.kioskKeys().publicKey}, {{"kiosk-2"}, others.publicKey}});
    site_.startHub();
    KioskEnd other(site_, {"kiosk-2"}, others);
    ASSERT_TRUE(other.awaitHub(wire::Presence::Online));
    record::PositionedUnit first = site_.visit(2);
    first.position = {{"kiosk-2"}, hub::samples::epoch(), 1};
    first.proof = receipt::prove(first, site_.event(), others);
    first.signature = receipt::signUnit(first, others);
    wire::Batch batch;
    batch.event = site_.event().id;
    batch.kiosk = {"kiosk-2"};
    batch.epoch = hub::samples::epoch();
    batch.base = hub::samples::kNow;
    batch.runs.push_back(
        {1, seal::kChainStart, {{first.unit.id, seal::sealUnit(first, site_.publicKey())}}});
    other.send(batch);
    ASSERT_TRUE(other.ack());
    kiosk_.record(1, 20);  // the second one under the id that kiosk-2 has used
    ASSERT_TRUE(kiosk_.delivers(20)) << "all of it is at the hub, that one in quarantine";
    ASSERT_EQ(site_.command({"backup", "--out", file("first.db")}).status, 0);
    ASSERT_TRUE(kiosk_.delivers(19)) << "only what lies before it is dropped";

    const std::string number = "1";
    const auto shown = site_.command({"quarantine", "show", number});
    EXPECT_THAT(shown.out, HasSubstr("conflict"));
    EXPECT_THAT(shown.out, HasSubstr("it can be discarded only"));
    EXPECT_NE(site_.command({"quarantine", "retry", number}).status, 0);
    ASSERT_EQ(site_.command({"quarantine", "discard", number, "--why", "a test"}).status, 0);
    EXPECT_THAT(site_.command({"quarantine", "show", number}).out, HasSubstr("holds up nothing"));
    ASSERT_EQ(site_.command({"backup", "--out", file("second.db")}).status, 0);

    EXPECT_TRUE(kiosk_.delivers(8)) << "the newest stay, also of what followed";
    EXPECT_EQ(site_.figure("quarantined"), 0);
    EXPECT_EQ(site_.figure("discarded"), 1);
}

}  // namespace
}  // namespace tapport::journey
