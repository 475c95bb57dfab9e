// SPDX-License-Identifier: GPL-3.0-or-later
// Supervisor, tapport-reader and unmodified libnfc against a simulated chip: what badges and
// readers do to people on the floor.
#include "hardware/ndef/content.h"
#include "hardware/reader/reader_supervisor.h"
#include "tests/support/badge_sim.h"
#include "tests/support/reader_log.h"

#include <csignal>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace tapport {
namespace {

using support::BadgeSim;
using support::ReaderLog;

constexpr const char* kUri = "https://ev.example/b/1";

std::string longUri(std::size_t size) {
    return "https://ev.example/" + std::string(size - 19, 'x');
}

/// The process that the supervisor in this test started.
pid_t readerPid() {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream status(entry.path() / "status");
        std::string name;
        std::string parent;
        for (std::string line; std::getline(status, line);) {
            name = line.rfind("Name:", 0) == 0 ? line : name;
            parent = line.rfind("PPid:", 0) == 0 ? line : parent;
        }
        if (name == "Name:\ttapport-reader" && parent == "PPid:\t" + std::to_string(getpid())) {
            return std::stoi(entry.path().filename());
        }
    }
    return -1;
}

class ReaderJourney : public testing::Test {
  protected:
    void SetUp() override {
        reader_.start(log_.listener());
        ASSERT_EQ(log_.waitFor("back"), "back") << log_.lastWhy();
        log_.clear();
    }
    void place(std::vector<std::string> options) {
        options.insert(options.begin(), "place");
        sim_.ctl(options);
    }
    std::string uriRead() {
        return ndef::firstUri(ndef::interpretMessage(log_.lastMessage()).value()).value_or("");
    }

    support::TempDir directory_;
    ReaderLog log_;
    BadgeSim sim_;
    reader::ReaderSupervisor reader_{{support::program("tapport-reader"), sim_.connstring(), {}}};
};

TEST_F(ReaderJourney, ReadsEveryKindOfNtagShortAndLong) {
    const std::vector<std::pair<std::string, std::size_t>> badges = {
        {"ntag213", 30}, {"ntag213", 130}, {"ntag215", 400}, {"ntag216", 512}};
    for (const auto& [type, size] : badges) {
        place({"--uri", longUri(size), "--type", type});
        ASSERT_EQ(log_.waitFor("read"), "read") << type << size;
        EXPECT_EQ(uriRead(), longUri(size));

        sim_.ctl({"remove"});
        ASSERT_EQ(log_.waitFor("read removed"), "read removed");
        log_.clear();
    }
}

TEST_F(ReaderJourney, HandsOnTheVcardBesideTheUri) {
    const std::string card = "BEGIN:VCARD\r\nFN:Ada Sample\r\nEND:VCARD\r\n";
    support::writeFile(directory_ / "card.vcf", card);

    place({"--uri", kUri, "--vcard", directory_ / "card.vcf"});

    ASSERT_EQ(log_.waitFor("read"), "read");
    const auto contents = ndef::interpretMessage(log_.lastMessage()).value();
    ASSERT_NE(ndef::findMime(contents, "text/vcard"), nullptr);
    EXPECT_EQ(textOf(ndef::findMime(contents, "text/vcard")->payload), card);
}

