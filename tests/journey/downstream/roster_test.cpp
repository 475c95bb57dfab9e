// SPDX-License-Identifier: GPL-3.0-or-later
// The roster, from a file of the organiser's to each kiosk and out again.
#include "tests/journey/downstream/two_kiosks.h"

#include <cstdlib>

#include <fmt/core.h>
#include <gmock/gmock.h>

namespace tapport::journey {
namespace {

using namespace std::chrono_literals;
using support::waitUntil;
using testing::HasSubstr;
using testing::Not;
using visit::Screen;

TEST_F(TwoKiosks, ARosterFillsInWhatAYesNeedsAndIsNoConsent) {
    one_->plugIn();
    const std::string file = site_.path("roster.csv").string();
    support::writeFile(file, std::string("token,name,company,email,phone,Ticket\n") + kToken +
                                 ",Ada Example,Example Works,ada@example.com,+4930123456,VIP\n"
                                 "short,Canary Example,,canary@example.com,,\n");

    const auto preview = site_.command({"roster", "import", file, "--dry-run"});
    EXPECT_THAT(preview.out, HasSubstr("would be: 1 new, 0 changed, 0 as they were, 1 rejected"));
    EXPECT_THAT(preview.out, HasSubstr("1 column is not used: 'Ticket'\n"));
    EXPECT_THAT(preview.out, HasSubstr("line 3: the token has less than"));
    EXPECT_THAT(preview.out + preview.err, Not(HasSubstr("anary")));
    EXPECT_FALSE(one_->recall(kToken).roster);
    const auto imported = site_.command({"roster", "import", file});
    EXPECT_EQ(imported.status, 0) << imported.err;
    EXPECT_THAT(imported.out, HasSubstr("1 new, 0 changed")) << "the preview took nothing";
    ASSERT_TRUE(waitUntil([&] { return one_->recall(kToken).roster.has_value(); }));
    EXPECT_EQ(site_.figure("records"), 0) << "nobody has said anything yet";

    one_->tap(kToken);
    ASSERT_EQ(one_->view().screen, Screen::Purposes);
    one_->press(visit::AnswerAll{});
    ASSERT_EQ(one_->view().screen, Screen::Summary) << "nothing is missing";
    EXPECT_EQ(one_->view().contact, kAda);
    one_->press(visit::Confirm{});

    ASSERT_TRUE(waitUntil([&] { return site_.figure("visits") == 1; }));
    EXPECT_EQ(exportedRows(), site_.event().asks.size());
    EXPECT_THAT(support::readFile(site_.path("leads.csv")), HasSubstr("ada@example.com"));
}

TEST_F(TwoKiosks, AnErasureTakesTheRosterEntryAwayAtEveryKiosk) {
    const std::string file = site_.path("roster.csv").string();
    support::writeFile(file, std::string("token,name\n") + kToken + ",Ada Example\n");
    ASSERT_EQ(site_.command({"roster", "import", file}).status, 0);
    one_->plugIn();
    two_->plugIn();
    const auto hasRoster = [](BoothKiosk& kiosk) {
        return kiosk.recall(kToken).roster.has_value();
    };
    ASSERT_TRUE(waitUntil([&] { return hasRoster(*one_) && hasRoster(*two_); }));
    sayYesAtOne();
    ASSERT_TRUE(comesToKnow(*two_, isAllYes));

    two_->tap(kToken);
    two_->press(visit::Erase{});

    EXPECT_TRUE(waitUntil([&] { return !hasRoster(*one_) && !hasRoster(*two_); }));
    const auto again = site_.command({"roster", "import", file});
    EXPECT_THAT(again.out, HasSubstr("1 left out: their holders asked for erasure"));
}

TEST_F(TwoKiosks, ARosterIsRemovedAgain) {
    one_->plugIn();
    const std::string file = site_.path("roster.csv").string();
    const std::string rest = site_.path("rest.csv").string();
    constexpr const char* kBob = "sample-badge-0002-bob";
    support::writeFile(
        file, std::string("token,name\n") + kToken + ",Ada Example\n" + kBob + ",Bob Example\n");
    support::writeFile(rest, std::string("badge\n") + kToken + "\n");
    const auto hasRoster = [&](const char* token) {
        return one_->recall(token).roster.has_value();
    };
    const std::string tapport = support::program("tapport");
    const std::string config = site_.path("hub.toml").string();
    ASSERT_EQ(support::run({tapport, "roster", "import", file, "--config", config}).status, 0);
    ASSERT_TRUE(waitUntil([&] { return hasRoster(kToken) && hasRoster(kBob); }));

    const auto removed =
        support::run({tapport, "roster", "remove", rest, "--event", site_.path(".").string()});
    EXPECT_EQ(removed.out, "1 removed, 0 were not there, 0 rejected\n") << removed.err;
    EXPECT_TRUE(waitUntil([&] { return !hasRoster(kToken); }));
    EXPECT_TRUE(hasRoster(kBob));
    const auto all = site_.command({"roster", "remove", "--all"});
    EXPECT_EQ(all.out, "1 removed\n") << all.err;
    EXPECT_TRUE(waitUntil([&] { return !hasRoster(kBob); }));
    EXPECT_EQ(site_.command({"roster", "remove"}).status, 2);
}

TEST_F(TwoKiosks, ARosterOfWhichEveryRowIsRejectedFails) {
    const std::string file = site_.path("roster.csv").string();
    support::writeFile(file, "token,name\nshort,Ada Example\n");

    const auto preview = site_.command({"roster", "import", file, "--dry-run"});
    const auto imported = site_.command({"roster", "import", file});

    EXPECT_EQ(preview.status, 1);
    EXPECT_EQ(imported.status, 1);
    EXPECT_THAT(imported.out, HasSubstr("0 new, 0 changed, 0 as they were, 1 rejected"));
    EXPECT_THAT(imported.out, HasSubstr("line 2: the token has less than"));
}

/// Of a process, in KiB: most that it ever had in memory.
std::size_t peakOf(const std::string& status) {
    const std::size_t at = status.find("VmHWM:");
    return at == std::string::npos ? 0 : std::stoul(status.substr(at + 6));
}

using Clock = std::chrono::steady_clock;

long long millisBetween(Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
}

/// TAPPORT_ROSTER=100000 measures; by default as many as a quick test needs.
std::size_t entriesOfLargeRoster() {
    const char* const wanted = std::getenv("TAPPORT_ROSTER");
    return wanted == nullptr ? 3000 : std::stoul(wanted);
}

std::string writeRoster(const std::filesystem::path& file, std::size_t entries) {
    std::string csv = "token,name,company,email\n";
    for (std::size_t i = 0; i < entries; ++i) {
        csv += fmt::format("sample-badge-{0},Attendee {0},Example Works,attendee{0}@example.com\n",
                           1'000'000 + i);
    }
    support::writeFile(file, csv);
    return file.string();
}

TEST_F(TwoKiosks, WhatIsSaidWhileALargeRosterIsOnItsWayDoesNotWaitForIt) {
    const std::size_t entries = entriesOfLargeRoster();
    const std::string file = writeRoster(site_.path("roster.csv"), entries);
    one_->plugIn();
    sayYesAtOne();
    two_->plugIn();
    ASSERT_TRUE(comesToKnow(*two_, isAllYes));
    ASSERT_EQ(site_.command({"roster", "import", file}).status, 0);

    one_->tap(kToken);
    one_->press(visit::WithdrawAll{});
    const auto start = Clock::now();
    ASSERT_TRUE(comesToKnow(*two_, isAllTakenBack));

    const std::uint64_t ofRoster = two_->told().downState()->version.bulk;
    std::printf("known at the other kiosk after %lld ms, when it had %llu of %zu entries\n",
                millisBetween(start, Clock::now()), static_cast<unsigned long long>(ofRoster),
                entries);
    if (entries >= 50'000) {
        EXPECT_LT(ofRoster, entries);
    }
    ASSERT_TRUE(waitUntil([&] { return two_->told().downState()->version.bulk == entries; }, 600s));
}

TEST_F(TwoKiosks, ALargeRosterComesInChunks) {
    const std::size_t entries = entriesOfLargeRoster();
    const std::string file = writeRoster(site_.path("roster.csv"), entries);
    one_->plugIn();
    ASSERT_TRUE(waitUntil([&] { return one_->status().isHubOnline; }));

    const auto start = Clock::now();
    const auto imported = site_.command({"roster", "import", file});
    const auto isImported = Clock::now();
    ASSERT_THAT(imported.out, HasSubstr(std::to_string(entries) + " new")) << imported.err;
    ASSERT_TRUE(waitUntil([&] { return one_->told().downState()->version.bulk == entries; }, 600s));
    const auto isHere = Clock::now();

    const store::Memory last =
        one_->recall("sample-badge-" + std::to_string(1'000'000 + entries - 1));
    ASSERT_TRUE(last.roster);
    EXPECT_EQ(last.roster->company, "Example Works");
    std::printf(
        "roster of %zu: imported in %lld ms, on the kiosk after %lld ms; %ju bytes there; "
        "kiosk's peak %zu KiB\n",
        entries, millisBetween(start, isImported), millisBetween(start, isHere),
        std::filesystem::file_size(site_.path("kiosk-1") / "down.db") +
            std::filesystem::file_size(site_.path("kiosk-1") / "down.db-wal"),
        peakOf(support::readFile("/proc/self/status")));
}

}  // namespace
}  // namespace tapport::journey
