// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/program/config.h"

#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::program {
namespace {

using testing::HasSubstr;

class ConfigTest : public testing::Test {
  protected:
    Result<Config> load(std::string_view toml) const {
        support::writeFile(folder_ / "kiosk.toml", toml);
        return Config::load(folder_ / "kiosk.toml");
    }
    support::TempDir folder_;
};

TEST_F(ConfigTest, GivesWhatTheFileSaysAndTheDefaultForTheRest) {
    auto config = load("kiosk = 'kiosk-7'\nlanguages = ['de', 'en']\n[broker]\nport = 1884\n");

    ASSERT_TRUE(config) << config.error().context;
    EXPECT_EQ(config->requiredText("kiosk"), "kiosk-7");
    EXPECT_EQ(config->texts("languages"), (std::vector<std::string>{"de", "en"}));
    EXPECT_EQ(config->integer("broker.port", 1883, 1, 65535), 1884);
    EXPECT_EQ(config->text("broker.host", "127.0.0.1"), "127.0.0.1");
    EXPECT_TRUE(config->flag("broker.tls", true));
    EXPECT_TRUE(config->finish());
}

TEST_F(ConfigTest, TakesARelativePathFromTheFilesOwnFolder) {
    auto config = load("event = 'event.json'\n");

    ASSERT_TRUE(config);
    EXPECT_EQ(config->requiredPath("event"), folder_ / "event.json");
    EXPECT_EQ(config->path("data", "/srv/data"), "/srv/data");
    EXPECT_EQ(config->path("program", ""), "");
}

TEST_F(ConfigTest, NamesAnUnknownKeyAndItsLine) {
    auto config = load("kiosk = 'kiosk-7'\n[broker]\nport = 1884\nprot = 1885\n[brokre]\n");
    ASSERT_TRUE(config);
    (void)config->requiredText("kiosk");
    (void)config->integer("broker.port", 1883, 1, 65535);

    const auto finished = config->finish();

    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().code, Code::InvalidConfig);
    EXPECT_THAT(finished.error().context, HasSubstr("kiosk.toml:4: unknown key 'broker.prot'"));
    EXPECT_THAT(finished.error().context, HasSubstr("kiosk.toml:5: unknown key 'brokre'"));
}

TEST_F(ConfigTest, NamesEveryProblemAtOnce) {
    auto config = load("kiosk = 7\n[broker]\nport = 70000\n[log]\nlevel = true\nwords = [1]\n");
    ASSERT_TRUE(config);
    EXPECT_EQ(config->requiredText("kiosk"), "");
    EXPECT_EQ(config->integer("broker.port", 1883, 1, 65535), 1883);
    EXPECT_EQ(config->text("log.level", "info"), "info");
    EXPECT_TRUE(config->texts("log.words").empty());
    EXPECT_EQ(config->requiredPath("event"), "");

    const auto finished = config->finish();

    ASSERT_FALSE(finished);
    EXPECT_THAT(finished.error().context, HasSubstr("'event' is missing"));
    EXPECT_THAT(finished.error().context, HasSubstr(":1: 'kiosk' must be a text in quotes"));
    EXPECT_THAT(finished.error().context, HasSubstr(":3: 'broker.port' must be from 1 to 65535"));
    EXPECT_THAT(finished.error().context, HasSubstr(":5: 'log.level' must be a text"));
    EXPECT_THAT(finished.error().context, HasSubstr(":6: 'log.words' must be a list of texts"));
}

TEST_F(ConfigTest, SaysWhereAFileIsNoToml) {
    const auto config = load("kiosk = 'a'\nport = = 3\n");

    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, Code::InvalidConfig);
    EXPECT_THAT(config.error().context, HasSubstr("kiosk.toml:2:"));
}

TEST_F(ConfigTest, SaysThatAFileIsMissing) {
    const auto config = Config::load(folder_ / "nowhere.toml");

    ASSERT_FALSE(config);
    EXPECT_THAT(config.error().context, HasSubstr("nowhere.toml: no such file"));
}

TEST_F(ConfigTest, WithoutAFileEveryKeyHasItsDefault) {
    Config config = Config::empty();

    EXPECT_EQ(config.text("log.level", "info"), "info");
    EXPECT_TRUE(config.finish());
}

}  // namespace
}  // namespace tapport::program
