// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/run_to_end.h"

#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

#include <csignal>

#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace std::chrono_literals;

TEST(RunToEnd, KillsWhatHangsAndWhatItStarted) {
    const support::TempDir dir;
    const std::string script = "echo $$ > '" + (dir / "pid").string() + "'; sleep 1000 & wait";

    // However busy the machine: once, it got as far as to say who it is.
    for (auto patience = 500ms; support::readFile(dir / "pid").empty(); patience *= 2) {
        ASSERT_LT(patience, support::kPatience);
        const auto ended = runToEnd({"sh", "-c", script}, patience);
        ASSERT_EQ(ended.error().code, Code::Internal);
        EXPECT_EQ(ended.error().context, "sh did not end in time and was killed");
    }

    const int group = std::stoi(support::readFile(dir / "pid"));
    EXPECT_TRUE(support::waitUntil([&] { return ::kill(-group, 0) != 0; }));
}

TEST(RunToEnd, SaysHowItEnded) {
    EXPECT_TRUE(runToEnd({"true"}, 10s));
    EXPECT_TRUE(runToEnd({"true"}));
    EXPECT_EQ(runToEnd({"false"}, 10s).error().context, "false ended with an error");
    EXPECT_EQ(runToEnd({"/nowhere"}, 10s).error().code, Code::NotFound);
}

}  // namespace
}  // namespace tapport::hub
