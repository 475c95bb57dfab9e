// SPDX-License-Identifier: GPL-3.0-or-later
// What every outbox promises to the pump: the kiosk's store, and the fake that other tests use.
#include "firmware-app/store/kiosk_store.h"
#include "sync/seal/seal.h"
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
    std::vector<std::uint64_t> seqs(const OutboxQuery& query = {}) {
        std::vector<std::uint64_t> result;
        for (const OutboxRow& row : rows(query)) {
            result.push_back(row.seq);
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
    const auto span = outbox_.span();
    const auto counts = outbox_.counts();

    ASSERT_TRUE(span && counts);
    EXPECT_EQ(span->firstWaiting, 0U);
    EXPECT_EQ(span->last, 0U);
    EXPECT_EQ(*counts, OutboxCounts{});
    EXPECT_THAT(rows(), IsEmpty());
}

TEST_P(OutboxContract, GivesWaitingRowsInTheOrderOfTheirPositions) {
    addVisits(3);

    const auto found = rows();

    ASSERT_EQ(found.size(), 3U);
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].seq, i + 1);
        EXPECT_FALSE(found[i].sealed.empty());
        EXPECT_FALSE(found[i].isUrgent);
    }
    EXPECT_NE(found[0].id, found[1].id);
    EXPECT_EQ(outbox_.span()->firstWaiting, 1U);
    EXPECT_EQ(outbox_.span()->last, 3U);
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

    EXPECT_THAT(seqs({.afterSeq = 2}), ElementsAre(3, 4, 5));
    EXPECT_THAT(seqs({.afterSeq = 2, .maxRows = 2}), ElementsAre(3, 4));
    EXPECT_THAT(seqs({.afterSeq = 5}), IsEmpty());
}

TEST_P(OutboxContract, KeepsToTheBytesButGivesOneRowAtLeast) {
    addVisits(3);
    const std::size_t one = rows().at(0).sealed.size();

    EXPECT_THAT(seqs({.maxBytes = 2 * one}), ElementsAre(1, 2));
    EXPECT_THAT(seqs({.maxBytes = 2 * one - 1}), ElementsAre(1));
    EXPECT_THAT(seqs({.maxBytes = 1}), ElementsAre(1));
}

TEST_P(OutboxContract, FindsWithdrawalsAlone) {
    addVisits(2);
    subject_->addWithdrawal();
    addVisits(1);

    EXPECT_THAT(seqs({.urgentOnly = true}), ElementsAre(3));
    EXPECT_THAT(seqs({.afterSeq = 3, .urgentOnly = true}), IsEmpty());
    EXPECT_TRUE(rows({.urgentOnly = true}).at(0).isUrgent);
    EXPECT_THAT(seqs(), ElementsAre(1, 2, 3, 4));
}

TEST_P(OutboxContract, WhatWasReceivedWaitsNoMore) {
    addVisits(4);

    ASSERT_TRUE(received({1, 2}));
    ASSERT_TRUE(received({1, 2}));  // an acknowledgement may come twice

    EXPECT_THAT(seqs(), ElementsAre(3, 4));
    EXPECT_EQ(outbox_.span()->firstWaiting, 3U);
    EXPECT_EQ(outbox_.span()->last, 4U);
    EXPECT_EQ(outbox_.counts()->waiting, 2U);
    EXPECT_EQ(outbox_.counts()->received, 2U);
}

TEST_P(OutboxContract, RangesMayReachBeyondWhatIsThere) {
    addVisits(2);

    ASSERT_TRUE(received({2, record::kMostSeq}));
    addVisits(1);

    EXPECT_THAT(seqs(), ElementsAre(1, 3));
}

TEST_P(OutboxContract, TakesManyRangesAtOnce) {
    addVisits(6);
    const std::vector<SeqRange> ranges{{1, 1}, {3, 4}};

    ASSERT_TRUE(outbox_.markReceived(ranges));

    EXPECT_THAT(seqs(), ElementsAre(2, 5, 6));
}

TEST_P(OutboxContract, WhatIsQuarantinedWaitsNoMoreAndIsCountedApart) {
    addVisits(3);
    ASSERT_TRUE(received({3, 3}));

    ASSERT_TRUE(quarantined({2, 3}));
    ASSERT_TRUE(received({1, 3}));  // says less, and changes nothing about them

    EXPECT_THAT(seqs(), IsEmpty());
    EXPECT_EQ(outbox_.counts()->received, 1U);
    EXPECT_EQ(outbox_.counts()->quarantined, 2U);
    EXPECT_FALSE(outbox_.counts()->oldestWaiting);
    EXPECT_EQ(outbox_.span()->firstWaiting, 0U);
}

TEST_P(OutboxContract, WhatTheHubLostWaitsAgain) {
    addVisits(4);
    ASSERT_TRUE(received({1, 3}));
    ASSERT_TRUE(quarantined({2, 2}));

    ASSERT_TRUE(waitingAgain({2, 4}));

    EXPECT_THAT(seqs(), ElementsAre(2, 3, 4));
    EXPECT_EQ(outbox_.counts()->received, 1U);
    EXPECT_EQ(outbox_.counts()->quarantined, 0U);
}

}  // namespace
}  // namespace tapport::agent
