// SPDX-License-Identifier: GPL-3.0-or-later
// A later event file, to a running hub and to kiosks at work.
#include "firmware-app/store/edition.h"
#include "sync/program/program.h"
#include "tests/journey/downstream/two_kiosks.h"

#include <csignal>

#include <gmock/gmock.h>

namespace tapport::journey {
namespace {

using support::waitUntil;
using testing::HasSubstr;

TEST_F(TwoKiosks, ARunningHubGoesOnWithTheEventFileThatIsPublishedAndWithNoOther) {
    const std::string original = support::readFile(site_.path("event.json"));
    const auto edition = [&](const std::string& name, std::uint64_t number) {
        std::string file = original;
        file.replace(file.find("Example Expo"), 12, name);
        return site_.editionOf(file, number);
    };
    const auto shows = [&](const std::string& name) {
        const auto page = support::run({"curl", "--silent", site_.url() + "/login"}).out;
        EXPECT_EQ(page.find("Forged Expo"), std::string::npos);
        return page.find(name) != std::string::npos;
    };
    // Only the log says that it has looked at a file and left it.
    const std::string log = site_.path("hub.log").string();
    ASSERT_EQ(site_.stopHub(), 0);
    site_.runHubBy({"sh", "-c", "exec \"$@\" 2> \"$0\"", log});
    site_.startHub();
    one_->plugIn();
    ASSERT_TRUE(shows("Example Expo"));
    const pid_t pid = site_.hubPid();
    ASSERT_THAT(logIn(), HasSubstr("Example Expo"));

    site_.putEdition(edition("Renamed Expo", 2));
    ASSERT_TRUE(waitUntil([&] { return shows("Renamed Expo"); }));
    EXPECT_TRUE(waitUntil([&] { return one_->told().eventFile().value().has_value(); }));
    sayYesAtOne();
    ASSERT_TRUE(waitUntil([&] { return one_->isDrained() && site_.figure("visits") == 1; }))
        << site_.command({"status"}).out;
    EXPECT_EQ(exportedRows(), site_.event().asks.size());
    EXPECT_THAT(browse({"/"}), HasSubstr("Kiosks")) << "who was logged in still is";

    std::string forged = edition("Honest Expo", 3);
    forged.replace(forged.find("Honest Expo"), 6, "Forged");
    site_.putEdition(forged);
    const auto isRefused = [&] {
        return support::readFile(log).find("kiosks and hub keep the event file they have") !=
               std::string::npos;
    };
    EXPECT_TRUE(waitUntil(isRefused)) << support::readFile(log);
    EXPECT_TRUE(shows("Renamed Expo"));
    site_.putEdition(edition("Renamed Expo", 2));
    site_.putEdition(edition("Third Expo", 4));
    EXPECT_TRUE(waitUntil([&] { return shows("Third Expo"); }));
    EXPECT_EQ(site_.hubPid(), pid);
    EXPECT_EQ(site_.stopHub(), 0);
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
