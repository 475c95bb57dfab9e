// SPDX-License-Identifier: GPL-3.0-or-later
// `tapport badge write` through the real reader program and real libnfc, onto a simulated badge.
#include "sync/program/program.h"
#include "tests/support/badge_sim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::admin {
namespace {

using testing::HasSubstr;

constexpr const char* kUri = "https://badge.tapport.example/b/sample-7";

support::Finished write(const std::vector<std::string>& more) {
    std::vector<std::string> command{support::program("tapport"), "badge", "write"};
    command.insert(command.end(), more.begin(), more.end());
    return support::run(command);
}

TEST(BadgeWrite, WritesTheBadgeThatLiesThere) {
    const support::BadgeSim sim({"--text", "old"});
    const support::TempDir dir;
    support::writeFile(dir / "card.vcf", "BEGIN:VCARD\r\nFN:Sam Sample\r\nEND:VCARD\r\n");

    const auto wrote = write(
        {"--connstring", sim.connstring(), "--uri", kUri, "--vcard", (dir / "card.vcf").string()});

    EXPECT_EQ(wrote.status, program::kExitOk) << wrote.err;
    EXPECT_THAT(wrote.out, HasSubstr("Written, "));
    sim.ctl({"dump", (dir / "memory").string()});
    const std::string memory = support::readFile(dir / "memory");
    EXPECT_THAT(memory, HasSubstr("badge.tapport.example/b/sample-7"));
    EXPECT_THAT(memory, HasSubstr("FN:Sam Sample"));
    EXPECT_THAT(memory, testing::Not(HasSubstr("old")));
}

TEST(BadgeWrite, WaitsForABadge) {
    const support::BadgeSim sim;
    support::ChildProcess writing({support::program("tapport"), "badge", "write", "--uri", kUri,
                                   "--connstring", sim.connstring()});
    ASSERT_EQ(writing.readLine(), "Hold a badge to the reader.");

    sim.ctl({"place", "--text", "old"});

    EXPECT_THAT(writing.readLine().value_or(""), HasSubstr("Written, "));
    EXPECT_EQ(writing.wait(), program::kExitOk);
}

TEST(BadgeWrite, GivesUpWhenNoBadgeComes) {
    const support::BadgeSim sim;

    const auto wrote = write({"--connstring", sim.connstring(), "--uri", kUri, "--wait", "2"});

    EXPECT_EQ(wrote.status, program::kExitFailed);
    EXPECT_THAT(wrote.err, HasSubstr("no badge came within 2 s"));
}

TEST(BadgeWrite, SaysThatThereIsNoReader) {
    const auto wrote =
        write({"--connstring", "pn532_uart:/dev/no-such-reader", "--uri", kUri, "--wait", "1"});

    EXPECT_EQ(wrote.status, program::kExitUnavailable);
    EXPECT_THAT(wrote.err, HasSubstr("no reader"));
}

TEST(BadgeWrite, SaysThatNoReaderIsNamed) {
    const auto wrote = write({"--uri", kUri});

    EXPECT_EQ(wrote.status, program::kExitConfig);
    EXPECT_THAT(wrote.err, HasSubstr("no reader is named"));
}

TEST(BadgeWrite, RefusesWhatAKioskWouldRefuse) {
    const auto tooLong =
        write({"--uri", "https://badge.tapport.example/b/" + std::string(600, 'x')});
    const auto control = write({"--uri", "https://badge.tapport.example/b/a\x01"});
    const auto noCard = write({"--uri", kUri, "--vcard", "/no/such/card"});

    EXPECT_EQ(tooLong.status, program::kExitFailed);
    EXPECT_THAT(tooLong.err, HasSubstr("no message for a badge: "));
    EXPECT_THAT(control.err, HasSubstr("no message for a badge: Uri"));
    EXPECT_THAT(noCard.err, HasSubstr("/no/such/card: No such file"));
}

}  // namespace
}  // namespace tapport::admin
