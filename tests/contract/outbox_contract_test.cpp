// SPDX-License-Identifier: GPL-3.0-or-later
// What every outbox promises to the pump: the kiosk's store, and the fake that other tests use.
#include "firmware-app/store/kiosk_store.h"
#include "sync/seal/chain.h"
#include "tests/support/fake_outbox.h"
#include "tests/support/sample_event.h"
#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::agent {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// An outbox, and the way its rows come about.
class Subject {
  public:
    virtual ~Subject() = default;
    virtual Outbox& outbox() = 0;
    virtual void addVisit() = 0;
    virtual void addWithdrawal() = 0;
};

class FakeSubject final : public Subject {
  public:
    Outbox& outbox() override { return outbox_; }
    void addVisit() override { outbox_.add(); }
    void addWithdrawal() override { outbox_.add(support::FakeOutbox::Urgency::Urgent); }

  private:
    support::FakeOutbox outbox_;
};

class StoreSubject final : public Subject {
  public:
    StoreSubject() {
        EXPECT_TRUE(seal::initialise());
        auto opened = store::KioskStore::open({directory_ / "kiosk.db",
                                               {"kiosk-1"},
                                               support::sampleEvent(),
                                               receipt::makeSigningKeys()});
        EXPECT_TRUE(opened) << opened.error().context;
        store_ = std::move(*opened);
    }
    Outbox& outbox() override { return *store_; }
    void addVisit() override { commit(record::UnitKind::Visit); }
    void addWithdrawal() override { commit(record::UnitKind::Withdrawal); }

  private:
    void commit(record::UnitKind kind) {
        record::Unit unit;
        unit.id.bytes[0] = ++units_;
        unit.kind = kind;
        unit.event = {"demo-2026"};
        EXPECT_TRUE(store_->commit({&unit, 1}, std::nullopt));
    }

    support::TempDir directory_;
    std::unique_ptr<store::KioskStore> store_;
    std::uint8_t units_ = 0;
};

using Maker = std::function<std::unique_ptr<Subject>()>;

class OutboxContract : public testing::TestWithParam<Maker> {
  protected:
    void addVisits(int rows) {
        for (int i = 0; i < rows; ++i) {
            subject_->addVisit();
        }
    }
    std::vector<OutboxRow> rows(const OutboxQuery& query = {}) {
        auto found = outbox_.waiting(query);
        EXPECT_TRUE(found);
        return found.value_or(std::vector<OutboxRow>{});
    }
    std::vector<std::uint64_t> numbers(const OutboxQuery& query = {}) {
        std::vector<std::uint64_t> result;
        for (const OutboxRow& row : rows(query)) {
            result.push_back(row.number);
        }
        return result;
    }
    Result<> received(SeqRange range) { return outbox_.markReceived({&range, 1}); }
    Result<> quarantined(SeqRange range) { return outbox_.markQuarantined({&range, 1}); }
    Result<> waitingAgain(SeqRange range) { return outbox_.markWaiting({&range, 1}); }

    std::unique_ptr<Subject> subject_ = GetParam()();
    Outbox& outbox_ = subject_->outbox();
};

INSTANTIATE_TEST_SUITE_P(
    Outboxes, OutboxContract,
    testing::Values([]() -> std::unique_ptr<Subject> { return std::make_unique<FakeSubject>(); },
                    []() -> std::unique_ptr<Subject> { return std::make_unique<StoreSubject>(); }),
    [](const auto& info) { return info.index == 0 ? "FakeOutbox" : "KioskStore"; });

TEST_P(OutboxContract, IsEmptyAtFirst) {
    const auto epochs = outbox_.epochs();
    const auto counts = outbox_.counts();

    ASSERT_TRUE(epochs && counts);
    ASSERT_EQ(epochs->size(), 1U);
    EXPECT_EQ(epochs->back().base, 0U);
    EXPECT_EQ(epochs->back().firstWaiting, 0U);
    EXPECT_EQ(epochs->back().last, 0U);
    EXPECT_EQ(epochs->back().lastChain, seal::kChainStart);
    EXPECT_FALSE(epochs->back().forkOf);
    EXPECT_EQ(*counts, OutboxCounts{});
    EXPECT_THAT(rows(), IsEmpty());
}

