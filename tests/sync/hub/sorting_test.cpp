// SPDX-License-Identifier: GPL-3.0-or-later
// Behind the acknowledgement: from batches that were kept to records with places of their own.
#include "sync/hub/store/sqlite_store.h"
#include "tests/support/temp_dir.h"
#include "tests/sync/hub/batches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace batches;
using namespace samples;
using record::SeqRange;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SortingTest : public testing::Test {
  protected:
    void take(const Message& message) { ASSERT_TRUE(ingest_.take({message}, kNow)); }
    /// Its answer to a hello.
    wire::Ack ask(std::uint64_t last) {
        const auto taken = ingest_.take({message(hello(last))}, kNow);
        return wire::decodeAck(taken.value().answers.at(0).payload).value().message;
    }
    std::size_t kept() { return store_->parcels(Whose::Own, SIZE_MAX).value().size(); }
    std::uint64_t units() { return store_->counts()->units; }
    void open() { store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value(); }

    support::TempDir dir_;
    std::unique_ptr<Store> store_ = openSqliteStore(dir_ / "hub.db", kScope, kKey).value();
    Ingest ingest_{*store_, kScope.event, signatures()};
    Sorting& sorting_ = ingest_.sorting();
};

TEST_F(SortingTest, ABatchIsKeptBeforeItIsSorted) {
    take(message(batchOf({1, 2})));
    EXPECT_EQ(kept(), 1U);
    EXPECT_EQ(units(), 0U);

    const auto first = sorting_.step(Whose::Own).value();
    const auto second = sorting_.step(Whose::Own).value();

    EXPECT_GT(first, 0);
    EXPECT_EQ(second, 0) << "nothing is left";
    EXPECT_EQ(kept(), 0U);
    EXPECT_EQ(units(), 2U);
}

TEST_F(SortingTest, WhatIsKeptSurvivesTheProcess) {
    take(message(batchOf({1, 2})));
    store_.reset();
    open();
    Sorting sorting(*store_);

    EXPECT_TRUE(sorting.all(Whose::Own));

    EXPECT_THAT(sorting.takeAlarms(), IsEmpty());
    EXPECT_EQ(units(), 2U);
    EXPECT_THAT(store_->held({kKiosk, epoch()})->received().view(), ElementsAre(SeqRange{1, 2}));
}

TEST_F(SortingTest, AHelloIsAnsweredWithAllThatWasAcknowledged) {
    take(message(batchOf({1, 2})));
    take(message(batchOf({3})));

    const wire::Ack ack = ask(5);

    EXPECT_THAT(ack.received.view(), ElementsAre(SeqRange{1, 3}));
    EXPECT_EQ(ack.prefix.seq, 3U);
    EXPECT_EQ(kept(), 0U);
}

TEST_F(SortingTest, StepsAreBoundedAndInTheOrderOfArrival) {
    const Bytes large(Sorting::kBytesAStep / 2, 7);
    for (std::uint64_t seq = 1; seq <= 3; ++seq) {
        take(message(batchOf({seq}, large)));
    }

    ASSERT_TRUE(sorting_.step(Whose::Own));

    EXPECT_EQ(kept(), 2U);
    EXPECT_THAT(store_->held({kKiosk, epoch()})->received().view(), ElementsAre(SeqRange{1, 1}));
}

TEST_F(SortingTest, TheKioskWasHeardWhenItsBatchCameNotWhenItIsSorted) {
    take(message(batchOf({1})));
    const auto later = kNow + std::chrono::hours(1);
    ASSERT_TRUE(ingest_.take({message(hello(4))}, later));
    take(message(batchOf({2})));

    ASSERT_TRUE(sorting_.all(Whose::Own));

    EXPECT_EQ(store_->kiosks()->at(0).announcedLast, 4U);
    EXPECT_EQ(store_->kiosks()->at(0).heardAt, kNow);
}

TEST_F(SortingTest, ABatchOfAnotherFormatIsQuarantinedAndHoldsUpNothing) {
    Intake intake;
    const Bytes older{1, 2, 3};
    intake.parcels.push_back({kKiosk, older});
    ASSERT_TRUE(store_->take(intake, kNow));
    take(message(batchOf({1})));

    EXPECT_TRUE(sorting_.all(Whose::Own));

    EXPECT_THAT(sorting_.takeAlarms(), SizeIs(1));

    EXPECT_EQ(units(), 1U);
    ASSERT_THAT(store_->quarantine({}, 10).value(), SizeIs(1));
    EXPECT_EQ(store_->quarantine({}, 10)->at(0).reason, Reason::Unreadable);
    EXPECT_EQ(kept(), 0U);
}

TEST_F(SortingTest, OneThatSomebodyElseSortedIsNotSortedAgain) {
    take(message(batchOf({1})));
    Intake intake;
    intake.sorted.push_back(store_->parcels(Whose::Own, 1)->at(0).number);
    ASSERT_TRUE(store_->take(intake, kNow));

    const auto again = store_->take(intake, kNow);

    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Code::Busy);
}

TEST_F(SortingTest, AHelloHasItsKiosksBatchesSortedOnly) {
    wire::Batch others = batchOf({2});
    others.kiosk = record::KioskId{"kiosk-2"};
    take({wire::upTopic(others.kiosk), message(others).payload});
    take(message(batchOf({1})));

    EXPECT_EQ(ask(1).prefix.seq, 1U);

    const auto left = store_->parcels(Whose::Own, SIZE_MAX).value();
    ASSERT_THAT(left, SizeIs(1));
    EXPECT_EQ(left.front().kiosk, others.kiosk);
}

TEST_F(SortingTest, ManyRecordsOfAnotherCopyAreOneLine) {
    take(message(batchOf({1, 2, 3, 4})));
    wire::Batch copys = batchOf({1, 2, 3, 4});
    for (wire::BatchUnit& unit : copys.runs.front().units) {
        unit.id.bytes.back() ^= 1;
    }
    take(message(copys));

    ASSERT_TRUE(sorting_.all(Whose::Own));

    EXPECT_THAT(sorting_.takeAlarms(), ElementsAre(HasSubstr("4 of kiosk-1/")));
    EXPECT_THAT(sorting_.takeAlarms(), IsEmpty());
}

TEST_F(SortingTest, WithTooMuchUnsortedThereIsRoomBeforeABatchIsKept) {
    take(message(batchOf({1})));
    take(message(batchOf({2})));
    sorting_.kept(Sorting::kMostUnsorted);

    take(message(batchOf({3})));

    EXPECT_EQ(kept(), 1U) << "the third";
    ASSERT_TRUE(sorting_.all(Whose::Own));
    take(message(batchOf({4})));
    take(message(batchOf({5})));
    EXPECT_EQ(kept(), 2U) << "once there is room again, behind it";
}

}  // namespace
}  // namespace tapport::hub
