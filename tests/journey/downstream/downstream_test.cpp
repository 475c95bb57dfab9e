// SPDX-License-Identifier: GPL-3.0-or-later
// Two kiosks, a real broker, a real hub: what one recorded the other shows and takes back, offline
// too.
#include "firmware-app/store/edition.h"
#include "sync/program/program.h"
#include "sync/wire/topics.h"
#include "tests/journey/downstream/looker_on.h"
#include "tests/journey/downstream/two_kiosks.h"

#include <csignal>
#include <cstdlib>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::journey {
namespace {

using namespace std::chrono_literals;
using support::waitUntil;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using visit::Answer;
using visit::Screen;

TEST_F(TwoKiosks, AYesAtOneIsShownAtTheOtherAndTakenBackThereOffline) {
    one_->plugIn();
    two_->plugIn();
    sayYesAtOne();
    ASSERT_TRUE(comesToKnow(*two_, isAllYes));
    EXPECT_EQ(exportedRows(), site_.event().asks.size());

    two_->unplug();
    two_->tap(kToken);
    ASSERT_EQ(two_->view().screen, Screen::Recorded);
    EXPECT_THAT(two_->view().recorded, Each(Answer::Yes));
    EXPECT_EQ(two_->view().contact.email, kAda.email);
    two_->press(visit::WithdrawAll{});
    ASSERT_EQ(two_->view().screen, Screen::Withdrawn);
    EXPECT_EQ(exportedRows(), site_.event().asks.size()) << "the hub cannot know yet";

    two_->plugIn();
    ASSERT_TRUE(comesToKnow(*one_, isAllTakenBack));
    EXPECT_EQ(exportedRows(), 0U);
    one_->tap(kToken);
    EXPECT_EQ(one_->view().screen, Screen::Recorded);
    EXPECT_THAT(one_->view().recorded, Each(Answer::No));
    EXPECT_TRUE(one_->view().contact.email.empty());
    EXPECT_TRUE(one_->isDrained() && two_->isDrained());
    EXPECT_EQ(one_->status().forgeries + two_->status().forgeries, 0U);
}

TEST_F(TwoKiosks, AnErasureAtOneLeavesNothingOfThePersonAtTheOther) {
    one_->plugIn();
    two_->plugIn();
    sayYesAtOne();
    ASSERT_TRUE(comesToKnow(*two_, isAllYes));

    two_->tap(kToken);
    two_->press(visit::Erase{});
    ASSERT_EQ(two_->view().screen, Screen::Erased);

    ASSERT_TRUE(comesToKnow(*one_, isAllTakenBack));
    one_->tap(kToken);
    EXPECT_TRUE(one_->view().isErased);
    EXPECT_TRUE(one_->view().contact.email.empty());
    EXPECT_EQ(exportedRows(), 0U);
}

TEST_F(TwoKiosks, AKioskThatWasAwayIsToldOnlyWhatChangedSinceAndAfterARestartOfTheHub) {
    one_->plugIn();
    two_->plugIn();
    sayYesAtOne();
    ASSERT_TRUE(comesToKnow(*two_, isAllYes));
    two_->unplug();
    const std::uint64_t before = two_->told().downState()->version;
    one_->tap(kToken);
    one_->press(visit::WithdrawAll{});
    ASSERT_TRUE(comesToKnow(*one_, isAllTakenBack));

    site_.killHub();
    site_.startHub();
    LookerOn lookerOn(site_.broker().port(), wire::downTopic(kOther));
    two_->plugIn();

    ASSERT_TRUE(comesToKnow(*two_, isAllTakenBack));
    EXPECT_GT(two_->told().downState()->version, before);
    std::optional<Bytes> first;
    ASSERT_TRUE(waitUntil([&] { return (first = lookerOn.next()).has_value(); }));
    EXPECT_EQ(wire::decodeDown(*first)->message.from, before);
}

TEST_F(TwoKiosks, ARosterFillsInWhatAYesNeedsAndIsNoConsent) {
    one_->plugIn();
    const std::string file = site_.path("roster.csv").string();
    support::writeFile(file, std::string("token,name,company,email,phone\n") + kToken +
                                 ",Ada Example,Example Works,ada@example.com,+4930123456\n"
                                 "short,Canary Example,,canary@example.com,\n");

    const auto preview = site_.command({"roster", "import", file, "--dry-run"});
    EXPECT_THAT(preview.out, HasSubstr("would be: 1 new, 0 changed, 0 as they were, 1 rejected"));
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

TEST_F(TwoKiosks, AKioskThatWasToldMoreThanARestoredHubKnowsIsToldAgain) {
    const std::string file = site_.path("roster.csv").string();
    const auto importsMany = [&](int first, int last) {
        std::string csv = "token,name\n";
        for (int i = first; i <= last; ++i) {
            csv += fmt::format("sample-badge-{0},Attendee {0}\n", 1'000'000 + i);
        }
        support::writeFile(file, csv);
        EXPECT_EQ(site_.command({"roster", "import", file}).status, 0);
    };
    const auto isTold = [&](int i) {
        return waitUntil([&] {
            return one_->recall("sample-badge-" + std::to_string(1'000'000 + i)).roster.has_value();
        });
    };
    one_->plugIn();
    importsMany(1, 2);
    const std::string backup = site_.path("backup.db").string();
    ASSERT_EQ(site_.command({"backup", "--out", backup}).status, 0);
    importsMany(3, 20);
    ASSERT_TRUE(isTold(20));
    ASSERT_EQ(site_.stopHub(), 0);

    const auto restored = site_.command({"restore", backup});
    ASSERT_EQ(restored.status, 0) << restored.err;
    site_.startHub();
    importsMany(21, 21);

    EXPECT_TRUE(isTold(21));
}

TEST_F(TwoKiosks, AKioskMayForgetOnceTheHubHasBackedUpAndNotBefore) {
    one_->plugIn();
    two_->plugIn();
    sayYesAtOne();
    ASSERT_TRUE(waitUntil([&] { return one_->isDrained() && site_.figure("visits") == 1; }));

    const auto ended = site_.command({"end-event", "--kiosk", "kiosk-1"});
    ASSERT_EQ(ended.status, 0) << ended.err;
    ASSERT_TRUE(
        waitUntil([&] { return one_->told().command(wire::kEndOfEvent).value().has_value(); }));
    ASSERT_TRUE(waitUntil([&] { return two_->told().downState() == one_->told().downState(); }));
    LookerOn lookerOn(site_.broker().port(), wire::ackTopic(hub::samples::kKiosk));
    int answers = 0;
    ASSERT_TRUE(waitUntil([&] { return lookerOn.next() && ++answers == 3; })) << "it asks again";
    EXPECT_FALSE(one_->mayForget());
    EXPECT_FALSE(two_->told().command(wire::kEndOfEvent).value()) << "it was not meant";
    const auto backup = site_.command({"backup", "--out", site_.path("backup.db").string()});
    ASSERT_EQ(backup.status, 0) << backup.err;

    EXPECT_TRUE(waitUntil([&] { return one_->mayForget(); }));
    EXPECT_FALSE(two_->mayForget());
}

TEST_F(TwoKiosks, TheHubTellsWhoIsThereAndWhoseClockIsWrongAfterItsRestartToo) {
    const auto connected = [&] { return site_.figure("kiosks_connected"); };
    one_->plugIn();
    two_->plugIn();
    ASSERT_TRUE(waitUntil([&] { return connected() == 2; }));
    two_->unplug();
    ASSERT_TRUE(waitUntil([&] { return connected() == 1; }));
    EXPECT_THAT(site_.command({"status"}).out, HasSubstr("kiosk kiosk-2: not connected for "));
    EXPECT_EQ(site_.figure("kiosks_clock_off"), 0);

    site_.killHub();
    const std::string down = site_.command({"status"}).out;
    EXPECT_THAT(down, HasSubstr("kiosk kiosk-1: whether it is connected, only a running hub"));
    EXPECT_THAT(site_.command({"status", "--json"}).out,
                HasSubstr("{\"kiosk\": \"kiosk-1\", \"connected\": null"));
    site_.startHub();
    EXPECT_TRUE(waitUntil([&] { return connected() == 1; }));

    KioskEnd late(site_);
    wire::Hello hello{site_.event().id, hub::samples::kKiosk, hub::samples::epoch(), 0, 0, {}, {}};
    hello.base = program::readClocks().wall - 12min;
    late.send(hello);
    EXPECT_TRUE(waitUntil([&] { return site_.figure("kiosks_clock_off") == 1; }));
    EXPECT_THAT(site_.command({"status"}).out, HasSubstr("; clock 12 min behind"));
    EXPECT_THAT(
        site_.command({"status", "--json"}).out,
        testing::ContainsRegex("\"clock_ahead_seconds\": -7[2-7][0-9], \"clock_off\": true"))
        << "and as long as the message took";
}

TEST_F(TwoKiosks, TheEndIsTakenBackUntilTheKioskHasActed) {
    const auto endEvent = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"end-event", "--kiosk", "kiosk-1"});
        return site_.command(more);
    };
    const auto isTold = [&] { return one_->told().command(wire::kEndOfEvent)->has_value(); };
    one_->plugIn();
    sayYesAtOne();
    ASSERT_TRUE(waitUntil([&] { return one_->isDrained() && site_.figure("visits") == 1; }));
    EXPECT_THAT(endEvent({"--cancel"}).err, HasSubstr("was not told"));
    EXPECT_THAT(site_.command({"end-event", "--kiosk", "all"}).err, HasSubstr("never heard"))
        << "a name like any other";
    ASSERT_EQ(endEvent({}).status, 0);
    ASSERT_TRUE(waitUntil(isTold));
    EXPECT_THAT(site_.command({"status"}).out, HasSubstr("; told that the event is over\n"));

    const auto cancelled = endEvent({"--cancel"});
    EXPECT_EQ(cancelled.out, "kiosk-1: has heard it and goes on\n") << cancelled.err;
    EXPECT_FALSE(isTold());
    EXPECT_THAT(site_.command({"status"}).out, Not(HasSubstr("is over")));
    ASSERT_EQ(site_.command({"backup", "--out", site_.path("backup.db").string()}).status, 0);
    one_->unplug();
    one_->plugIn();
    ASSERT_TRUE(waitUntil([&] { return one_->status().isHubOnline; }));
    EXPECT_FALSE(one_->mayForget());

    ASSERT_EQ(endEvent({}).status, 0);
    ASSERT_TRUE(waitUntil([&] { return one_->mayForget(); }));
    one_->leave();
    ASSERT_TRUE(waitUntil([&] { return site_.figure("kiosks_connected") == 0; }));
    EXPECT_THAT(site_.command({"status"}).out, HasSubstr("; the event is over there since 20"));
    const auto late = endEvent({"--cancel"});
    EXPECT_EQ(late.status, 1);
    EXPECT_THAT(late.err, HasSubstr("kiosk-1 has destroyed its keys and data at 20"));
}