TEST_P(OutboxContract, GivesWaitingRowsInTheOrderOfTheirPositions) {
    addVisits(3);

    const auto found = rows();

    ASSERT_EQ(found.size(), 3U);
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].number, i + 1);
        EXPECT_FALSE(found[i].sealed.empty());
        EXPECT_FALSE(found[i].isUrgent);
    }
    EXPECT_NE(found[0].id, found[1].id);
    EXPECT_EQ(outbox_.epochs()->back().firstWaiting, 1U);
    EXPECT_EQ(outbox_.epochs()->back().last, 3U);
    EXPECT_TRUE(outbox_.counts()->oldestWaiting);
}

TEST_P(OutboxContract, GivesTheSameRowAgainUnchanged) {
    addVisits(1);

    const auto first = rows().at(0);
    const auto second = rows().at(0);

    EXPECT_EQ(first.id, second.id);
    EXPECT_EQ(first.sealed, second.sealed);
}

TEST_P(OutboxContract, ReadsOnFromAPosition) {
    addVisits(5);

    EXPECT_THAT(numbers({.after = 2}), ElementsAre(3, 4, 5));
    EXPECT_THAT(numbers({.after = 2, .maxRows = 2}), ElementsAre(3, 4));
    EXPECT_THAT(numbers({.after = 5}), IsEmpty());
}

TEST_P(OutboxContract, KeepsToTheBytesButGivesOneRowAtLeast) {
    addVisits(3);
    const std::size_t one = rows().at(0).sealed.size();

    EXPECT_THAT(numbers({.maxBytes = 2 * one}), ElementsAre(1, 2));
    EXPECT_THAT(numbers({.maxBytes = 2 * one - 1}), ElementsAre(1));
    EXPECT_THAT(numbers({.maxBytes = 1}), ElementsAre(1));
}

TEST_P(OutboxContract, FindsWithdrawalsAlone) {
    addVisits(2);
    subject_->addWithdrawal();
    addVisits(1);

    EXPECT_THAT(numbers({.urgentOnly = true}), ElementsAre(3));
    EXPECT_THAT(numbers({.after = 3, .urgentOnly = true}), IsEmpty());
    EXPECT_TRUE(rows({.urgentOnly = true}).at(0).isUrgent);
    EXPECT_THAT(numbers(), ElementsAre(1, 2, 3, 4));
}

TEST_P(OutboxContract, WhatWasReceivedWaitsNoMore) {
    addVisits(4);

    ASSERT_TRUE(received({1, 2}));
    ASSERT_TRUE(received({1, 2}));  // an acknowledgement may come twice

    EXPECT_THAT(numbers(), ElementsAre(3, 4));
    EXPECT_EQ(outbox_.epochs()->back().firstWaiting, 3U);
    EXPECT_EQ(outbox_.epochs()->back().last, 4U);
    EXPECT_EQ(outbox_.counts()->waiting, 2U);
    EXPECT_EQ(outbox_.counts()->received, 2U);
}

TEST_P(OutboxContract, RangesMayReachBeyondWhatIsThere) {
    addVisits(2);

    ASSERT_TRUE(received({2, record::kMostSeq}));
    addVisits(1);

    EXPECT_THAT(numbers(), ElementsAre(1, 3));
}

TEST_P(OutboxContract, TakesManyRangesAtOnce) {
    addVisits(6);
    const std::vector<SeqRange> ranges{{1, 1}, {3, 4}};

    ASSERT_TRUE(outbox_.markReceived(ranges));

    EXPECT_THAT(numbers(), ElementsAre(2, 5, 6));
}

