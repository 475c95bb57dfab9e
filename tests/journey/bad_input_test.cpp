// SPDX-License-Identifier: GPL-3.0-or-later
// What an operator gets wrong ends in a clear message and exit code 3, in every program alike.
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tapport::support {
namespace {

using nlohmann::json;

class BadInput : public testing::Test {
  protected:
    void SetUp() override {
        const Finished made = run({program("tapport"), "event", "init", dir_.path().string()});
        ASSERT_EQ(made.status, 0) << made.err;
    }
    [[nodiscard]] Finished start(const std::string& name, const std::string& config) const {
        return run({program(name), "--config", (dir_ / config).string()},
                   {"QT_QPA_PLATFORM=offscreen"});
    }
    void breakNotice() const {
        json event = json::parse(readFile(dir_ / "event.json"));
        event["asks"][1]["texts"].erase("de");
        writeFile(dir_ / "event.json", event.dump());
    }

    TempDir dir_;
};

TEST_F(BadInput, AMisspeltKeyIsNamedWithItsLine) {
    for (const auto& [name, config] :
         {std::pair("tapport-kiosk", "kiosk.toml"), std::pair("tapport-hub", "hub.toml")}) {
        const std::string text = readFile(dir_ / config);
        writeFile(dir_ / config, "brokker = true\n" + text);

        const Finished finished = start(name, config);

        EXPECT_EQ(finished.status, 3) << name;
        EXPECT_NE(finished.err.find(std::string(config) + ":1: unknown key 'brokker'"),
                  std::string::npos)
            << finished.err;
    }
}

TEST_F(BadInput, AMissingNoticeIsNamedWithItsLanguage) {
    breakNotice();
    const auto isNamed = [](const Finished& finished) {
        return finished.err.find(
                   "event.json: asks[1] sales-follow-up/phone: has no notice in 'de'") !=
               std::string::npos;
    };

    for (const auto& [name, config] :
         {std::pair("tapport-kiosk", "kiosk.toml"), std::pair("tapport-hub", "hub.toml")}) {
        const Finished finished = start(name, config);

        EXPECT_EQ(finished.status, 3) << name;
        EXPECT_TRUE(isNamed(finished)) << finished.err;
    }
    const Finished checked =
        run({program("tapport"), "event", "check", (dir_ / "event.json").string()});
    EXPECT_EQ(checked.status, 3);
    EXPECT_TRUE(isNamed(checked)) << checked.err;
}

TEST_F(BadInput, AMissingConfigurationIsNamed) {
    for (const char* name : {"tapport-kiosk", "tapport-hub"}) {
        const Finished finished = start(name, "nothing-here.toml");

        EXPECT_EQ(finished.status, 3) << name;
        EXPECT_NE(finished.err.find("nothing-here.toml"), std::string::npos) << finished.err;
    }
}

TEST_F(BadInput, AWrongCommandLineIsExitCodeTwo) {
    for (const char* name :
         {"tapport", "tapport-kiosk", "tapport-hub", "tapport-reader", "tapport-badgesim"}) {
        EXPECT_EQ(run({program(name), "--no-such-option"}, {"QT_QPA_PLATFORM=offscreen"}).status, 2)
            << name;
        EXPECT_EQ(run({program(name), "--help"}, {"QT_QPA_PLATFORM=offscreen"}).status, 0) << name;
        const Finished version = run({program(name), "--version"}, {"QT_QPA_PLATFORM=offscreen"});
        EXPECT_EQ(version.status, 0) << name;
        EXPECT_EQ(version.out.find(std::string(name) + " 0."), 0U) << version.out;
    }
}

TEST_F(BadInput, AKioskWhoseDatabaseIsNoneSaysSoAndNotWhatItIs) {
    writeFile(dir_ / "kiosk" / "kiosk.db", "this is no database, but was a note about lunch");

    const Finished finished = start("tapport-kiosk", "kiosk.toml");

    EXPECT_EQ(finished.status, 4) << finished.err;
    EXPECT_NE(finished.err.find("open kiosk.db: file is not a database"), std::string::npos)
        << finished.err;
    EXPECT_EQ(finished.err.find("lunch"), std::string::npos);
}

}  // namespace
}  // namespace tapport::support
