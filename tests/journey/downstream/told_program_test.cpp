// SPDX-License-Identifier: GPL-3.0-or-later
// The real programs: a kiosk takes an event file that is published while it runs, and ends itself
// when the event is over.
#include "tests/journey/boothday/booth.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

TEST(ToldProgram, ARunningKioskTakesANewEventFileWhenNobodyIsThere) {
    const support::TempDir dir;
    boothday::Booth booth(dir.path(), boothday::KioskWindow::Offscreen);
    const auto log = [&] { return support::readFile(dir / "kiosk" / "kiosk.log"); };
    std::string file = support::readFile(booth.eventFile());
    file.replace(file.find("Example Works"), 13, "Elpmaxe Works");
    support::writeFile(booth.eventFile(), file);

    // The booth was set up with the first edition.
    const auto published =
        support::run({support::program("tapport"), "event", "publish", dir.path().string()});
    ASSERT_EQ(published.status, 0) << published.err;

    // And then opens again, with a driver of its own.
    ASSERT_TRUE(support::waitUntil([&] {
        const std::string said = log();
        const std::size_t taking = said.find("taking edition 2 of the event file");
        return taking != std::string::npos && said.find("open for ", taking) != std::string::npos;
    })) << log();
    boothday::ScreenClient screens(dir / "driver.sock");
    EXPECT_EQ(screens.waitFor({"Idle"}), "Idle");
    EXPECT_EQ(log().find("taking edition 1"), std::string::npos) << "it says what the file says";
    EXPECT_EQ(log().find("left aside"), std::string::npos) << log();
    booth.placeBadge(
        {"sample-badge-0001-ada", "Ada", "Example Works", "ada@example.com", "+4930123456"});
    EXPECT_EQ(screens.waitFor({"Purposes"}), "Purposes") << "it goes on asking";
}

TEST(ToldProgram, ARevokedKioskIsToldBeforeItIsCutOffAndKeepsWhatItHas) {
    const support::TempDir dir;
    boothday::Booth booth(dir.path(), boothday::KioskWindow::Offscreen);
    const auto hub = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {support::program("tapport-hub"), "--config",
                                             (dir / "hub.toml").string()});
        return support::run(arguments);
    };
    ASSERT_TRUE(support::waitUntil([&] {
        return hub({"status", "--json"}).out.find("\"connected\": true") != std::string::npos;
    }));

    const auto said = hub({"revoke", "kiosk-1", "--why", "found to be wrong"});

    const std::size_t told = said.out.find("kiosk-1: told, it asks nobody any more");
    EXPECT_NE(told, std::string::npos) << said.out << said.err;
    EXPECT_LT(told, said.out.find("kiosk-1: it has no session any more"));
    EXPECT_EQ(booth.screens().waitFor({"Closed"}), "Closed");
    EXPECT_TRUE(std::filesystem::exists(dir / "kiosk" / "signing.key"));
    EXPECT_TRUE(std::filesystem::exists(dir / "kiosk" / "kiosk.db"));

    booth.kiosk().kill();
    support::ChildOptions options;
    options.environment = {"QT_QPA_PLATFORM=offscreen", "XDG_RUNTIME_DIR=" + dir.path().string()};
    const std::filesystem::path socket = dir / "again.sock";
    const support::ChildProcess again(
        {support::program("tapport-kiosk"), "--config", (dir / "kiosk.toml").string(), "--windowed",
         "800x480", "--broker-port", std::to_string(booth.broker().port()), "--driver",
         socket.string()},
        options);
    boothday::ScreenClient screens(socket);
    EXPECT_EQ(screens.waitFor({"Closed"}), "Closed") << "it remembers";
}

TEST(ToldProgram, AKioskWhoseEventIsOverDestroysItsKeysAndData) {
    const support::TempDir dir;
    boothday::Booth booth(dir.path(), boothday::KioskWindow::Offscreen);
    const auto log = [&] { return support::readFile(dir / "kiosk" / "kiosk.log"); };
    const std::filesystem::path key = dir / "identity" / "kiosk.key";
    const std::filesystem::path draft = key.string() + ".next." + std::string(32, 'a');
    ASSERT_TRUE(std::filesystem::exists(dir / "kiosk" / "signing.key"));
    ASSERT_TRUE(std::filesystem::exists(key));
    support::writeFile(draft, "of an enrolment that was broken off");

    const auto told = support::run({support::program("tapport-hub"), "--config",
                                    (dir / "hub.toml").string(), "end-event", "--all"});
    ASSERT_EQ(told.status, 0) << told.err;

    EXPECT_TRUE(support::waitUntil([&] {
        return std::filesystem::exists(dir / "kiosk" / "event-is-over");
    })) << log();
    EXPECT_TRUE(support::waitUntil([&] {
        return !std::filesystem::exists(dir / "kiosk" / "kiosk.db") &&
               !std::filesystem::exists(dir / "kiosk" / "signing.key") &&
               !std::filesystem::exists(key) && !std::filesystem::exists(draft);
    }));
    // As if the power had been cut before the keys were gone.
    support::writeFile(key, "secret");
    support::writeFile(dir / "kiosk" / "signing.key", "secret");
    const auto again =
        support::run({support::program("tapport-kiosk"), "--config", (dir / "kiosk.toml").string()},
                     {"QT_QPA_PLATFORM=offscreen"});
    EXPECT_NE(again.status, 0);
    EXPECT_THAT(again.err, testing::HasSubstr("the event is over here"));
    EXPECT_FALSE(std::filesystem::exists(key));
    EXPECT_FALSE(std::filesystem::exists(dir / "kiosk" / "signing.key"));
}

}  // namespace
}  // namespace tapport::journey
