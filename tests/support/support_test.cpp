// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/child_process.h"
#include "tests/support/mosquitto.h"
#include "tests/support/packet_filter.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

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

TEST(FreePort, IsNobodyElsesWhileItsOwnerLives) {
    int said[2] = {-1, -1};
    ASSERT_EQ(::pipe(said), 0);
    // Begins where we are, and would find the same one.
    const pid_t other = ::fork();
    if (other == 0) {
        const int port = freePort();
        (void)!::write(said[1], &port, sizeof port);
        ::pause();
    }
    int others = 0;
    ASSERT_EQ(::read(said[0], &others, sizeof others), static_cast<ssize_t>(sizeof others));

    const int ours = freePort();

    EXPECT_NE(ours, others);
    ::kill(other, SIGKILL);
    ::waitpid(other, nullptr, 0);
    ::close(said[0]);
    ::close(said[1]);
}

TEST(Mosquitto, ComesBackOnTheSamePortAfterKill) {
    const TempDir dir;
    Mosquitto broker(dir.path());

    broker.kill();
    EXPECT_FALSE(accepts(broker.port()));
    broker.start();

    EXPECT_TRUE(accepts(broker.port()));
}

/// A message as a broker sends it: QoS 1, with an id and no properties.
std::string message(const std::string& topic, std::size_t payload) {
    std::string body{'\0', static_cast<char>(topic.size())};
    body += topic + std::string("\0\1\0", 3) + std::string(payload, 'x');
    std::string packet{'\x32'};
    for (std::size_t length = body.size(); length > 0; length >>= 7U) {
        packet += static_cast<char>((length & 0x7FU) | (length > 0x7F ? 0x80U : 0U));
    }
    return packet + body;
}

TEST(PacketFilter, LosesMessagesOfATopicAndNothingElseHoweverTheyAreCut) {
    const std::string pong("\xD0\0", 2);
    const std::string kept = message("a/b", 300) + pong + message("a", 0) + message("b/a/c", 1);
    const std::string all = message("a/c/d", 300) + message("a/b", 300) + pong + message("a", 0) +
                            message("a/c", 20'000) + message("b/a/c", 1);

    for (std::size_t piece = 1; piece <= 400; ++piece) {
        PacketFilter filter;
        std::string passed;
        for (std::size_t at = 0; at < all.size(); at += piece) {
            passed += filter.pass(std::string_view(all).substr(at, piece), "a/c");
        }

        EXPECT_EQ(passed, kept) << piece;
        EXPECT_EQ(filter.lost(), 2U) << piece;
    }
}

TEST(PacketFilter, PassesEverythingAtOnceUntilItIsToLoseSomething) {
    PacketFilter filter;
    const std::string packet = message("a/c", 5);

    const std::string begun = filter.pass(packet.substr(0, 4), "");
    const std::string ended = filter.pass(packet.substr(4), "a/c");

    EXPECT_EQ(begun + ended, packet) << "its beginning had gone already";
    EXPECT_EQ(filter.pass(packet, "a/c"), "");
    EXPECT_EQ(filter.pass("\x16\x03\x01 no packet", ""), "\x16\x03\x01 no packet");
}

}  // namespace
}  // namespace tapport::support
