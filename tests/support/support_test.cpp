// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/child_process.h"
#include "tests/support/mosquitto.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

#include <csignal>

#include <gtest/gtest.h>

namespace tapport::support {
namespace {

TEST(ChildProcess, GivesLinesAndTheExitStatus) {
    ChildProcess child({"sh", "-c", "echo one; echo two; exit 3"});

    EXPECT_EQ(child.readLine(), "one");
    EXPECT_EQ(child.readLine(), "two");
    EXPECT_EQ(child.readLine(), std::nullopt);
    EXPECT_EQ(child.wait(), 3);
}

TEST(ChildProcess, GivesALastLineWithoutAnEnd) {
    ChildProcess child({"/bin/sh", "-c", "printf 'one\\ntwo'"});

    EXPECT_EQ(child.readLine(), "one");
    EXPECT_EQ(child.readLine(), "two");
    EXPECT_EQ(child.readLine(), std::nullopt);
}

TEST(ChildProcess, IsGoneWithItsOwner) {
    pid_t pid = 0;
    {
        const ChildProcess child({"sleep", "1000"});
        pid = child.pid();
    }

    EXPECT_NE(::kill(pid, 0), 0);
}

TEST(ChildProcess, ReportsTheSignalThatEndedIt) {
    ChildProcess child({"sleep", "1000"});

    EXPECT_EQ(child.terminate(), 128 + SIGTERM);
}

TEST(Run, CollectsBothOutputsAndTheEnvironment) {
    const Finished finished = run({"sh", "-c", "echo $WORD; echo bad >&2; exit 1"}, {"WORD=good"});

    EXPECT_EQ(finished.out, "good\n");
    EXPECT_EQ(finished.err, "bad\n");
    EXPECT_EQ(finished.status, 1);
}

TEST(Mosquitto, ComesBackOnTheSamePortAfterKill) {
    const TempDir dir;
    Mosquitto broker(dir.path());

    broker.kill();
    EXPECT_FALSE(accepts(broker.port()));
    broker.start();

    EXPECT_TRUE(accepts(broker.port()));
}

}  // namespace
}  // namespace tapport::support
