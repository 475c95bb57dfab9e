// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/program/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::program {
namespace {

using testing::internal::CaptureStderr;
using testing::internal::GetCapturedStderr;

TEST(Log, WritesTimeLevelProgramAndMessageOnOneLine) {
    CaptureStderr();
    startLogging("tapport-hub", "info");

    logWarning("broker {}:{} is away", "127.0.0.1", 1883);
    const std::string written = GetCapturedStderr();

    EXPECT_THAT(written, testing::MatchesRegex("[0-9]+-[0-9]+-[0-9]+T[0-9:.]+Z warning "
                                               "tapport-hub: broker 127.0.0.1:1883 is away\n"));
}

TEST(Log, LeavesOutWhatIsBelowTheLevel) {
    CaptureStderr();
    startLogging("tapport-hub", "warning");

    logInfo("connected");
    logDebug("details");

    EXPECT_EQ(GetCapturedStderr(), "");
}

TEST(Log, KeepsAnEntryOnOneLineWhateverItHolds) {
    CaptureStderr();
    startLogging("tapport-hub", "debug");

    logDebug("{}", "one\ntwo\x1b[2J {}");
    const std::string written = GetCapturedStderr();

    EXPECT_THAT(written, testing::EndsWith("one two [2J {}\n"));
}

}  // namespace
}  // namespace tapport::program
