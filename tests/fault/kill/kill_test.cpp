// SPDX-License-Identifier: GPL-3.0-or-later
// SIGKILL of kiosk, hub and broker around the confirmation, on the real programs: what a screen
// confirmed arrives once, what it did not confirm is there wholly or not at all.
#include "tests/journey/boothday/booth.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

namespace tapport::boothday {
namespace {

class KillAroundTheConfirmation : public testing::Test {
  protected:
    /// Taps in and goes to the one press that makes a record: a "none" is a single press.
    void arriveAtTheAnswer(std::size_t visitor) {
        booth_.placeBadge(sampleAttendee(visitor));
        booth_.screens().waitFor({"Purposes"});
        booth_.removeBadge();
    }
    /// Whether the kiosk remembers this badge: its records and this memory are one transaction.
    bool isRemembered(std::size_t visitor) {
        booth_.placeBadge(sampleAttendee(visitor));
        const std::string screen = booth_.screens().waitFor({"Purposes", "Recorded"});
        booth_.removeBadge();
        booth_.screens().press(screen == "Recorded" ? "done" : "back");
        booth_.screens().waitFor({"Idle"});
        return screen == "Recorded";
    }
    void expectInHub(std::int64_t records) {
        const HubCounts counts = booth_.waitForRecords(records);
        EXPECT_EQ(counts.records, records);
        EXPECT_EQ(counts.unopened, 0);
        EXPECT_EQ(counts.quarantined, 0);
        // Nor does another one follow.
        EXPECT_EQ(booth_.kiosk().terminate(), 0);
        const SQLite::Database db(dir_ / "kiosk" / "kiosk.db", SQLite::OPEN_READWRITE);
        SQLite::Statement made(db, "SELECT max(number) FROM outbox");
        ASSERT_TRUE(made.executeStep());
        EXPECT_EQ(made.getColumn(0).getInt64(), records);
        EXPECT_EQ(booth_.hubCounts().records, records);
    }

    support::TempDir dir_;
    Booth booth_{dir_.path(), KioskWindow::Offscreen};
};

TEST_F(KillAroundTheConfirmation, KioskAfterTheConfirmationKeepsTheRecord) {
    for (std::size_t visitor = 1; visitor <= 3; ++visitor) {
        arriveAtTheAnswer(visitor);
        booth_.screens().press("none");
        booth_.screens().waitFor({"NoThanks"});

        booth_.killAndRestartKiosk();

        EXPECT_TRUE(isRemembered(visitor));
    }
    expectInHub(3);
}

TEST_F(KillAroundTheConfirmation, KioskAtAnyMomentLeavesAllOfAVisitOrNothing) {
    std::int64_t remembered = 0;
    for (std::size_t visitor = 1; visitor <= 6; ++visitor) {
        arriveAtTheAnswer(visitor);
        booth_.screens().press("none");
        // Moments from "before the write" to "long after it".
        (void)support::waitUntil([] { return false; },
                                 std::chrono::milliseconds(3 * (visitor - 1)));

        booth_.killAndRestartKiosk();

        remembered += isRemembered(visitor) ? 1 : 0;
    }
    expectInHub(remembered);
}

TEST_F(KillAroundTheConfirmation, HubLosesNothingAndTakesNothingTwice) {
    for (std::size_t visitor = 1; visitor <= 4; ++visitor) {
        arriveAtTheAnswer(visitor);
        booth_.screens().press("none");
        booth_.screens().waitFor({"NoThanks"});

        booth_.killAndRestartHub();

        booth_.screens().press("done");
        booth_.screens().waitFor({"Idle"});
    }
    expectInHub(4);
}

TEST_F(KillAroundTheConfirmation, BrokerLosesNothingAndBringsNothingTwice) {
    for (std::size_t visitor = 1; visitor <= 4; ++visitor) {
        arriveAtTheAnswer(visitor);
        booth_.screens().press("none");
        booth_.screens().waitFor({"NoThanks"});

        booth_.killAndRestartBroker();

        booth_.screens().press("done");
        booth_.screens().waitFor({"Idle"});
    }
    expectInHub(4);
}

}  // namespace
}  // namespace tapport::boothday
