// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/retention.h"

#include "sync/hub/store/sqlite_store.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/example_answers.h"

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;
using namespace std::chrono_literals;
using record::Channel;
using record::ConsentState;

class RetentionTest : public testing::Test {
  protected:
    /// A visit with a yes to the newsletter that ends after `validity`.
    void visitOf(std::uint8_t who, record::Millis validity, ProofState proof = ProofState::Proven) {
        record::PositionedUnit unit =
            visitFor(event_, who, who, {{"newsletter", Channel::Email, ConsentState::Given}});
        unit.unit.consents[0].validUntil = kNow + validity;
        Parcels parcels;
        parcels.add(unit.unit.id, unit.position, {1, 2, 3});
        ASSERT_TRUE(store_->take(parcels.intake(), kNow));
        const std::vector<Opened> opened{{unit.unit.id, Content{unit.unit, unit.proof, proof}}};
        ASSERT_TRUE(store_->file(opened, kNow));
    }
    void roundAt(const record::ClockReading& clock) {
        for (;;) {
            const auto hasMore = retention_.step(clock);
            ASSERT_TRUE(hasMore);
            if (!*hasMore) {
                return;
            }
        }
    }
    bool isKept(std::uint8_t who) { return !store_->dossier(subject(who))->contacts.empty(); }
    static record::ClockReading later(record::Millis time) {
        record::ClockReading clock = clockAt(kNow + time);
        clock.monotonic += time;
        return clock;
    }

    support::TempDir dir_;
    std::unique_ptr<Store> store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
    event::Event event_ = exampleEvent();
    Retention retention_{*store_, event_};
};

TEST_F(RetentionTest, DestroysWhatEndedAndNothingElse) {
    visitOf(1, 24h);
    visitOf(2, 240h);

    roundAt(later(48h));

    EXPECT_FALSE(isKept(1));
    EXPECT_TRUE(isKept(2));
    EXPECT_EQ(store_->dossier(subject(1))->consents.size(), 1U) << "the proof stays";
}

TEST_F(RetentionTest, LooksOnceADayAndWhenAsked) {
    visitOf(1, 24h);
    roundAt(later(20h));
    roundAt(later(30h));
    EXPECT_TRUE(isKept(1)) << "the next round is not due";

    roundAt(later(44h));
    EXPECT_FALSE(isKept(1));

    visitOf(2, 24h);
    retention_.beDue();
    roundAt(later(45h));
    EXPECT_FALSE(isKept(2));
}

TEST_F(RetentionTest, AClockThatMayBeWrongDestroysNothing) {
    visitOf(1, 24h);
    record::ClockReading unset = later(48h);
    unset.quality = record::ClockQuality::Unset;

    roundAt(unset);
    retention_.beDue();
    roundAt(later(87600h));

    EXPECT_TRUE(isKept(1));
}

TEST_F(RetentionTest, WrongKeysOrAnotherEventFileDestroyNothing) {
    visitOf(1, 240h, ProofState::NotProven);
    visitOf(2, 240h, ProofState::OtherEdition);
    visitOf(3, 240h);
    for (event::Ask& ask : event_.asks) {
        ask.noticeVersion += 1;
    }

    roundAt(later(48h));

    EXPECT_TRUE(isKept(1));
    EXPECT_TRUE(isKept(2));
    EXPECT_TRUE(isKept(3));
}

TEST_F(RetentionTest, WhatCouldNotBeDestroyedIsTriedAgainInTheSameRound) {
    // As on a full disk, until there is room: nothing can be deleted before a first watermark.
    store_.reset();
    SQLite::Database((dir_ / "hub.db").string(), SQLite::OPEN_READWRITE)
        .exec(
            "CREATE TRIGGER full BEFORE DELETE ON contact WHEN NOT EXISTS (SELECT 1 FROM "
            "watermark) BEGIN SELECT RAISE(ABORT, 'full'); END");
    store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
    Retention retention(*store_, event_);
    constexpr std::uint8_t kMoreThanAPiece = 250;
    for (std::uint8_t who = 1; who < kMoreThanAPiece; ++who) {
        visitOf(who, 24h);
    }
    ASSERT_FALSE(retention.step(later(48h)));
    ASSERT_TRUE(store_->setWatermarks(std::vector{Watermark{{kKiosk, epoch()}, 1}}, kNow));

    EXPECT_TRUE(retention.step(later(48h)).value()) << "the same piece, and one more is left";
    EXPECT_FALSE(retention.step(later(48h)).value());

    EXPECT_FALSE(isKept(1));
    EXPECT_FALSE(isKept(kMoreThanAPiece - 1));
}

}  // namespace
}  // namespace tapport::hub
