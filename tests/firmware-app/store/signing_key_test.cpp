// SPDX-License-Identifier: GPL-3.0-or-later
#include "firmware-app/store/signing_key.h"

#include "sync/seal/seal.h"
#include "tests/support/temp_dir.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::store {
namespace {

using testing::HasSubstr;
using testing::Not;

class SigningKey : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(seal::initialise()); }

    support::TempDir dir_;
};

TEST_F(SigningKey, IsMadeOnceAndForItsOwnerOnly) {
    const auto first = signingKeysIn(dir_.path());
    const auto second = signingKeysIn(dir_.path());

    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->publicKey, second->publicKey);
    EXPECT_EQ(support::readFile(dir_ / "signing.key"), toHex(first->secretKey) + "\n");
    EXPECT_EQ(std::filesystem::status(dir_ / "signing.key").permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir_.path()), {}), 1);
}

TEST_F(SigningKey, IsTheSameForTwoThatMakeItAtOnce) {
    std::array<Bytes, 4> made;
    {
        std::vector<std::jthread> threads;
        threads.reserve(made.size());
        for (Bytes& key : made) {
            threads.emplace_back([&] { key = signingKeysIn(dir_.path()).value().publicKey; });
        }
    }

    EXPECT_THAT(made, testing::Each(made[0]));
}

TEST_F(SigningKey, ThatIsDamagedIsRefusedAndNotQuoted) {
    for (const std::string& text : {std::string(63, 'a') + "\n", std::string(64, 'x') + "\n",
                                    std::string(64, 'a') + "\nb", std::string()}) {
        support::writeFile(dir_ / "signing.key", text);

        const auto keys = signingKeysIn(dir_.path());

        ASSERT_FALSE(keys);
        EXPECT_EQ(keys.error().code, Code::InvalidConfig);
        EXPECT_THAT(keys.error().context, Not(HasSubstr("aaaa")));
        EXPECT_EQ(support::readFile(dir_ / "signing.key"), text);
    }
}

TEST_F(SigningKey, NeedsItsFolder) {
    const auto keys = signingKeysIn(dir_ / "nowhere");

    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().code, Code::Storage);
}

}  // namespace
}  // namespace tapport::store
