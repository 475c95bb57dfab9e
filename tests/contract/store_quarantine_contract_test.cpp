// SPDX-License-Identifier: GPL-3.0-or-later
// What is in the quarantine, and how it gets out: tried again, or given up.
#include "tests/contract/store_contract.h"

namespace tapport::hub {
namespace {

using namespace samples;
using testing::ElementsAre;
using testing::IsEmpty;

const Discard kDiscard{kNow, "local user kim", "a tester's card"};

TEST_P(StoreContract, GivesAnEntryWithItsBytes) {
    takeUnsigned({1, 2, 3});
    quarantine(1, 7);

    const auto unit = store_->findQuarantined(newestQuarantined().number).value();
    const auto message = store_->findQuarantined(store_->quarantine({}, 2)->at(1).number).value();

    EXPECT_EQ(unit->entry.unit, recordId(1000));
    EXPECT_EQ(unit->payload, (Bytes{4, 5, 6, 7}));
    EXPECT_EQ(message->entry.unit, std::nullopt);
    EXPECT_EQ(message->entry.topic, "tapport/1/up/00/kiosk-1");
    EXPECT_EQ(message->payload, (Bytes{1, 2, 3}));
    EXPECT_EQ(store_->findQuarantined(99).value().has_value(), false);
}

TEST_P(StoreContract, AUnitThatIsTriedAgainWaitsAndIsNoEntryAnyMore) {
    quarantine(1, 7);
    quarantine(2, 8);
    const std::int64_t second = newestQuarantined().number;

    ASSERT_TRUE(store_->retryUnit(second));

    EXPECT_EQ(store_->waiting(Whose::Own, 10)->at(0).id, recordId(2000));
    EXPECT_EQ(counts().waiting, 1U);
    EXPECT_EQ(counts().quarantined, 1U);
    EXPECT_EQ(store_->retryUnit(second).error().code, Code::Conflict);
}

TEST_P(StoreContract, WhatIsWithheldWaitsInQuarantineUntilItArrivesOtherwise) {
    Parcels fromDisk;
    fromDisk.add(1).add(2, {5, 5});
    for (Arrival& arrival : fromDisk.intake().arrivals) {
        arrival.withheld = Withheld{Reason::Recovered, subject(7)};
    }
    EXPECT_THAT(take(fromDisk.intake()), ElementsAre(Verdict::Stored, Verdict::Stored));
    EXPECT_THAT(take(fromDisk.intake()), ElementsAre(Verdict::Duplicate, Verdict::Duplicate));
    EXPECT_EQ(counts().quarantined, 2U);
    EXPECT_EQ(counts().waiting, 0U);
    EXPECT_EQ(newestQuarantined().reason, Reason::Recovered);
    EXPECT_EQ(newestQuarantined().times, 1U);
    EXPECT_THAT(store_->openedThrough().value(), IsEmpty());
    EXPECT_EQ(store_->sentThrough({kKiosk, epoch()}), 0U);

    EXPECT_THAT(take(Parcels().add(1).intake()), ElementsAre(Verdict::Duplicate));

    EXPECT_EQ(store_->waiting(Whose::Own, 10)->at(0).id, recordId(1000));
    EXPECT_EQ(counts().quarantined, 1U);
    EXPECT_EQ(newestQuarantined().unit, recordId(2000));
    EXPECT_EQ(store_->sentThrough({kKiosk, epoch()}), 1U);
}

TEST_P(StoreContract, WhatWasHereIsNotWithheldAnyMore) {
    takeAndFile(visit(1, 7));
    Parcels fromDisk;
    fromDisk.add(visit(1, 7).unit.id, visit(1, 7).position, {1, 2, 3});
    fromDisk.intake().arrivals[0].withheld = Withheld{};

    EXPECT_THAT(take(fromDisk.intake()), ElementsAre(Verdict::Duplicate));

    EXPECT_EQ(counts().quarantined, 0U);
    EXPECT_EQ(store_->dossier(subject(7))->consents.size(), 1U);
}

TEST_P(StoreContract, AMessageIsNoUnit) {
    takeUnsigned({1, 2, 3});

    EXPECT_EQ(store_->retryUnit(newestQuarantined().number).error().code, Code::Conflict);
    EXPECT_EQ(counts().quarantined, 1U);
}

TEST_P(StoreContract, AMessageLeavesItUnlessItCameBack) {
    takeUnsigned({1, 2, 3});
    takeUnsigned({4, 5, 6});
    const auto before = store_->quarantine({}, 2).value();
    takeUnsigned({4, 5, 6});

    EXPECT_EQ(store_->settleQuarantined(before[0]), false);
    EXPECT_EQ(store_->settleQuarantined(before[1]), true);

    EXPECT_EQ(counts().quarantined, 1U);
    EXPECT_EQ(newestQuarantined().number, before[0].number);
}

TEST_P(StoreContract, WhatIsDiscardedStaysWithWhoWhenAndWhyButWithoutItsBytes) {
    quarantine(1, 7);
    const std::int64_t number = newestQuarantined().number;

    ASSERT_TRUE(store_->discardQuarantined(number, kDiscard));

    const auto found = store_->findQuarantined(number).value();
    ASSERT_TRUE(found && found->entry.discarded);
    EXPECT_EQ(found->entry.discarded->at, kNow);
    EXPECT_EQ(found->entry.discarded->by, "local user kim");
    EXPECT_EQ(found->entry.discarded->why, "a tester's card");
    EXPECT_THAT(found->payload, IsEmpty());
    EXPECT_EQ(counts().quarantined, 0U);
    EXPECT_EQ(counts().discarded, 1U);
    EXPECT_EQ(store_->hasQuarantined(), false);
    EXPECT_EQ(store_->discardQuarantined(number, kDiscard).error().code, Code::Conflict);
    EXPECT_EQ(store_->discardQuarantined(99, kDiscard).error().code, Code::NotFound);
}

TEST_P(StoreContract, WhatIsDiscardedDoesNotComeBack) {
    quarantine(1, 7);
    takeUnsigned({1, 2, 3});
    const auto entries = store_->quarantine({}, 2).value();
    for (const QuarantineEntry& entry : entries) {
        ASSERT_TRUE(store_->discardQuarantined(entry.number, kDiscard));
    }

    ASSERT_TRUE(store_->retryNotProven());
    EXPECT_EQ(store_->retryUnit(entries[1].number).error().code, Code::Conflict);
    EXPECT_EQ(store_->settleQuarantined(entries[0]), false);
    takeUnsigned({1, 2, 3});

    EXPECT_THAT(take(Parcels().add(1, {4, 5, 6, 7}).intake()), ElementsAre(Verdict::Duplicate));
    EXPECT_EQ(counts().waiting, 0U);
    EXPECT_EQ(counts().quarantined, 0U);
    EXPECT_EQ(counts().discarded, 2U);
}

TEST_P(StoreContract, AnErasureLeavesTheTraceOfADiscard) {
    quarantine(1, 7);
    const std::int64_t number = newestQuarantined().number;
    ASSERT_TRUE(store_->discardQuarantined(number, kDiscard));

    takeAndFile(erasure(2, 7, {}));

    EXPECT_TRUE(store_->findQuarantined(number).value().has_value());
}

TEST_P(StoreContract, SaysHowMuchTheQuarantineTakesOfEachTopic) {
    EXPECT_TRUE(store_->quarantinedBytes()->empty());
    takeUnsigned(Bytes(100, 1));
    takeUnsigned(Bytes(100, 1));
    takeUnsigned(Bytes(1000, 2));
    Intake intake;
    const Bytes other(50, 3);
    intake.suspects.push_back({"nobody's", other, Reason::Unreadable, "no message"});
    take(intake);
    const std::map<std::string, std::uint64_t> expected{
        {"nobody's", 50 + kQuarantineEntry},
        {"tapport/1/up/00/kiosk-1", 1100 + 2 * kQuarantineEntry}};
    EXPECT_EQ(store_->quarantinedBytes(), expected);

    ASSERT_TRUE(store_->discardQuarantined(newestQuarantined().number, {kNow, "test", "no use"}));

    EXPECT_EQ(store_->quarantinedBytes()->size(), 1U);
}

}  // namespace
}  // namespace tapport::hub
