// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/signing_key.h"

#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

namespace tapport::store {
namespace {

namespace fs = std::filesystem;

TEST(SigningKey, IsMadeOnceAndForItsOwnerOnly) {
    const support::TempDir dir;

    const auto made = signingKeysIn(dir.path());

    ASSERT_TRUE(made) << made.error().context;
    EXPECT_EQ(signingKeysIn(dir.path())->secretKey, made->secretKey);
    EXPECT_EQ(fs::status(dir / "signing.key").permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(support::readFile(dir / "signing.key"), toHex(made->secretKey) + "\n");
    EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), {}), 1) << "a draft is left over";
}

TEST(SigningKey, IsAnotherInEveryDirectory) {
    const support::TempDir one;
    const support::TempDir two;

    EXPECT_NE(signingKeysIn(one.path())->publicKey, signingKeysIn(two.path())->publicKey);
}

TEST(SigningKey, IsNeverReplacedWhenItIsDamaged) {
    const support::TempDir dir;
    for (const std::string& damaged : {std::string(), std::string("cafe\n"), std::string(64, 'x'),
                                       std::string(64, 'a') + "\nmore"}) {
        support::writeFile(dir / "signing.key", damaged);

        const auto keys = signingKeysIn(dir.path());

        ASSERT_FALSE(keys);
        EXPECT_EQ(keys.error().code, Code::InvalidConfig);
        EXPECT_EQ(support::readFile(dir / "signing.key"), damaged);
    }
}

TEST(SigningKey, NeedsItsDirectory) {
    const support::TempDir dir;

    EXPECT_EQ(signingKeysIn(dir / "missing").error().code, Code::Storage);
}

}  // namespace
}  // namespace tapport::store
