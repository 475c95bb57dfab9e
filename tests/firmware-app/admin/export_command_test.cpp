// SPDX-License-Identifier: GPL-3.0-or-later
// `tapport export` is tapport-hub's: here a stand-in lies beside a copy of the program and says
// what it was given.
#include "sync/program/program.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::admin {
namespace {

class ExportCommand : public testing::Test {
  protected:
    ExportCommand() { std::filesystem::copy_file(support::program("tapport"), dir_ / "tapport"); }
    void putHub() const {
        support::writeFile(dir_ / "tapport-hub", "#!/bin/sh\nprintf '[%s]' \"$@\"\necho\nexit 3\n");
        std::filesystem::permissions(dir_ / "tapport-hub", std::filesystem::perms::owner_all);
    }
    support::Finished tapport(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), (dir_ / "tapport").string());
        return support::run(arguments);
    }
    support::TempDir dir_;
};

TEST_F(ExportCommand, HandsItsArgumentsToTheHubProgramAndReturnsItsCode) {
    putHub();

    const auto ran = tapport({"export", "--format", "csv", "--out", "my leads.csv"});

    EXPECT_EQ(ran.out, "[export][--format][csv][--out][my leads.csv]\n");
    EXPECT_EQ(ran.status, 3);
}

TEST_F(ExportCommand, TakesTheConfigurationBeforeOrAfterItsName) {
    putHub();

    EXPECT_EQ(tapport({"--config", "hub.toml", "export", "--out", "a"}).out,
              "[export][--out][a][--config][hub.toml]\n");
    EXPECT_EQ(tapport({"export", "--out", "a", "--config", "hub.toml"}).out,
              "[export][--out][a][--config][hub.toml]\n");
    EXPECT_EQ(tapport({"export", "--config", "hub.toml", "--help"}).out,
              "[export][--config][hub.toml][--help]\n");
}

TEST_F(ExportCommand, SaysThatTheHubProgramIsNotThere) {
    const auto ran = tapport({"export", "--out", "a"});

    EXPECT_EQ(ran.status, program::kExitUnavailable);
    EXPECT_THAT(ran.err, testing::HasSubstr("tapport-hub cannot be started"));
}

TEST_F(ExportCommand, KnowsHelpVersionAndAWrongCommandLine) {
    EXPECT_EQ(tapport({"--help"}).status, program::kExitOk);
    EXPECT_THAT(tapport({"--version"}).out, testing::StartsWith("tapport 0."));
    EXPECT_EQ(tapport({}).status, program::kExitUsage);
    EXPECT_EQ(tapport({"exprot"}).status, program::kExitUsage);
}

}  // namespace
}  // namespace tapport::admin
