// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/tell_desk.h"

#include "sync/hub/store/sqlite_store.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/samples.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;
using testing::HasSubstr;

const record::KioskId kOther{"kiosk-2"};
const record::KioskId kAll{};

class TellDeskTest : public testing::Test {
  protected:
    TellDeskTest() {
        Intake hellos;
        hellos.announcements = {{{kKiosk, epoch()}, 0}, {{kOther, epoch(2)}, 0}};
        EXPECT_TRUE(store_->take(hellos, kNow));
    }
    /// What a kiosk has that has been told everything: whether the event is over.
    bool isOverAt(const record::KioskId& kiosk) {
        const DownPage page = store_->downPage(kiosk, {}).value();
        return std::any_of(page.items.begin(), page.items.end(), [](const wire::DownItem& item) {
            return textOf(item.key) == wire::kEndOfEvent && item.payload;
        });
    }
    void hears(const record::KioskId& kiosk, std::uint64_t version) {
        teller_.heard({{{kiosk, {store_->hubEpoch(), {version, 0}}}}});
    }

    support::TempDir dir_;
    std::unique_ptr<Store> store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
    event::Event event_;
    Teller teller_{*store_, kScope.event, store_->hubEpoch(),
                   [](ByteView) { return record::Signature{}; },
                   [] { return std::vector<record::KioskId>{}; }};
    PresenceBoard presence_;
    TellDesk desk_{{*store_, event_, teller_, &presence_}, [](const auto& work) { work(); }};
};

TEST_F(TellDeskTest, TheEndOfOneKioskIsTakenBackAndToldAgain) {
    ASSERT_TRUE(desk_.endEvent(kKiosk));
    ASSERT_TRUE(isOverAt(kKiosk));
    EXPECT_FALSE(isOverAt(kOther));

    const auto cancelled = desk_.cancelEnd(kKiosk);

    ASSERT_TRUE(cancelled);
    EXPECT_FALSE(isOverAt(kKiosk));
    EXPECT_FALSE(desk_.isTold(kKiosk, cancelled->version));
    hears(kKiosk, cancelled->version);
    EXPECT_TRUE(desk_.isTold(kKiosk, cancelled->version));
    EXPECT_EQ(desk_.cancelEnd(kKiosk).error().code, Code::NotFound);
    ASSERT_TRUE(desk_.endEvent(kKiosk));
    EXPECT_TRUE(isOverAt(kKiosk));
}

TEST_F(TellDeskTest, NothingIsOverAtAKioskThatWasNeverHeard) {
    EXPECT_EQ(desk_.endEvent({"kiosk-77"}).error().code, Code::NotFound);
}

TEST_F(TellDeskTest, WhatWasToldToAllIsNotTakenBackFromOne) {
    ASSERT_TRUE(desk_.endEvent(kAll));
    ASSERT_TRUE(desk_.endEvent(kKiosk));

    const auto refused = desk_.cancelEnd(kKiosk);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::Conflict);
    EXPECT_THAT(refused.error().context, HasSubstr("--all"));
    ASSERT_TRUE(desk_.cancelEnd(kAll));
    EXPECT_FALSE(isOverAt(kKiosk)) << "what this one was told is taken back as well";
    EXPECT_FALSE(isOverAt(kOther));
    EXPECT_EQ(desk_.cancelEnd(kAll).error().code, Code::NotFound);
}

TEST_F(TellDeskTest, AKioskThatHasDoneItCannotGoOn) {
    ASSERT_TRUE(desk_.endEvent(kAll));
    ASSERT_TRUE(TellDesk::noteEnded(*store_, {{kKiosk}}, kNow));

    ASSERT_TRUE(desk_.cancelEnd(kAll));

    EXPECT_TRUE(isOverAt(kKiosk));
    EXPECT_FALSE(isOverAt(kOther));
    for (const auto& refused : {desk_.cancelEnd(kKiosk).map([](auto) {}), desk_.endEvent(kKiosk)}) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Code::Conflict);
        EXPECT_THAT(refused.error().context,
                    HasSubstr("has destroyed its keys and data at " + record::isoText(kNow)));
    }
    ASSERT_TRUE(TellDesk::noteEnded(*store_, {{kKiosk}}, kNow + std::chrono::hours(1)));
    EXPECT_THAT(desk_.endEvent(kKiosk).error().context, HasSubstr(record::isoText(kNow)))
        << "the first time counts";
}

