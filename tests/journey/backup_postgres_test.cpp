// SPDX-License-Identifier: GPL-3.0-or-later
// The same with PostgreSQL, which its own tools copy and restore.
#include "tests/journey/backups.h"
#include "tests/support/postgres.h"

namespace tapport::journey {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

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

}  // namespace
}  // namespace tapport::journey
