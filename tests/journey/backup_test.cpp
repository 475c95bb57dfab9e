// SPDX-License-Identifier: GPL-3.0-or-later
// A hub that is backed up, lost and restored, with the real store, agent, broker and hub: kiosks
// drop only what a backup holds, and send again what it lacks; everything is there once. And a hub
// that is built anew from its backups alone.
#include "sync/receipt/full_receipt.h"
#include "sync/receipt/unit_signature.h"
#include "sync/seal/chain.h"
#include "tests/journey/backups.h"

namespace tapport::journey {
namespace {

using hub::samples::kKiosk;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

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

    const auto restored = site_.command({"restore", file("a.db")});
    ASSERT_EQ(restored.status, 0) << restored.err;

    EXPECT_THAT(restored.out, HasSubstr("1 records that this backup lacks"));
    const std::vector<fs::path> kept = keptAside();
    ASSERT_EQ(kept.size(), 2U) << "database and log";
    const std::string named = site_.path("hub").string() + "/hub.db.replaced-";
    EXPECT_THAT(restored.out, AllOf(HasSubstr(named), HasSubstr("destroy it")));
    EXPECT_THAT(site_.command({"status"}).out, HasSubstr(named));
    EXPECT_EQ(site_.figure("replaced_databases"), 1);
    for (const fs::path& one : kept) {
        fs::remove(one);
    }
    EXPECT_EQ(site_.figure("replaced_databases"), 0);
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

    const auto restored = site_.command({"restore", "--older", file("a.db")});
    ASSERT_EQ(restored.status, 0) << restored.err;
    EXPECT_EQ(drafts(), 0U);
    site_.startHub();
    const std::string second = epoch();
    expectInHub(6);
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

TEST_F(Backups, ABackupThatLacksWhatKiosksMayHaveDroppedIsRefused) {
    backUpTwice();
    const std::string before = support::readFile(site_.path("hub/hub.db"));

    const auto refused = site_.command({"restore", file("first.db")});

    EXPECT_EQ(refused.status, 1) << refused.out;
    EXPECT_THAT(refused.err,
                AllOf(HasSubstr("kiosk-1: 9 records"), HasSubstr("latest"), HasSubstr("--older")));
    EXPECT_EQ(support::readFile(site_.path("hub/hub.db")), before) << "as it was";
    EXPECT_THAT(keptAside(), testing::IsEmpty());
    EXPECT_EQ(drafts(), 0U);
    const auto latest = site_.command({"restore", file("second.db")});
    EXPECT_EQ(latest.status, 0) << latest.err;
}

TEST_F(Backups, AnOlderBackupGetsWhatTheDatabaseHasThatIsThere) {
    backUpTwice();

    const auto restored = site_.command({"restore", "--older", file("first.db")});

    ASSERT_EQ(restored.status, 0) << restored.err;
    EXPECT_THAT(restored.out, HasSubstr("9 records that this backup lacks"));
    EXPECT_THAT(restored.out, Not(HasSubstr("in neither")));
    EXPECT_EQ(drafts(), 0U);
    site_.startHub();
    expectInHub(12);  // no kiosk is there that would send them
    kiosk_.record(13, 13);
    EXPECT_TRUE(kiosk_.delivers(9, [&] { return site_.figure("records") == 13; }))
        << "no backup of this hub holds what was carried over: nothing more is dropped";
    expectInHub(13);
}

TEST_F(Backups, OverADatabaseThatCannotBeReadTheCommandSaysWhatIsNotKnown) {
    backUpTwice();
    support::writeFile(site_.path("hub/hub.db"), std::string(8192, 'x'));

    const auto restored = site_.command({"restore", file("first.db")});

    ASSERT_EQ(restored.status, 0) << restored.err;
    EXPECT_THAT(restored.out, AllOf(HasSubstr("cannot be read"), HasSubstr("later backups")));
    EXPECT_EQ(keptAside().size(), 1U);
    EXPECT_EQ(drafts(), 0U);
    EXPECT_EQ(site_.figure("records"), 3);
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