TEST_P(OutboxContract, WhatIsQuarantinedWaitsNoMoreAndIsCountedApart) {
    addVisits(3);
    ASSERT_TRUE(received({3, 3}));

    ASSERT_TRUE(quarantined({1, 3}));  // 3 was received for good

    EXPECT_THAT(numbers(), IsEmpty());
    EXPECT_EQ(outbox_.counts()->received, 1U);
    EXPECT_EQ(outbox_.counts()->quarantined, 2U);

    ASSERT_TRUE(received({2, 2}));  // tried again at the hub

    EXPECT_EQ(outbox_.counts()->received, 2U);
    EXPECT_EQ(outbox_.counts()->quarantined, 1U);
    EXPECT_FALSE(outbox_.counts()->oldestWaiting);
    EXPECT_EQ(outbox_.epochs()->back().firstWaiting, 0U);
}

TEST_P(OutboxContract, WhatTheHubLostWaitsAgain) {
    addVisits(4);
    ASSERT_TRUE(received({1, 3}));
    ASSERT_TRUE(quarantined({2, 2}));

    ASSERT_TRUE(waitingAgain({2, 4}));

    EXPECT_THAT(numbers(), ElementsAre(2, 3, 4));
    EXPECT_EQ(outbox_.counts()->received, 1U);
    EXPECT_EQ(outbox_.counts()->quarantined, 0U);
}

TEST_P(OutboxContract, EachRowFollowsFromTheOneBefore) {
    addVisits(3);
    const record::Epoch epoch = outbox_.epochs()->back().epoch;

    record::ChainHash chain = seal::kChainStart;
    for (const OutboxRow& row : rows()) {
        EXPECT_EQ(row.before, chain);
        chain = seal::chainAfter(chain, epoch, row.number, row.id, seal::digestOf(row.sealed));
        EXPECT_EQ(outbox_.chainAt(row.number).value(), chain);
    }

    EXPECT_EQ(outbox_.epochs()->back().lastChain, chain);
    EXPECT_EQ(outbox_.chainAt(4).value(), std::nullopt);
}

TEST_P(OutboxContract, ANewEpochIsAForkOfTheOneItLeavesAndNumbersGoOn) {
    addVisits(3);
    const OutboxEpoch old = outbox_.epochs()->back();

    ASSERT_TRUE(outbox_.startEpoch(old.epoch));
    addVisits(2);

    const auto epochs = outbox_.epochs().value();
    ASSERT_EQ(epochs.size(), 2U);
    EXPECT_EQ(epochs[0].epoch, old.epoch);
    EXPECT_EQ(epochs[0].last, 3U);
    EXPECT_EQ(epochs[0].firstWaiting, 1U);
    EXPECT_NE(epochs[1].epoch, old.epoch);
    EXPECT_EQ(epochs[1].base, 3U);
    EXPECT_EQ(epochs[1].last, 2U);
    EXPECT_EQ(epochs[1].firstWaiting, 1U);
    EXPECT_EQ(epochs[1].forkOf, (wire::ForkPoint{old.epoch, 3}));
    EXPECT_THAT(numbers(), ElementsAre(1, 2, 3, 4, 5));
    const record::ChainHash start = seal::chainOfFork(old.epoch, 3, old.lastChain);
    const OutboxRow first = rows().at(3);
    EXPECT_EQ(first.before, start);
    EXPECT_EQ(outbox_.chainAt(1).value(),
              seal::chainAfter(start, epochs[1].epoch, 1, first.id, seal::digestOf(first.sealed)));
}

TEST_P(OutboxContract, WhatWasAcknowledgedInAnEpochThatIsLeftWaitsAgain) {
    addVisits(3);
    const record::Epoch first = outbox_.epochs()->back().epoch;
    ASSERT_TRUE(received({1, 3}));

    ASSERT_TRUE(outbox_.startEpoch(first));
    ASSERT_TRUE(received({1, 2}));
    ASSERT_TRUE(outbox_.startEpoch(first)) << "done already";

    EXPECT_EQ(outbox_.epochs()->size(), 2U);
    EXPECT_THAT(numbers(), ElementsAre(3));
}

