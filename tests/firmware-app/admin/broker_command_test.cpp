// SPDX-License-Identifier: GPL-3.0-or-later
// What is said before a broker or a kiosk is set up that could not work.
#include "sync/program/program.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::admin {
namespace {

using testing::HasSubstr;

class BrokerCommand : public testing::Test {
  protected:
    support::Finished init(const std::vector<std::string>& more = {}) const {
        std::vector<std::string> command{support::program("tapport"), "event", "init",
                                         (dir_ / "fair").string()};
        command.insert(command.end(), more.begin(), more.end());
        return support::run(command);
    }
    support::TempDir dir_;
};

TEST_F(BrokerCommand, TheBrokersConfigurationNeedsAnEventsFolder) {
    const std::string nowhere = (dir_ / "nowhere").string();

    const auto said = support::run({support::program("tapport"), "broker", "config", nowhere});

    EXPECT_EQ(said.status, program::kExitFailed);
    EXPECT_THAT(said.err, HasSubstr(nowhere + ": no event there"));
    EXPECT_FALSE(std::filesystem::exists(nowhere));
}

TEST_F(BrokerCommand, AHubWithoutTlsGivesOutNoCodeThatNoKioskCouldUse) {
    const auto enrol = [this] {
        return support::run({support::program("tapport"), "enrol", "--kiosk", "kiosk-1", "--config",
                             (dir_ / "fair" / "hub.toml").string()});
    };
    ASSERT_EQ(init().status, program::kExitOk);
    const auto plain = enrol();
    std::filesystem::remove_all(dir_ / "fair");
    ASSERT_EQ(init({"--broker", "broker.example"}).status, program::kExitOk);

    EXPECT_EQ(plain.status, program::kExitConfig);
    EXPECT_EQ(plain.out, "");
    EXPECT_THAT(plain.err, HasSubstr("has no TLS"));
    EXPECT_THAT(enrol().out, HasSubstr("tapport enrol --code"));
}

}  // namespace
}  // namespace tapport::admin