/// Another worker's note that kiosk-1 is done comes when this one is about to tell it something
/// else.
class TellDeskBesideAnother : public testing::Test {
  protected:
    TellDeskBesideAnother() {
        {
            const auto store = open();
            Intake hellos;
            hellos.announcements = {{{kKiosk, epoch()}, 0}, {{kOther, epoch(2)}, 0}};
            EXPECT_TRUE(store->take(hellos, kNow));
            TellDesk desk({*store, event_, teller_, nullptr}, [](const auto& work) { work(); });
            EXPECT_TRUE(desk.endEvent(kKiosk));
            EXPECT_TRUE(desk.endEvent(kOther));
        }
        SQLite::Database(dir_ / "hub.db", SQLite::OPEN_READWRITE)
            .exec(
                "CREATE TRIGGER another BEFORE UPDATE OF down_version ON hub BEGIN UPDATE "
                "down_item SET fingerprint = CAST('2026-06-09T09:00:00Z' AS BLOB) WHERE kiosk = "
                "'kiosk-1'; END");
        store_ = open();
    }
    std::unique_ptr<Store> open() { return openSqliteStore(dir_ / "hub.db", kScope, kKey).value(); }

    support::TempDir dir_;
    event::Event event_;
    std::unique_ptr<Store> store_;
    Teller teller_{*store_,
                   kScope.event,
                   {},
                   [](ByteView) { return record::Signature{}; },
                   [] { return std::vector<record::KioskId>{}; }};
};

TEST_F(TellDeskBesideAnother, NothingIsOnItsWayToAKioskThatIsDoneMeanwhile) {
    TellDesk desk({*store_, event_, teller_, nullptr}, [](const auto& work) { work(); });

    const auto cancelled = desk.cancelEnd(kKiosk);

    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().code, Code::Conflict);
    EXPECT_THAT(cancelled.error().context,
                HasSubstr("has destroyed its keys and data at 2026-06-09T09:00:00Z"));
}

TEST_F(TellDeskBesideAnother, TheOthersGoOn) {
    TellDesk desk({*store_, event_, teller_, nullptr}, [](const auto& work) { work(); });

    EXPECT_TRUE(desk.cancelEnd(kAll));

    const auto ends = TellDesk::ends(*store_, store_->kiosks().value()).value();
    EXPECT_TRUE(ends.at(kKiosk).ended);
    EXPECT_FALSE(ends.contains(kOther) && ends.at(kOther).isOver);
    EXPECT_EQ(desk.cancelEnd(kAll).error().code, Code::NotFound);
}

TEST_F(TellDeskBesideAnother, IsNotToldOnceMoreThatTheEventIsOver) {
    TellDesk desk({*store_, event_, teller_, nullptr}, [](const auto& work) { work(); });

    EXPECT_EQ(desk.endEvent(kKiosk).error().code, Code::Conflict);
}

TEST_F(TellDeskTest, ARevocationNamesTheCertificateAndSaysWhetherItCanArrive) {
    const auto certificate = *identity::Fingerprint::from(Bytes(32, 0xCE));

    const auto away = desk_.revoke(kKiosk, certificate);
    presence_.heard(kKiosk, presence_.moment(), kNow);
    const auto connected = desk_.revoke(kKiosk, certificate);

    EXPECT_FALSE(away->isConnected);
    EXPECT_TRUE(connected->isConnected);
    const DownPage page = store_->downPage(kKiosk, {}).value();
    ASSERT_EQ(page.items.size(), 1U);
    EXPECT_EQ(textOf(page.items[0].key), wire::kRevoked);
    EXPECT_EQ(page.items[0].payload, Bytes(32, 0xCE));
    EXPECT_TRUE(store_->downPage(kOther, {})->items.empty());
}

}  // namespace
}  // namespace tapport::hub
