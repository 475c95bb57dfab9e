// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/retire.h"

#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

namespace tapport::store {
namespace {

TEST(Retire, DestroysKeysAndDataAndLeavesANote) {
    const support::TempDir dir;
    std::filesystem::create_directories(dir / "data");
    support::writeFile(dir / "data" / "kiosk.db", std::string(10'000, 'x'));
    support::writeFile(dir / "data" / "signing.key", "secret");
    support::writeFile(dir / "kiosk.key", "secret");
    // What was overwritten shows in another name of the same file.
    std::filesystem::create_hard_link(dir / "kiosk.key", dir / "witness");
    EXPECT_FALSE(isRetired(dir / "data"));

    ASSERT_TRUE(retire(dir / "data", {dir / "kiosk.key", dir / "none.key"}));

    EXPECT_TRUE(isRetired(dir / "data"));
    EXPECT_FALSE(std::filesystem::exists(dir / "data" / "kiosk.db"));
    EXPECT_FALSE(std::filesystem::exists(dir / "data" / "signing.key"));
    EXPECT_FALSE(std::filesystem::exists(dir / "kiosk.key"));
    EXPECT_EQ(support::readFile(dir / "witness"), std::string(6, '\0'));
}

TEST(Retire, DestroysWhatABrokenEnrolmentLeftBesideAKeyAndNothingElse) {
    const support::TempDir dir;
    const std::string draft = "." + std::string(32, 'a');
    const std::vector<std::string> keys{"kiosk", "kiosk.next", "kiosk" + draft,
                                        "kiosk.next" + draft};
    const std::vector<std::string> others{"kiosk.toml", "kiosk.crt", "kiosk.next.toml", "kiosk2",
                                          "kiosk" + draft + "a"};
    std::filesystem::create_directories(dir / "data");
    support::writeFile(dir / "data" / "kiosk.db", "x");
    for (const auto& names : {keys, others}) {
        for (const std::string& name : names) {
            support::writeFile(dir / name, "secret");
        }
    }
    // What was overwritten shows in another name of the same file.
    std::filesystem::create_hard_link(dir / keys.back(), dir / "witness");

    ASSERT_TRUE(retire(dir / "data", {dir / "kiosk"}));

    for (const std::string& name : keys) {
        EXPECT_FALSE(std::filesystem::exists(dir / name)) << name;
    }
    for (const std::string& name : others) {
        EXPECT_EQ(support::readFile(dir / name), "secret") << name;
    }
    EXPECT_EQ(support::readFile(dir / "witness"), std::string(6, '\0'));
}

TEST(Retire, TouchesNoKeyOnceAllIsDone) {
    const support::TempDir dir;
    std::filesystem::create_directories(dir / "data");
    support::writeFile(dir / "data" / "kiosk.db", "x");
    ASSERT_TRUE(retire(dir / "data", {dir / "kiosk.key"}));
    support::writeFile(dir / "kiosk.key", "of another event");

    ASSERT_TRUE(retire(dir / "data", {dir / "kiosk.key"}));

    EXPECT_EQ(support::readFile(dir / "kiosk.key"), "of another event");
}

TEST(Retire, GoesOnWhereItWasCutOff) {
    const support::TempDir dir;
    support::writeFile(dir / "kiosk.db", "x");
    ASSERT_TRUE(retire(dir.path(), {}));
    support::writeFile(dir / "down.db", "x");

    ASSERT_TRUE(retire(dir.path(), {}));

    EXPECT_FALSE(std::filesystem::exists(dir / "down.db"));
    EXPECT_TRUE(isRetired(dir.path()));
}

TEST(Retire, SaysWhenItCannot) {
    const support::TempDir dir;

    EXPECT_EQ(retire(dir / "none", {}).error().code, Code::Storage);
}

}  // namespace
}  // namespace tapport::store
