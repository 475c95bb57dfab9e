// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/vault/roster.h"

#include "sync/seal/seal.h"

#include <gtest/gtest.h>

namespace tapport::vault {
namespace {

class VaultRoster : public testing::Test {
  protected:
    static void SetUpTestSuite() { ASSERT_TRUE(seal::initialise()); }
    const record::Contact contact_{"Ada Example", "Example Works", "ada@example.com", "", ""};
    seal::BadgeIdentity badge_ = seal::deriveBadge(viewOf("token-1"), Bytes(32, 1));
    seal::BadgeIdentity other_ = seal::deriveBadge(viewOf("token-2"), Bytes(32, 1));
};

TEST_F(VaultRoster, OpensForItsBadgeOnly) {
    const SealedEntry sealed = closeRoster(contact_, badge_.vault);

    EXPECT_EQ(openRoster(sealed, badge_.vault.key), contact_);
    EXPECT_EQ(openRoster(sealed, other_.vault.key).error().code, Code::Crypto);
}

TEST_F(VaultRoster, IsNoEntryAndNoEntryIsOne) {
    Entry entry;
    entry.contact = contact_;

    EXPECT_EQ(open(closeRoster(contact_, badge_.vault), badge_.vault.key).error().code,
              Code::InvalidInput);
    EXPECT_EQ(openRoster(close(entry, badge_.vault), badge_.vault.key).error().code,
              Code::InvalidInput);
}

}  // namespace
}  // namespace tapport::vault