TEST_F(TwoKiosks, ARunningHubGoesOnWithTheEventFileThatIsPublishedAndWithNoOther) {
    const std::string original = support::readFile(site_.path("event.json"));
    const auto publish = [&](const std::string& name, std::uint64_t number) {
        std::string file = original;
        file.replace(file.find("Example Expo"), 12, name);
        support::writeFile(site_.path("event.json"), file);
        return site_.publishEdition(number);
    };
    const auto shows = [&](const std::string& name) {
        const auto page = support::run({"curl", "--silent", site_.url() + "/login"}).out;
        EXPECT_EQ(page.find("Forged Expo"), std::string::npos);
        return page.find(name) != std::string::npos;
    };
    one_->plugIn();
    ASSERT_TRUE(shows("Example Expo"));
    const pid_t pid = site_.hubPid();
    ASSERT_THAT(logIn(), HasSubstr("Example Expo"));

    publish("Renamed Expo", 2);
    ASSERT_TRUE(waitUntil([&] { return shows("Renamed Expo"); }));
    EXPECT_TRUE(waitUntil([&] { return one_->told().eventFile().value().has_value(); }));
    sayYesAtOne();
    ASSERT_TRUE(waitUntil([&] { return one_->isDrained() && site_.figure("visits") == 1; }))
        << site_.command({"status"}).out;
    EXPECT_EQ(exportedRows(), site_.event().asks.size());
    EXPECT_THAT(browse({"/"}), HasSubstr("Kiosks")) << "who was logged in still is";

    std::string forged = publish("Forged Expo", 3);
    forged.replace(forged.find("Forged Expo"), 6, "forged");
    support::writeFile(site_.path("edition.json"), forged);
    publish("Renamed Expo", 2);
    publish("Third Expo", 4);
    EXPECT_TRUE(waitUntil([&] { return shows("Third Expo"); }));
    EXPECT_EQ(site_.hubPid(), pid);
    EXPECT_EQ(site_.stopHub(), 0);
}

