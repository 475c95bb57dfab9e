// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/program/program.h"

#include <csignal>
#include <fstream>
#include <set>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

namespace tapport::program {
namespace {

TEST(Clocks, StateTheSameBootAndNeverRunBackwards) {
    const record::ClockReading first = readClocks();
    const record::ClockReading second = readClocks();

    EXPECT_NE(first.boot, record::BootId{});
    EXPECT_EQ(first.boot, second.boot);
    EXPECT_GT(first.monotonic.count(), 0);
    EXPECT_LE(first.monotonic, second.monotonic);
    EXPECT_GT(first.wall, record::WallTime(std::chrono::hours(24)));
}

TEST(RecordIds, AreVersion7AndDiffer) {
    std::set<record::RecordId> ids;

    for (int i = 0; i < 1000; ++i) {
        ids.insert(newRecordId());
    }

    EXPECT_EQ(ids.size(), 1000U);
    EXPECT_EQ(record::uuidText(*ids.begin()).at(14), '7');
}

TEST(TerminationFd, BecomesReadableOnSigterm) {
    const auto fd = openTerminationFd();
    ASSERT_TRUE(fd) << fd.error().context;
    pollfd wait{*fd, POLLIN, 0};
    EXPECT_EQ(poll(&wait, 1, 0), 0);

    raise(SIGTERM);

    EXPECT_EQ(poll(&wait, 1, 0), 1);
    close(*fd);
}

TEST(ReportFailure, SaysWhatAndWhatToDoAndGivesTheDocumentedCode) {
    testing::internal::CaptureStderr();

    const int code = reportFailure("tapport-hub", {Code::InvalidConfig, "hub.toml:3: bad port"});
    const std::string written = testing::internal::GetCapturedStderr();

    EXPECT_EQ(code, kExitConfig);
    EXPECT_THAT(written, testing::StartsWith("tapport-hub: hub.toml:3: bad port\n"));
    EXPECT_THAT(written, testing::HasSubstr(std::string(adviceFor(Code::InvalidConfig))));
}

TEST(ReportFailure, TellsAMissingPartFromAFailedTask) {
    testing::internal::CaptureStderr();

    const int reader = reportFailure("tapport", {Code::Reader, "no device"});
    const int input = reportFailure("tapport", {Code::InvalidInput, "no URI"});
    (void)testing::internal::GetCapturedStderr();

    EXPECT_EQ(reader, kExitUnavailable);
    EXPECT_EQ(input, kExitFailed);
}

/// Of this process, in KiB.
long lockedMemory() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmLck:")) {
            return std::stol(line.substr(6));
        }
    }
    return -1;
}

bool liftLimit() {
    const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
    return ::setrlimit(RLIMIT_MEMLOCK, &none) == 0;
}

bool setLimitForGood() {
    const rlimit some{65536, 65536};
    return ::setrlimit(RLIMIT_MEMLOCK, &some) == 0 &&
           (::geteuid() != 0 || ::setresuid(65534, 65534, 65534) == 0);
}

// Each in a process of its own: a lock stays, and so does a lost right.

void lockThenType() {
    const bool isLocked = lockMemory().has_value();
    const long before = lockedMemory();
    const std::vector<char> typed(4U << 20U, 'x');
    const long grown = lockedMemory() - before;
    _exit(isLocked && grown >= 4096 && typed.back() == 'x' ? 0 : 1);
}

void lockUnderALimit() {
    const bool isLimited = setLimitForGood();
    const auto locked = lockMemory();
    fmt::print(stderr, "{}", locked ? "" : locked.error().context);
    const bool isRefused = !locked && locked.error().code == Code::Busy && lockedMemory() == 0;
    _exit(isLimited && isRefused ? 0 : 1);
}

TEST(LockMemory, KeepsWhatIsTouchedLaterOutOfSwap) {
    if (!liftLimit()) {
        GTEST_SKIP() << "needs the right to raise RLIMIT_MEMLOCK";
    }

    EXPECT_EXIT(lockThenType(), testing::ExitedWithCode(0), "");
}

TEST(LockMemory, LocksNothingAndSaysWhyWhereALimitHolds) {
    EXPECT_EXIT(lockUnderALimit(), testing::ExitedWithCode(0), "LimitMEMLOCK=infinity");
}

}  // namespace
}  // namespace tapport::program