TEST_F(ReaderJourney, TellsEachKindOfBadBadge) {
    place({"--uri", kUri});
    ASSERT_EQ(log_.waitFor("read"), "read");
    sim_.ctl({"dump", directory_ / "memory"});
    auto memory = support::readFile(directory_ / "memory");
    memory[18] = '\xD7';  // the record's flags: a reserved TNF
    support::writeFile(directory_ / "reserved", memory);
    memory[18] = '\xD1';
    memory[17] = '\xF0';  // the TLV's length: more than its message
    support::writeFile(directory_ / "length", memory);
    const std::vector<std::pair<std::vector<std::string>, std::string>> badges = {
        {{"--dump", directory_ / "reserved"}, "malformed"},
        {{"--dump", directory_ / "length"}, "malformed"},
        {{"--uri", longUri(600), "--type", "ntag216"}, "malformed"},
        {{"--uri", "https://ev.example/\x01\x1B[2J"}, "malformed"},
        {{"--type", "uid"}, "unknown"},
        {{"--type", "ntag213"}, "empty"},
        {{"--uri", longUri(500), "--type", "ntag216", "--leave-after", "1"}, "too-soon"}};

    for (const auto& [options, word] : badges) {
        sim_.ctl({"remove"});
        ASSERT_EQ(log_.waitFor("read removed"), "read removed");
        place(options);
        const auto story = "read removed " + word;
        const auto wanted = word == "too-soon" ? story + " removed" : story;
        EXPECT_EQ(log_.waitFor(wanted), wanted);
        // Back to a good one: a bad badge leaves nothing behind.
        sim_.ctl({"remove"});
        ASSERT_EQ(log_.waitFor(story + " removed"), story + " removed");
        log_.clear();
        place({"--uri", kUri});
        ASSERT_EQ(log_.waitFor("read"), "read");
    }
}

TEST_F(ReaderJourney, TakesOneBadgeAtATime) {
    place({"--uri", kUri});
    ASSERT_EQ(log_.waitFor("read"), "read");
    sim_.ctl({"hangup"});  // both are laid down before the reader looks again
    ASSERT_EQ(log_.waitFor("read lost"), "read lost");
    sim_.ctl({"two-tags"});
    log_.clear();
    sim_.ctl({"alive"});

    ASSERT_EQ(log_.waitFor("back several"), "back several");
    sim_.ctl({"remove"});
    ASSERT_EQ(log_.waitFor("back several removed"), "back several removed");
}

TEST_F(ReaderJourney, WritesABadgeThatReadsBackAsWritten) {
    const auto message = ndef::encodeMessage({ndef::uriRecord(longUri(300))}).value();
    reader_.write(message);
    place({"--text", "before"});
    ASSERT_EQ(log_.waitFor("written"), "written") << log_.lastWhy();

    sim_.ctl({"dump", directory_ / "memory"});
    place({"--text", "another"});
    ASSERT_EQ(log_.waitFor("written read"), "written read");
    place({"--dump", directory_ / "memory"});

    ASSERT_EQ(log_.waitFor("written read removed read"), "written read removed read");
    EXPECT_EQ(log_.lastMessage(), message);
}

TEST_F(ReaderJourney, SaysWhyABadgeCannotBeWritten) {
    const auto message = ndef::encodeMessage({ndef::uriRecord(longUri(300))}).value();
    reader_.write(message);
    place({"--type", "ntag213"});
    ASSERT_EQ(log_.waitFor("unwritten"), "unwritten");
    EXPECT_EQ(log_.lastWhy(), "the message does not fit on the badge");

    place({"--text", "before"});
    ASSERT_EQ(log_.waitFor("unwritten read"), "unwritten read");
    sim_.ctl({"dump", directory_ / "memory"});
    auto memory = support::readFile(directory_ / "memory");
    memory[10] = '\xFF';  // static lock bits
    support::writeFile(directory_ / "locked", memory);
    sim_.ctl({"remove"});
    ASSERT_EQ(log_.waitFor("unwritten read removed"), "unwritten read removed");
    log_.clear();
    reader_.write(message);
    place({"--dump", directory_ / "locked"});

    ASSERT_EQ(log_.waitFor("unwritten"), "unwritten");
    EXPECT_EQ(log_.lastWhy(), "the badge is locked");
}

TEST_F(ReaderJourney, ComesBackAfterItsProcessIsKilled) {
    const auto first = readerPid();
    ASSERT_GT(first, 0);

    ::kill(first, SIGKILL);

    EXPECT_EQ(log_.waitFor("lost back"), "lost back");
    EXPECT_EQ(log_.lastWhy(), "the reader process was ended by signal 9");
    place({"--uri", kUri});
    EXPECT_EQ(log_.waitFor("lost back read"), "lost back read");
    EXPECT_NE(readerPid(), first);
}