/// Of a process, in KiB: most that it ever had in memory.
std::size_t peakOf(const std::string& status) {
    const std::size_t at = status.find("VmHWM:");
    return at == std::string::npos ? 0 : std::stoul(status.substr(at + 6));
}

/// TAPPORT_ROSTER=100000 measures; by default as many as a quick test needs.
TEST_F(TwoKiosks, ALargeRosterComesInChunks) {
    using Clock = std::chrono::steady_clock;
    const char* const wanted = std::getenv("TAPPORT_ROSTER");
    const std::size_t entries = wanted == nullptr ? 3000 : std::stoul(wanted);
    std::string csv = "token,name,company,email\n";
    for (std::size_t i = 0; i < entries; ++i) {
        csv += fmt::format("sample-badge-{0},Attendee {0},Example Works,attendee{0}@example.com\n",
                           1'000'000 + i);
    }
    const std::string file = site_.path("roster.csv").string();
    support::writeFile(file, csv);
    one_->plugIn();
    ASSERT_TRUE(waitUntil([&] { return one_->status().isHubOnline; }));

    const auto start = Clock::now();
    const auto imported = site_.command({"roster", "import", file});
    const auto isImported = Clock::now();
    ASSERT_THAT(imported.out, HasSubstr(std::to_string(entries) + " new")) << imported.err;
    ASSERT_TRUE(waitUntil([&] { return one_->told().downState()->version == entries; }, 600s));
    const auto isHere = Clock::now();

    const store::Memory last =
        one_->recall("sample-badge-" + std::to_string(1'000'000 + entries - 1));
    ASSERT_TRUE(last.roster);
    EXPECT_EQ(last.roster->company, "Example Works");
    const auto millis = [&](Clock::time_point at) {
        return std::chrono::duration_cast<std::chrono::milliseconds>(at - start).count();
    };
    std::printf(
        "roster of %zu: imported in %lld ms, on the kiosk after %lld ms; %ju bytes there; "
        "kiosk's peak %zu KiB\n",
        entries, static_cast<long long>(millis(isImported)), static_cast<long long>(millis(isHere)),
        std::filesystem::file_size(site_.path("kiosk-1") / "down.db") +
            std::filesystem::file_size(site_.path("kiosk-1") / "down.db-wal"),
        peakOf(support::readFile("/proc/self/status")));
}