TEST_P(OutboxContract, WhatOneHubAcknowledgedWaitsForAnother) {
    wire::HubEpoch hub;
    hub.bytes[0] = 1;
    addVisits(12);
    ASSERT_TRUE(outbox_.startHub(hub));
    ASSERT_TRUE(received({1, 10}));
    ASSERT_TRUE(quarantined({11, 11}));
    while (outbox_.prune({1, 2}).value()) {
    }
    ASSERT_TRUE(outbox_.startHub(hub));
    ASSERT_THAT(numbers(), ElementsAre(12)) << "it is the same";

    hub.bytes[0] = 2;
    ASSERT_TRUE(outbox_.startHub(hub));

    EXPECT_THAT(numbers(), ElementsAre(3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    EXPECT_EQ(outbox_.counts()->dropped, 2U);
    ASSERT_TRUE(received({3, 12}));
    ASSERT_TRUE(outbox_.startHub(hub));
    EXPECT_EQ(outbox_.counts()->waiting, 0U);
}

TEST_P(OutboxContract, BelievesNoMarksOfWhichItIsNotKnownWhoseTheyAre) {
    addVisits(2);
    ASSERT_TRUE(received({1, 2}));

    ASSERT_TRUE(outbox_.startHub({{7}}));

    EXPECT_THAT(numbers(), ElementsAre(1, 2));
}

TEST_P(OutboxContract, DropsReceivedRowsAndNoOthers) {
    addVisits(12);
    ASSERT_TRUE(received({1, 2}));
    ASSERT_TRUE(quarantined({3, 3}));
    ASSERT_TRUE(received({5, 12}));

    while (outbox_.prune({1, 4}).value()) {
    }

    EXPECT_EQ(outbox_.counts()->dropped, 2U) << "5 is not in the range";
    EXPECT_EQ(outbox_.counts()->received, 10U);
    EXPECT_EQ(outbox_.counts()->quarantined, 1U);
    EXPECT_THAT(numbers(), ElementsAre(4));
    EXPECT_EQ(outbox_.epochs()->back().last, 12U);
    EXPECT_EQ(outbox_.chainAt(1).value(), std::nullopt) << "went with row 2";
    EXPECT_TRUE(outbox_.chainAt(2).value());
    addVisits(1);
    EXPECT_THAT(numbers(), ElementsAre(4, 13)) << "no position is given out twice";
}

TEST_P(OutboxContract, DropsSomeAtATime) {
    addVisits(18);
    ASSERT_TRUE(received({1, 18}));

    int pieces = 1;
    while (outbox_.prune({1, 18}).value()) {
        ++pieces;
    }

    EXPECT_EQ(outbox_.counts()->dropped, 10U);
    EXPECT_LE(pieces, 10);
    EXPECT_EQ(outbox_.prune({1, 18}), false) << "nothing is left to drop";
}

TEST_P(OutboxContract, KeepsTheNewestForASaveThatIsTriedAgain) {
    addVisits(3);
    ASSERT_TRUE(received({1, 3}));

    EXPECT_EQ(outbox_.prune({1, 3}), false);

    EXPECT_EQ(outbox_.counts()->dropped, 0U);
}

TEST_P(OutboxContract, GoesOnInANewEpochWithoutWhatWasDropped) {
    addVisits(10);
    const record::Epoch first = outbox_.epochs()->back().epoch;
    ASSERT_TRUE(received({1, 2}));
    while (outbox_.prune({1, 2}).value()) {
    }

    ASSERT_TRUE(outbox_.startEpoch(first));
    addVisits(1);

    EXPECT_THAT(numbers(), ElementsAre(3, 4, 5, 6, 7, 8, 9, 10, 11));
    EXPECT_EQ(outbox_.epochs()->front().firstWaiting, 3U);
}

}  // namespace
}  // namespace tapport::agent