TEST_F(ReaderJourney, ComesBackAfterLibnfcAborts) {
    place({"--uri", kUri});
    ASSERT_EQ(log_.waitFor("read"), "read");
    sim_.ctl({"remove"});
    ASSERT_EQ(log_.waitFor("read removed"), "read removed");
    log_.clear();

    sim_.ctl({"bad-status"});
    place({"--uri", kUri});

    EXPECT_EQ(log_.waitFor("lost back read"), "lost back read");
    EXPECT_EQ(log_.lastWhy(), "the reader process was ended by signal 6");
}

TEST_F(ReaderJourney, MendsASingleBadReplyByItself) {
    for (const auto* glitch : {"bad-checksum", "truncate"}) {
        sim_.ctl({glitch});
        place({"--uri", kUri});
        EXPECT_EQ(log_.waitFor("read"), "read") << glitch;
        sim_.ctl({"remove"});
        EXPECT_EQ(log_.waitFor("read removed"), "read removed") << glitch;
        log_.clear();
    }
}

class ReaderThatFails : public ReaderJourney, public testing::WithParamInterface<const char*> {};

TEST_P(ReaderThatFails, IsLostAndComesBackWhenMended) {
    sim_.ctl({GetParam()});
    EXPECT_EQ(log_.waitFor("lost"), "lost");

    sim_.ctl({"alive"});
    place({"--uri", kUri});

    EXPECT_EQ(log_.waitFor("lost back read"), "lost back read");
}

INSTANTIATE_TEST_SUITE_P(EveryWay, ReaderThatFails,
                         testing::Values("hangup", "dead", "mute", "no-ack"));

TEST_F(ReaderJourney, ComesBackWhenTheSimulatorIsStartedAgain) {
    sim_.terminate();
    ASSERT_EQ(log_.waitFor("lost"), "lost");

    sim_.startAgain();

    EXPECT_EQ(log_.waitFor("lost back"), "lost back");
}

TEST_F(ReaderJourney, SecondReaderOnTheSameDeviceIsRefused) {
    ReaderLog log;
    reader::ReaderSupervisor second({support::program("tapport-reader"), sim_.connstring(), {}});

    second.start(log.listener());

    EXPECT_EQ(log.waitFor("lost"), "lost");
    EXPECT_EQ(log.lastWhy().rfind("another process holds ", 0), 0U) << log.lastWhy();
}

TEST(ReaderSupervision, KillsAProcessThatHangs) {
    const BadgeSim sim;
    ReaderLog log;
    reader::SupervisorSettings settings{support::program("tapport-reader"), sim.connstring(), {}};
    reader::ReaderSupervisor reader(settings);
    reader.start(log.listener());
    ASSERT_EQ(log.waitFor("back"), "back");

    ::kill(readerPid(), SIGSTOP);

    EXPECT_EQ(log.waitFor("back lost back"), "back lost back");
    EXPECT_EQ(log.lastWhy(), "the reader process hung");
}

TEST(ReaderSupervision, EndsWhenToldWhileItsProcessIsBeingStarted) {
    const BadgeSim sim;
    for (std::chrono::microseconds after{0}; after < std::chrono::milliseconds(4);
         after += std::chrono::microseconds(100)) {
        ReaderLog log;
        reader::ReaderSupervisor reader({support::program("tapport-reader"), sim.connstring(), {}});
        reader.start(log.listener());
        const auto until = std::chrono::steady_clock::now() + after;
        while (std::chrono::steady_clock::now() < until) {
        }
    }
}

TEST(ReaderSupervision, SaysThatTheProgramIsMissing) {
    ReaderLog log;
    reader::ReaderSupervisor reader({"/nowhere/tapport-reader", "pn532_uart:/dev/null", {}});

    reader.start(log.listener());

    EXPECT_EQ(log.waitFor("lost"), "lost");
}

}  // namespace
}  // namespace tapport