TEST_F(TwoKiosks, AnEventFileThatComesInMidDrainIsTakenAndEveryRecordArrives) {
    constexpr int kRecords = 3000;
    for (int i = 0; i < kRecords / 50; ++i) {
        std::vector<record::Unit> units;
        for (int j = 0; j < 50; ++j) {
            units.push_back(site_.visit(1).unit);
            record::Unit& unit = units.back();
            unit.id = program::newRecordId();
            unit.subject = *record::SubjectId::from(unit.id.view());
            unit.consents[0].id = program::newRecordId();
            unit.receipt = *record::ReceiptId::from(unit.id.view());
        }
        ASSERT_TRUE(one_->records().run(
            [&](store::KioskStore& store) { return store.commit(units, std::nullopt); }));
    }
    EXPECT_FALSE(one_->told().eventFile().value());

    // However fast or busy the machine: the hub answers nothing until the file is there, and looks
    // for one before it has taken everything.
    ::kill(site_.hubPid(), SIGSTOP);
    one_->plugIn();
    ASSERT_TRUE(waitUntil([&] { return one_->status().isHubOnline; }));
    const std::string edition = site_.publishEdition(2);
    const bool cameInMidDrain = !one_->isDrained();
    ::kill(site_.hubPid(), SIGCONT);

    ASSERT_TRUE(waitUntil([&] { return one_->told().eventFile().value().has_value(); }));
    EXPECT_EQ(one_->told().eventFile().value(), edition);
    EXPECT_EQ(store::laterEdition(edition, site_.event())->edition, 2U);
    EXPECT_TRUE(cameInMidDrain);
    EXPECT_TRUE(waitUntil([&] { return one_->isDrained(); }));
    EXPECT_TRUE(waitUntil([&] { return site_.figure("records") == kRecords; }));
    EXPECT_EQ(site_.figure("quarantined"), 0);
}

}  // namespace
}  // namespace tapport::journey
