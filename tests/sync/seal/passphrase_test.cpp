// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/seal/passphrase.h"

#include "sync/base/cbor.h"
#include "sync/seal/seal.h"

#include <gtest/gtest.h>

namespace tapport::seal {
namespace {

class PassphraseTest : public testing::Test {
  protected:
    void SetUp() override { ASSERT_TRUE(initialise()); }
    const Bytes secret_{1, 2, 3, 4};
};

TEST_F(PassphraseTest, OpensWithTheSamePassphraseOnly) {
    const Bytes closed = closeWithPassphrase(secret_, "correct horse battery").value();

    EXPECT_EQ(openWithPassphrase(closed, "correct horse battery"), secret_);
    EXPECT_EQ(openWithPassphrase(closed, "correct horse batterz").error().code, Code::Crypto);
}

TEST_F(PassphraseTest, ChangedBytesDoNotOpen) {
    Bytes closed = closeWithPassphrase(secret_, "correct horse battery").value();
    closed.back() ^= 1U;

    EXPECT_EQ(openWithPassphrase(closed, "correct horse battery").error().code, Code::Crypto);
}

TEST_F(PassphraseTest, AForgedHeaderCostsNothing) {
    CborWriter greedy;
    greedy.array(5)
        .uinteger(3)
        .uinteger(1UL << 40U)
        .bytes(Bytes(16))
        .bytes(Bytes(24))
        .bytes(Bytes(40));

    EXPECT_EQ(openWithPassphrase(greedy.view(), "x").error().code, Code::InvalidInput);
    EXPECT_EQ(openWithPassphrase(Bytes{1, 2}, "x").error().code, Code::InvalidInput);
    EXPECT_EQ(openWithPassphrase({}, "x").error().code, Code::InvalidInput);
}

}  // namespace
}  // namespace tapport::seal
