// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's unmodified libnfc tools against the simulator: what they see is what real software sees.
#include "tests/support/badge_sim.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace tapport {
namespace {

using support::BadgeSim;

std::vector<std::string> deviceOf(const BadgeSim& sim) {
    return {"LIBNFC_DEFAULT_DEVICE=" + sim.connstring(), "LIBNFC_DEVICE=" + sim.connstring()};
}

std::string withoutBlanks(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
    return text;
}

TEST(NfcTools, NfcListSeesTheBadgeAndItsUid) {
    const BadgeSim sim({"--uri", "https://ev.example/b/1", "--uid", "04a1b2c3d4e580"});

    const auto listed = support::run({"nfc-list"}, deviceOf(sim));

    EXPECT_EQ(listed.status, 0) << listed.err;
    EXPECT_NE(withoutBlanks(listed.out).find("04a1b2c3d4e580"), std::string::npos) << listed.out;
}

TEST(NfcTools, NfcListSeesNothingOnceTheBadgeIsGone) {
    const BadgeSim sim({"--uri", "https://ev.example/b/1"});
    sim.ctl({"remove"});

    const auto listed = support::run({"nfc-list"}, deviceOf(sim));

    EXPECT_EQ(listed.status, 0) << listed.err;
    EXPECT_EQ(listed.out.find("UID"), std::string::npos) << listed.out;
}

TEST(NfcTools, NfcListSeesATagThatHasOnlyAnId) {
    const BadgeSim sim({"--type", "uid", "--uid", "11223344"});

    const auto listed = support::run({"nfc-list"}, deviceOf(sim));

    EXPECT_NE(withoutBlanks(listed.out).find("11223344"), std::string::npos) << listed.out;
}

class NfcMfultralight : public testing::TestWithParam<const char*> {};

TEST_P(NfcMfultralight, ReadsTheWholeMemory) {
    const support::TempDir directory;
    const BadgeSim sim({"--text", "Hello", "--type", GetParam()});
    sim.ctl({"dump", directory / "memory"});

    const auto read =
        support::run({"nfc-mfultralight", "r", directory / "read.mfd"}, deviceOf(sim));

    EXPECT_EQ(read.status, 0) << read.out << read.err;
    auto memory = support::readFile(directory / "memory");
    // The password in the last page but one reads as zero.
    std::fill_n(memory.end() - 8, 4, '\0');
    EXPECT_EQ(support::readFile(directory / "read.mfd"), memory);
}

INSTANTIATE_TEST_SUITE_P(EveryNtag, NfcMfultralight,
                         testing::Values("ntag213", "ntag215", "ntag216"));

TEST(NfcTools, CtlRefusesWhatMakesNoBadgeAndTerminatesCleanly) {
    BadgeSim sim;

    EXPECT_THROW(sim.ctl({"place", "--uri", "https://" + std::string(900, 'a')}),
                 std::runtime_error);
    EXPECT_THROW(sim.ctl({"fly"}), std::runtime_error);
    EXPECT_EQ(sim.ctl({"place", "--text", "x"}), "ok\n");
    EXPECT_EQ(sim.ctl({"status"}), "plugged in, fine, tags 1\n");

    EXPECT_EQ(sim.terminate(), 0);
}

}  // namespace
}  // namespace tapport
