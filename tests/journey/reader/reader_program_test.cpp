// SPDX-License-Identifier: GPL-3.0-or-later
// tapport-reader on its own, as an operator runs it.
#include "tests/support/badge_sim.h"

#include <gtest/gtest.h>

namespace tapport {
namespace {

using support::run;

TEST(ReaderProgram, PrintsOneLineAnEventAndNothingOfTheBadge) {
    const support::BadgeSim sim;
    support::ChildProcess reader(
        {support::program("tapport-reader"), "--connstring", sim.connstring()});

    EXPECT_EQ(reader.readLine(), "reader back");
    sim.ctl({"place", "--uri", "https://ev.example/b/1", "--uid", "04a1b2c3d4e580"});
    EXPECT_EQ(reader.readLine(), "badge 04a1b2c3d4e580, 19 bytes");
    sim.ctl({"remove"});
    EXPECT_EQ(reader.readLine(), "badge removed");

    EXPECT_EQ(reader.terminate(), 0);
}

TEST(ReaderProgram, ShowsTheUriOnlyWhenAsked) {
    const support::BadgeSim sim;
    support::ChildProcess reader(
        {support::program("tapport-reader"), "--connstring", sim.connstring(), "--show"});
    ASSERT_EQ(reader.readLine(), "reader back");

    sim.ctl({"place", "--uri", "https://ev.example/b/1", "--uid", "04a1b2c3d4e580"});

    EXPECT_EQ(reader.readLine(), "badge 04a1b2c3d4e580, 19 bytes, https://ev.example/b/1");
}

TEST(ReaderProgram, RefusesAWrongCommandLineOrConfiguration) {
    const support::TempDir directory;
    const auto reader = support::program("tapport-reader");
    support::writeFile(directory / "bad.toml", "[reader]\nconstring = 'pn532_uart:/dev/null'\n");

    EXPECT_EQ(run({reader, "--help"}).status, 0);
    EXPECT_EQ(run({reader, "--version"}).status, 0);
    EXPECT_EQ(run({reader, "--fly"}).status, 2);
    EXPECT_EQ(run({reader}).status, 3);
    const auto bad = run({reader, "--config", directory / "bad.toml"});
    EXPECT_EQ(bad.status, 3);
    EXPECT_NE(bad.err.find("constring"), std::string::npos) << bad.err;
}

}  // namespace
}  // namespace tapport
