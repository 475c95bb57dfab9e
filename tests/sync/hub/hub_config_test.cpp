// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/cli/hub_config.h"

#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>

namespace tapport::hub {
namespace {

constexpr std::uint64_t kMebibyte = 1024UL * 1024;

class HubConfigTest : public testing::Test {
  protected:
    Result<HubConfig> load(const std::string& more) {
        support::writeFile(dir_ / "hub.toml", more + R"(
event = "event.json"
event_key = "event.key"
signing_key = "hub.key"
data = "hub"
[web]
admin_password_hash = "a hash"
)");
        return loadHubConfig(dir_ / "hub.toml", {});
    }
    support::TempDir dir_;
};

TEST_F(HubConfigTest, TheQuarantineTakesAsMuchOfAKioskAsItSays) {
    EXPECT_EQ(load("")->mostQuarantined, 256 * kMebibyte);
    EXPECT_EQ(load("quarantine_max_mb = 3")->mostQuarantined, 3 * kMebibyte);
    EXPECT_EQ(load("quarantine_max_mb = 0").error().code, Code::InvalidConfig);
}

TEST_F(HubConfigTest, WithdrawalsAreKeptInTheDataFolderOrWhereItSays) {
    EXPECT_EQ(load("")->withdrawals, "");
    EXPECT_EQ(load("withdrawals = \"disk/taken\"")->withdrawals, dir_ / "disk/taken");
}

}  // namespace
}  // namespace tapport::hub
