// SPDX-License-Identifier: GPL-3.0-or-later
// `tapport doctor` on an event as `event init` made it, with a simulated reader and a real broker.
#include "firmware-app/store/kiosk_store.h"
#include "sync/event/event.h"
#include "sync/program/program.h"
#include "sync/seal/seal.h"
#include "tests/support/badge_sim.h"
#include "tests/support/mosquitto.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::admin {
namespace {

using testing::HasSubstr;
using testing::Not;

class DoctorCommand : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(seal::initialise());
        const auto made =
            support::run({support::program("tapport"), "event", "init", dir_.path().string()});
        ASSERT_EQ(made.status, program::kExitOk) << made.err;
    }
    void edit(const std::string& file, const std::string& from, const std::string& to) const {
        std::string text = support::readFile(dir_ / file);
        const std::size_t at = text.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        support::writeFile(dir_ / file, text.replace(at, from.size(), to));
    }
    void nameReader(const std::string& connstring) const {
        edit("kiosk.toml", R"(connstring = "")", "connstring = \"" + connstring + "\"");
    }
    void nameBroker(int port) const { edit("kiosk.toml", "1883", std::to_string(port)); }
    support::Finished doctor(const std::vector<std::string>& more = {}) const {
        return tapport("doctor", more);
    }
    support::Finished tapport(const std::string& command,
                              const std::vector<std::string>& more = {}) const {
        std::vector<std::string> line{support::program("tapport"), "--config",
                                      (dir_ / "kiosk.toml").string(), command};
        line.insert(line.end(), more.begin(), more.end());
        return support::run(line);
    }
    void makeKey() const {
        support::writeFile(dir_ / "kiosk-1.jwk", tapport("kiosk", {"key"}).out);
    }
    void publishKey(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> arguments{"publish", dir_.path().string()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto published = tapport("event", arguments);
        ASSERT_EQ(published.status, program::kExitOk) << published.err;
    }
    Result<std::unique_ptr<store::KioskStore>> openStore() const {
        const auto event = event::parse(support::readFile(dir_ / "event.json"));
        return store::KioskStore::open(
            {dir_ / "kiosk" / "kiosk.db", {"kiosk-1"}, event.value(), receipt::makeSigningKeys()});
    }
    support::TempDir dir_;
};

TEST_F(DoctorCommand, SaysOkToAKioskThatHasEverything) {
    const support::BadgeSim sim;
    const support::Mosquitto broker(dir_ / "broker");
    nameReader(sim.connstring());
    nameBroker(broker.port());
    { ASSERT_TRUE(openStore()); }
    makeKey();
    publishKey({"--add", (dir_ / "kiosk-1.jwk").string()});

    const auto found = doctor();

    EXPECT_EQ(found.status, program::kExitOk) << found.out << found.err;
    EXPECT_THAT(found.out, HasSubstr("ok    settings  kiosk-1\n"));
    EXPECT_THAT(found.out, HasSubstr("ok    event     example-expo-2026: 4 questions"));
    EXPECT_THAT(found.out, HasSubstr("ok    receipts  the key "));
    EXPECT_THAT(found.out, HasSubstr("ok    database  sound; 0 records wait, the hub has 0\n"));
    EXPECT_THAT(found.out, HasSubstr("ok    reader    " + sim.connstring() + "\n"));
    EXPECT_THAT(found.out, HasSubstr("ok    broker    127.0.0.1:"));
}

TEST_F(DoctorCommand, SaysWhatToDoAboutAMissingReaderAndBroker) {
    nameReader("pn532_uart:/dev/no-such-reader");
    const int port = support::freePort();
    nameBroker(port);

    const auto found = doctor();

    EXPECT_EQ(found.status, program::kExitUnavailable);
    EXPECT_THAT(found.out, HasSubstr("ok    database  new"));
    EXPECT_THAT(found.out, HasSubstr("FAIL  reader "));
    EXPECT_THAT(found.out, HasSubstr(std::string(adviceFor(Code::Reader))));
    EXPECT_THAT(found.out, HasSubstr("FAIL  broker    127.0.0.1:" + std::to_string(port)));
    EXPECT_THAT(found.out, HasSubstr(std::string(adviceFor(Code::Network))));
}

