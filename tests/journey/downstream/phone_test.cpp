// SPDX-License-Identifier: GPL-3.0-or-later
// What was said yes to at a kiosk is taken back on the phone, on the page of the receipt: the hub
// exports nothing of it, and every kiosk says so at the next tap.
#include "tests/journey/downstream/two_kiosks.h"

#include <gmock/gmock.h>

namespace tapport::journey {
namespace {

using support::waitUntil;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using visit::Answer;
using visit::Screen;

class Phone : public TwoKiosks {
  protected:
    /// Ada said yes to everything at kiosk 1, and both kiosks are on.
    void meetAda() {
        one_->plugIn();
        two_->plugIn();
        sayYesAtOne();
        ASSERT_TRUE(comesToKnow(*two_, isAllYes));
        ASSERT_TRUE(waitUntil([&] { return site_.figure("visits") == 1; }));
        page_ = "/r/" + one_->recall(kToken).entry->receipt->hex();
    }
    std::string withdraw(const std::string& form) {
        return browse({page_ + "/withdraw", "--data", form});
    }
    static void expectNothingLeft(BoothKiosk& kiosk) {
        kiosk.tap(kToken);
        EXPECT_EQ(kiosk.view().screen, Screen::Recorded);
        EXPECT_THAT(kiosk.view().recorded, Each(Answer::No));
        EXPECT_TRUE(kiosk.view().contact.email.empty());
    }

    std::string page_;
};

TEST_F(Phone, TakesEverythingBackAndBothKiosksSaySoAtTheNextTap) {
    meetAda();
    const std::size_t rows = exportedRows();
    ASSERT_EQ(rows, site_.event().asks.size());

    EXPECT_THAT(browse({page_}), HasSubstr("<form method=\"post\""));
    EXPECT_THAT(browse({page_ + "/withdraw?all=yes"}), HasSubstr("<form method=\"post\""));
    EXPECT_EQ(exportedRows(), rows) << "who only looks takes nothing back";
    const std::string done = withdraw("all=yes");

    EXPECT_EQ(exportedRows(), 0U);
    EXPECT_THAT(done, Not(HasSubstr("ada@")));
    EXPECT_THAT(browse({page_}), Not(HasSubstr("<form method=\"post\"")));
    ASSERT_TRUE(comesToKnow(*two_, isAllTakenBack));
    ASSERT_TRUE(comesToKnow(*one_, isAllTakenBack)) << "where the yes was recorded";
    expectNothingLeft(*one_);
    expectNothingLeft(*two_);

    const auto records = site_.figure("records");
    (void)withdraw("all=yes");
    EXPECT_EQ(site_.figure("records"), records) << "nothing is written again";
    EXPECT_EQ(site_.figure("quarantined"), 0);
    EXPECT_THAT(site_.command({"status"}).out, Not(HasSubstr("hub-link"))) << "it is no kiosk";
}

TEST_F(Phone, AFreshYesAtAnyKioskAfterwardsCounts) {
    meetAda();
    (void)withdraw("all=yes");
    ASSERT_TRUE(comesToKnow(*two_, isAllTakenBack));
    two_->tap(kToken, kAda);
    two_->press(visit::ChangeMine{});
    while (two_->view().screen == Screen::Question) {
        two_->press(visit::GiveAnswer{Answer::Yes});
    }
    ASSERT_EQ(two_->view().screen, Screen::Summary);
    two_->press(visit::Confirm{});
    ASSERT_EQ(two_->view().screen, Screen::Saved);

    ASSERT_TRUE(comesToKnow(*one_, isAllYes));
    EXPECT_TRUE(waitUntil([&] { return exportedRows() == site_.event().asks.size(); }));
}

TEST_F(Phone, WhatAHubTookStandsAfterItWasKilled) {
    meetAda();
    two_->unplug();
    (void)withdraw("all=yes");

    site_.killHub();
    site_.startHub();

    EXPECT_EQ(exportedRows(), 0U);
    two_->plugIn();
    EXPECT_TRUE(comesToKnow(*two_, isAllTakenBack));
}

TEST_F(Phone, WhatWasTakenBackIsKeptWhereTheSettingsSay) {
    const std::filesystem::path elsewhere = site_.path("another-disk");
    std::filesystem::create_directory(elsewhere);
    site_.killHub();
    const std::filesystem::path settings = site_.path("hub.toml");
    support::writeFile(settings,
                       "withdrawals = \"another-disk/taken\"\n" + support::readFile(settings));
    site_.startHub();
    meetAda();
    const std::string backup = site_.path("backup.db").string();
    ASSERT_EQ(site_.command({"backup", "--out", backup}).status, 0);

    (void)withdraw("all=yes");

    EXPECT_THAT(support::readFile(elsewhere / "taken"), Not(IsEmpty()));
    EXPECT_THAT(support::readFile(site_.path("hub") / "withdrawals"), IsEmpty());
    site_.killHub();
    // The disk with the data folder is lost.
    std::filesystem::remove_all(site_.path("hub"));
    const auto restored = site_.command({"restore", backup});
    ASSERT_EQ(restored.status, 0) << restored.err;
    site_.startHub();
    EXPECT_EQ(exportedRows(), 0U);
}

TEST_F(Phone, ARestoredHubKnowsWhatWasTakenBackAfterTheBackup) {
    meetAda();
    const std::string backup = site_.path("backup.db").string();
    ASSERT_EQ(site_.command({"backup", "--out", backup}).status, 0);
    (void)withdraw("all=yes");
    ASSERT_EQ(exportedRows(), 0U);

    site_.killHub();
    const auto restored = site_.command({"restore", backup});
    ASSERT_EQ(restored.status, 0) << restored.err;
    site_.startHub();

    EXPECT_EQ(exportedRows(), 0U);
    EXPECT_TRUE(comesToKnow(*two_, isAllTakenBack));
    EXPECT_EQ(site_.figure("quarantined"), 0);
}

}  // namespace
}  // namespace tapport::journey
