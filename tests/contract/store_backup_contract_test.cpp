// SPDX-License-Identifier: GPL-3.0-or-later
// What a backup lets kiosks drop.
#include "tests/contract/store_contract.h"

namespace tapport::hub {
namespace {

using namespace samples;
using testing::ElementsAre;
using testing::IsEmpty;

const Sequence kSequence{kKiosk, epoch()};

TEST_P(StoreContract, OpenedThroughEndsBeforeTheFirstThatIsMissingOrSealed) {
    EXPECT_THAT(store_->openedThrough().value(), IsEmpty());
    takeAndFile(visit(1, 7));
    takeAndFile(visit(2, 8));
    takeAndFile(visit(4, 9));
    EXPECT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 2}));

    take(Parcels().add(3).intake());
    EXPECT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 2}))
        << "3 is here, but sealed";
    file(visit(3, 7));

    EXPECT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 4}));
}

TEST_P(StoreContract, OpenedThroughEndsBeforeARecordInQuarantineUntilItIsDiscarded) {
    takeAndFile(visit(1, 7));
    quarantine(2, 8);
    takeAndFile(visit(3, 9));
    EXPECT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 1}));

    ASSERT_TRUE(store_->discardQuarantined(newestQuarantined().number, {kNow, "kim", "a test"}));

    EXPECT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 3}));
}

TEST_P(StoreContract, ARecordUnderAnothersIdHoldsTheWatermarkUntilItIsDiscarded) {
    takeAndFile(visit(1, 7));
    Parcels second;
    second.add(recordId(1000), {kKiosk, epoch(), 2}, {6, 6, 6});  // the id of the first
    EXPECT_THAT(take(second.intake()), ElementsAre(Verdict::Conflict));
    takeAndFile(visit(3, 9));
    EXPECT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 1}));
    EXPECT_TRUE(store_->held(kSequence)->holds(Hold::Quarantined, 2));

    ASSERT_TRUE(store_->discardQuarantined(newestQuarantined().number, {kNow, "kim", "a test"}));

    EXPECT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 3}));
    EXPECT_TRUE(store_->held(kSequence)->quarantined().empty())
        << "the kiosk learns that it need not keep it";
    EXPECT_EQ(store_->held(kSequence)->prefix().seq, 3U);
    // Sent once more, and more recorded: it stays given up, also in a file that is opened again.
    EXPECT_THAT(take(second.intake()), ElementsAre(Verdict::Conflict));
    takeAndFile(visit(4, 7));
    reopen();
    EXPECT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 4}));
}

TEST_P(StoreContract, APositionThatTwoEntriesNameIsGivenUpWithTheLast) {
    takeAndFile(visit(1, 7));
    std::vector<std::int64_t> numbers;
    for (const std::uint8_t other : {6, 7}) {
        Parcels second;
        second.add(recordId(1000), {kKiosk, epoch(), 2}, {other});
        take(second.intake());
        numbers.push_back(newestQuarantined().number);
    }

    ASSERT_TRUE(store_->discardQuarantined(numbers[0], {kNow, "kim", "a test"}));
    EXPECT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 1}));
    ASSERT_TRUE(store_->discardQuarantined(numbers[1], {kNow, "kim", "a test"}));

    EXPECT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 2}));
}

TEST_P(StoreContract, AWholeMessageInQuarantineHoldsTheWatermarkUntilItIsDiscarded) {
    const Bytes payload{9, 9, 9};
    takeAndFile(visit(1, 7));
    Intake intake;
    Suspect suspect{"tapport/1/up/26/kiosk-1", payload, Reason::WrongEvent, "for another event"};
    suspect.sequence = kSequence;
    suspect.links = {{2, chain(1), chain(2)}, {3, chain(2), chain(3)}};
    intake.suspects.push_back(suspect);
    take(intake);
    takeAndFile(visit(4, 7));
    EXPECT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 1}));

    ASSERT_TRUE(store_->discardQuarantined(newestQuarantined().number, {kNow, "kim", "a test"}));

    EXPECT_THAT(store_->openedThrough().value(), ElementsAre(Watermark{kSequence, 4}));
}

TEST_P(StoreContract, SaysWhenOnlyOtherEventsAreHere) {
    const Scope other{kScope.tenant, {"another-fair"}};
    EXPECT_FALSE(store_->onlyOtherEvent().value()) << "nothing is here";
    reopen(other);
    EXPECT_FALSE(store_->onlyOtherEvent().value()) << "nothing is here";
    reopen();
    takeAndFile(visit(1, 7));
    EXPECT_FALSE(store_->onlyOtherEvent().value());

    reopen(other);
    EXPECT_EQ(store_->onlyOtherEvent().value(), kScope.event);
    DownPut put;
    put.item = {wire::ItemKind::Roster, Bytes(16, 1), Bytes(40, 2)};
    ASSERT_TRUE(store_->putDown({&put, 1}));

    EXPECT_FALSE(store_->onlyOtherEvent().value()) << "this one has begun";
}

TEST_P(StoreContract, AWatermarkRisesAndNeverFalls) {
    const auto set = [&](std::uint64_t seq) {
        const std::vector<Watermark> marks{{kSequence, seq}};
        ASSERT_TRUE(store_->setWatermarks(marks, kNow));
    };
    EXPECT_EQ(store_->watermark(kSequence), 0U);

    set(5);
    set(3);
    reopen();

    EXPECT_EQ(store_->watermark(kSequence), 5U);
    set(6);
    EXPECT_EQ(store_->watermark(kSequence), 6U);
    EXPECT_EQ(store_->watermark({kKiosk, epoch(9)}), 0U);
}

TEST_P(StoreContract, ANewHubEpochStays) {
    const auto epoch = *wire::HubEpoch::from(Bytes(wire::HubEpoch::kSize, 9));

    ASSERT_TRUE(store_->beginHubEpoch(epoch));
    EXPECT_EQ(store_->hubEpoch(), epoch);
    reopen();

    EXPECT_EQ(store_->hubEpoch(), epoch);
}

}  // namespace
}  // namespace tapport::hub