TEST_F(DoctorCommand, SaysHowReceiptsWillVerify) {
    const auto first = doctor();
    makeKey();
    const auto unpublished = doctor();
    publishKey({"--add", (dir_ / "kiosk-1.jwk").string()});
    publishKey({"--revoke", "kiosk-1=e1e1e1e1e1e1e1e1:1"});
    const auto revoked = doctor();
    std::filesystem::remove(dir_ / "keys.json");
    const auto untold = doctor();

    EXPECT_THAT(first.out, HasSubstr("FAIL  receipts  this kiosk has no key yet"));
    EXPECT_THAT(unpublished.out, HasSubstr("receipts will verify only after publishing. Run: "));
    EXPECT_THAT(unpublished.out, HasSubstr("tapport event publish DIR --add kiosk-1.jwk"));
    EXPECT_NE(unpublished.status, program::kExitOk);
    EXPECT_THAT(revoked.out, HasSubstr("was revoked"));
    EXPECT_THAT(untold.out, HasSubstr("ok    receipts  signed with the key "));
}

TEST_F(DoctorCommand, TakesAReaderFromTheCommandLine) {
    const support::BadgeSim sim;

    EXPECT_THAT(doctor({"--connstring", sim.connstring()}).out,
                HasSubstr("ok    reader    " + sim.connstring() + "\n"));
}

TEST_F(DoctorCommand, LeavesARunningKiosksDatabaseAlone) {
    const auto store = openStore();
    ASSERT_TRUE(store) << store.error().context;

    EXPECT_THAT(doctor().out, HasSubstr("ok    database  in use by the running kiosk"));
}

TEST_F(DoctorCommand, FindsNoFaultInAReaderThatTheRunningKioskHolds) {
    const support::BadgeSim sim;
    nameReader(sim.connstring());
    support::ChildProcess holder(
        {support::program("tapport-reader"), "--connstring", sim.connstring()});
    ASSERT_EQ(holder.readLine(), "reader back");
    const auto withoutKiosk = doctor();
    const auto store = openStore();
    ASSERT_TRUE(store) << store.error().context;

    const auto withKiosk = doctor();

    EXPECT_THAT(withKiosk.out, HasSubstr("ok    reader    in use by the running kiosk"));
    EXPECT_THAT(withoutKiosk.out, HasSubstr("FAIL  reader    another process holds"));
    EXPECT_THAT(withoutKiosk.out, HasSubstr(std::string(adviceFor(Code::Busy))));
}

TEST_F(DoctorCommand, NamesADamagedDatabase) {
    support::writeFile(dir_ / "kiosk" / "kiosk.db", "this is no database, whatever it is named");

    const auto found = doctor();

    EXPECT_NE(found.status, program::kExitOk);
    EXPECT_THAT(found.out, HasSubstr("FAIL  database "));
}

TEST_F(DoctorCommand, NamesADirectoryThatIsMissing) {
    std::filesystem::remove(dir_ / "kiosk");

    EXPECT_THAT(doctor().out, HasSubstr("kiosk is missing or not ours to write"));
}

TEST_F(DoctorCommand, NamesAMisspeltKeyAndAWrongEventFile) {
    edit("kiosk.toml", "level =", "levle =");
    const auto misspelt = doctor();
    edit("kiosk.toml", "levle =", "level =");
    edit("event.json", "\"channel\": \"email\"", "\"channel\": \"pigeon\"");

    const auto wrong = doctor();

    EXPECT_EQ(misspelt.status, program::kExitConfig);
    EXPECT_THAT(misspelt.out, HasSubstr("unknown key 'log.levle'"));
    EXPECT_NE(wrong.status, program::kExitOk);
    EXPECT_THAT(wrong.out, HasSubstr("'channel' must be email"));
    EXPECT_THAT(wrong.out, Not(HasSubstr("database")));
}

}  // namespace
}  // namespace tapport::admin
