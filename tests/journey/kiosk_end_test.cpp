// SPDX-License-Identifier: GPL-3.0-or-later
// The real kiosk ends soon when it is told to, whatever its broker does.
#include "tests/journey/boothday/booth.h"
#include "tests/support/temp_dir.h"

#include <csignal>

#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

class KioskEnd : public testing::Test {
  protected:
    support::TempDir dir_;
    boothday::Booth booth_{dir_.path(), boothday::KioskWindow::Offscreen};
};

TEST_F(KioskEnd, ComesSoonWithoutABroker) {
    booth_.broker().kill();

    EXPECT_EQ(booth_.kiosk().terminate(support::kSoon), 0);
}

TEST_F(KioskEnd, ComesSoonWithABrokerThatAnswersNothing) {
    ASSERT_EQ(::kill(booth_.broker().pid(), SIGSTOP), 0);

    EXPECT_EQ(booth_.kiosk().terminate(support::kSoon), 0);
}

}  // namespace
}  // namespace tapport::journey
