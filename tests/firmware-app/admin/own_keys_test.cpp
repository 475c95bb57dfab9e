// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk's key files when the disk, or the power, fails in between.
#include "firmware-app/admin/own_keys.h"

#include "sync/seal/seal.h"
#include "tests/support/short_files.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

namespace tapport::admin {
namespace {

namespace fs = std::filesystem;

class OwnKeysTest : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(seal::initialise());
        settings_.dataDir = dir_ / "data";
        settings_.broker.tls.emplace();
        settings_.broker.tls->key = tls_;
    }
    std::size_t filesIn(const fs::path& folder) const {
        std::size_t count = 0;
        for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder)) {
            ++count;
        }
        return count;
    }

    support::TempDir dir_;
    const fs::path tls_ = dir_ / "identity/kiosk.key";
    const fs::path tlsNext_ = dir_ / "identity/kiosk.key.next";
    const fs::path signing_ = dir_ / "data/signing.key";
    const fs::path signingNext_ = dir_ / "data/signing.key.next";
    kiosk::Settings settings_;
};

TEST_F(OwnKeysTest, AKeyFileIsWholeOrNotThere) {
    const auto present = ownKeys(settings_).value();
    {
        const support::ShortFiles full(10);
        EXPECT_EQ(nextKeys(settings_).error().code, Code::Storage);
    }
    EXPECT_FALSE(fs::exists(signingNext_));
    {
        const support::ShortFiles full(100);  // enough for a signing key, not for the other
        EXPECT_EQ(nextKeys(settings_).error().code, Code::Storage);
    }
    EXPECT_FALSE(fs::exists(tlsNext_));

    const auto next = nextKeys(settings_);

    ASSERT_TRUE(next) << next.error().context;
    EXPECT_NE(next->tls, present.tls);
    EXPECT_EQ(ownKeys(settings_)->tls, next->tls);
    EXPECT_EQ(filesIn(dir_ / "data"), 2U) << "drafts are left";
    EXPECT_EQ(filesIn(dir_ / "identity"), 2U) << "drafts are left";
    for (const fs::path& secret : {tls_, tlsNext_, signing_, signingNext_}) {
        EXPECT_EQ(fs::status(secret).permissions(), fs::perms::owner_read | fs::perms::owner_write)
            << secret;
    }
}

TEST_F(OwnKeysTest, WhatCannotBeLookedAtIsNotTakenForAbsent) {
    (void)ownKeys(settings_).value();
    fs::create_symlink(signingNext_, signingNext_);

    EXPECT_EQ(adoptNext(settings_).error().code, Code::Storage);
    EXPECT_EQ(ownKeys(settings_).error().code, Code::Storage);
}

TEST_F(OwnKeysTest, KeysThatAreHalfDroppedDoNotLookHalfAdopted) {
    const auto present = ownKeys(settings_).value();
    const auto next = nextKeys(settings_).value();
    fs::rename(tlsNext_, dir_ / "aside");
    fs::create_directories(tlsNext_ / "in the way");  // it cannot be removed

    EXPECT_FALSE(dropNext(settings_));
    EXPECT_TRUE(fs::exists(signingNext_));

    // Cut off in between: the TLS key is gone.
    fs::remove_all(tlsNext_);
    EXPECT_EQ(ownKeys(settings_)->which, OwnKeys::Which::Present);
    EXPECT_EQ(ownKeys(settings_)->signing.publicKey, present.signing.publicKey);
    EXPECT_NE(nextKeys(settings_)->signing.publicKey, next.signing.publicKey);
}

TEST_F(OwnKeysTest, NextKeysTakeThePlaceOfThoseInUse) {
    (void)ownKeys(settings_).value();
    const auto next = nextKeys(settings_).value();

    ASSERT_TRUE(adoptNext(settings_));

    const auto now = ownKeys(settings_).value();
    EXPECT_EQ(now.which, OwnKeys::Which::Present);
    EXPECT_EQ(now.tls, next.tls);
    EXPECT_EQ(now.signing.publicKey, next.signing.publicKey);
}

}  // namespace
}  // namespace tapport::admin
