// SPDX-License-Identifier: GPL-3.0-or-later
#include "hardware/board/beeper.h"

#include "tests/support/temp_dir.h"

#include <cstring>

#include <gtest/gtest.h>
#include <linux/input.h>

namespace tapport::board {
namespace {

TEST(Beeper, WritesToneEventsAsInputHeaderDefinesThem) {
    const support::TempDir dir;
    support::writeFile(dir / "device", "");
    {
        auto beeper = Beeper::open(dir / "device");
        ASSERT_TRUE(beeper);
        beeper->tone(2000);
        beeper->tone(0);
    }

    const std::string written = support::readFile(dir / "device");

    input_event events[2];
    ASSERT_EQ(written.size(), sizeof events);
    std::memcpy(events, written.data(), sizeof events);
    EXPECT_EQ(events[0].type, EV_SND);
    EXPECT_EQ(events[0].code, SND_TONE);
    EXPECT_EQ(events[0].value, 2000);
    EXPECT_EQ(events[1].value, 0);
}

TEST(Beeper, NamesADeviceThatIsNotThere) {
    const auto beeper = Beeper::open("/nonexistent/beeper");

    ASSERT_FALSE(beeper);
    EXPECT_EQ(beeper.error().code, Code::NotFound);
}

TEST(Beeper, IsSilentWithoutADevice) {
    Beeper beeper;

    beeper.tone(2000);
}

}  // namespace
}  // namespace tapport::board
