// SPDX-License-Identifier: GPL-3.0-or-later
// What PostgreSQL adds to the store's contract: sessions and servers that are lost, workers that
// start together, leases, and that who lost one commits nothing.
#include "sync/hub/store/pg_store.h"

#include "sync/hub/store/pg_leases.h"
#include "tests/support/child_process.h"
#include "tests/support/postgres.h"
#include "tests/support/wait_until.h"
#include "tests/sync/hub/samples.h"

#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;
using testing::HasSubstr;
using testing::Not;

support::Postgres& server() {
    static support::Postgres postgres;
    return postgres;
}

Worker worker(const std::string& name, std::uint8_t run = 1) {
    return {name, {{run}}};
}

class PgStoreTest : public testing::Test {
  protected:
    std::unique_ptr<Store> open(std::optional<Worker> who = {}) {
        return openPgStore(url_, kScope, kKey, std::move(who)).value();
    }
    /// What the server itself says.
    std::string ask(const std::string& sql) {
        return support::run({"/usr/lib/postgresql/15/bin/psql", "--no-psqlrc", "--tuples-only",
                             "--no-align", url_, "--command", sql})
            .out;
    }
    PgLeases leases(const Worker& who) { return {url_, kScope, who}; }
    static void takeAndFile(Store& store, const record::PositionedUnit& unit) {
        Parcels parcels;
        parcels.add(unit.unit.id, unit.position, {1, 2, 3});
        ASSERT_TRUE(store.take(parcels.intake(), kNow));
        const std::vector<Opened> opened{{unit.unit.id, Content{unit.unit, unit.proof}}};
        ASSERT_TRUE(store.file(opened, kNow));
    }

    std::string url_ = server().url(std::string("t_") +
                                    testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(PgStoreTest, ALostServerIsOneErrorAndThenAFreshSession) {
    const auto store = open();
    ASSERT_TRUE(store->take(Parcels().add(1).intake(), kNow));

    server().crash();
    const auto meanwhile = store->take(Parcels().add(2).intake(), kNow);
    server().start();
    const auto after = store->take(Parcels().add(1).add(2).intake(), kNow);

    ASSERT_FALSE(meanwhile);
    EXPECT_EQ(meanwhile.error().code, Code::Storage);
    ASSERT_TRUE(after) << after.error().context;
    EXPECT_EQ(*after, (std::vector{Verdict::Duplicate, Verdict::Stored}));
}

TEST_F(PgStoreTest, AnImmediateStopInTheMiddleOfBatchesLosesNothingThatWasTaken) {
    constexpr std::uint64_t kBatch = 20;
    constexpr std::uint64_t kLast = 20'000;
    const auto store = open();
    std::atomic<std::uint64_t> acknowledged{0};
    auto taking = std::async(std::launch::async, [&] {
        for (std::uint64_t first = 1; first < kLast; first += kBatch) {
            Parcels parcels;
            for (std::uint64_t seq = first; seq < first + kBatch; ++seq) {
                parcels.add(seq);
            }
            if (!store->take(parcels.intake(), kNow)) {
                return;
            }
            acknowledged = first + kBatch - 1;
        }
    });
    ASSERT_TRUE(support::waitUntil([&] { return acknowledged >= 10 * kBatch; }));

    server().crash();
    taking.get();
    server().start();

    const std::uint64_t last = acknowledged;
    ASSERT_LT(last, kLast) << "the stop came too late to show anything";
    const Held held = store->held({kKiosk, epoch()}).value();
    EXPECT_TRUE(held.received().holes({1, last}).empty());
    EXPECT_EQ(store->counts()->units, held.received().count()) << "all of a batch or nothing";
    EXPECT_EQ(held.received().count() % kBatch, 0U);
}

TEST_F(PgStoreTest, WorkersThatStartTogetherMakeOneDatabase) {
    auto first =
        std::async(std::launch::async, [&] { return openPgStore(url_, kScope, kKey, {}); });
    const auto second = openPgStore(url_, kScope, kKey, {});
    const auto other = first.get();

    ASSERT_TRUE(second) << second.error().context;
    ASSERT_TRUE(other) << other.error().context;
    EXPECT_EQ((*second)->hubEpoch(), (*other)->hubEpoch());
}

TEST_F(PgStoreTest, AnotherSuppressionKeyIsRefused) {
    (void)open();

    const auto other = openPgStore(url_, kScope, ledger::SuppressionKey{}, {});

    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, Code::InvalidConfig);
}

TEST(PgUrl, APasswordInItIsRefusedAndNotRepeated) {
    const auto refused = checkPgUrl("postgresql://hub:hunter2@db.example/tapport");
    const auto broken = checkPgUrl("postgresql://hub:hunter2%zz@db.example/tapport");

    ASSERT_FALSE(refused);
    ASSERT_FALSE(broken);
    EXPECT_THAT(refused.error().context, HasSubstr("PGPASSFILE"));
    EXPECT_THAT(refused.error().context + broken.error().context, Not(HasSubstr("hunter")));
    EXPECT_TRUE(checkPgUrl("postgresql://hub@db.example/tapport?sslmode=verify-full"));
}

TEST_F(PgStoreTest, AValueThatPostgresqlCannotHoldQuarantinesItsUnitAlone) {
    const auto store = open();
    record::PositionedUnit odd = visit(1, 7);
    odd.unit.contact->name = std::string("A\0B", 3);
    const record::PositionedUnit good = visit(2, 8);
    Parcels parcels;
    parcels.add(odd.unit.id, odd.position, {1}).add(good.unit.id, good.position, {2});
    ASSERT_TRUE(store->take(parcels.intake(), kNow));

    const std::vector<Opened> opened{{odd.unit.id, Content{odd.unit}},
                                     {good.unit.id, Content{good.unit}}};
    ASSERT_TRUE(store->file(opened, kNow));

    EXPECT_EQ(store->quarantine({}, 10)->at(0).reason, Reason::Inconsistent);
    EXPECT_EQ(store->dossiers({}, 10)->size(), 1U);
}

TEST_F(PgStoreTest, SaysWhichWorkersRun) {
    (void)open();
    EXPECT_THAT(liveWorkers(url_).value(), testing::IsEmpty());
    PgLeases a = leases(worker("a"));
    ASSERT_TRUE(a.renew());
    EXPECT_THAT(liveWorkers(url_).value(), testing::ElementsAre("a"));

    a.release();

    EXPECT_THAT(liveWorkers(url_).value(), testing::IsEmpty());
}

TEST_F(PgStoreTest, OneWorkerHasEveryShardAndTwoHaveHalfEach) {
    (void)open();
    PgLeases a = leases(worker("a"));
    PgLeases b = leases(worker("b"));

    EXPECT_EQ(a.renew()->count(), wire::kShards);
    EXPECT_EQ(b.renew()->count(), 0U) << "all are held; but now there are two";
    const Shards ofA = a.renew().value();
    const Shards ofB = b.renew().value();

    EXPECT_EQ(ofA.count(), wire::kShards / 2);
    EXPECT_EQ(ofB, ~ofA);
}

TEST_F(PgStoreTest, AReleasedShareGoesToTheOthersAtOnce) {
    (void)open();
    PgLeases a = leases(worker("a"));
    PgLeases b = leases(worker("b"));
    (void)a.renew();
    (void)b.renew();

    a.release();

    EXPECT_EQ(b.renew()->count(), wire::kShards);
}

TEST_F(PgStoreTest, AnExpiredShareGoesToTheOthersWithinSeconds) {
    (void)open();
    PgLeases frozen = leases(worker("frozen"));
    PgLeases other = leases(worker("other"));
    ASSERT_EQ(frozen.renew()->count(), wire::kShards);

    EXPECT_TRUE(support::waitUntil([&] { return other.renew()->all(); }));

    EXPECT_EQ(frozen.renew()->count(), 0U);
}

TEST_F(PgStoreTest, AShareThatRanOutWhileTheServerWasAwayIsItsWorkersUntilAnotherTakesIt) {
    const auto store = open(worker("a"));
    PgLeases a = leases(worker("a"));
    PgLeases b = leases(worker("b"));
    ASSERT_TRUE(a.renew()->all());
    ask("UPDATE shard_lease SET held_until = now() - interval '1 min'; "
        "UPDATE hub_worker SET alive_until = now() - interval '1 min'");

    EXPECT_TRUE(store->take(Parcels().add(1).intake(), kNow)) << "nobody else took anything";
    ASSERT_TRUE(b.renew()->all());
    const auto late = store->take(Parcels().add(2).intake(), kNow);

    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Code::Busy);
}

TEST_F(PgStoreTest, AWorkerTakesNothingWithAShareThatItGaveUp) {
    const auto store = open(worker("a"));
    PgLeases a = leases(worker("a"));
    ASSERT_TRUE(a.renew()->all());

    a.release();
    const auto late = store->take(Parcels().add(1).intake(), kNow);

    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Code::Busy);
}

TEST_F(PgStoreTest, ANewRunOfAWorkerShutsTheOldOneOut) {
    const auto oldStore = open(worker("a", 1));
    PgLeases oldRun = leases(worker("a", 1));
    ASSERT_TRUE(oldRun.renew()->all());
    ASSERT_TRUE(oldStore->take(Parcels().add(1).intake(), kNow));

    PgLeases newRun = leases(worker("a", 2));
    EXPECT_TRUE(newRun.renew()->all()) << "nobody waits for the lease to expire";

    const auto late = oldStore->take(Parcels().add(2).intake(), kNow);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Code::Busy);
    EXPECT_EQ(oldRun.renew()->count(), 0U);
    EXPECT_TRUE(open(worker("a", 2))->take(Parcels().add(2).intake(), kNow));
}

TEST_F(PgStoreTest, AWorkerSortsItsOwnKiosksAndWhoeverMustSeeAllTheOthersToo) {
    const auto own = open(worker("a"));
    const auto other = open(worker("b"));
    PgLeases a = leases(worker("a"));
    ASSERT_TRUE(a.renew()->all());
    const Bytes batch(10, 1);
    Intake came;
    came.parcels = {{kKiosk, batch}};
    ASSERT_TRUE(own->take(came, kNow));

    EXPECT_TRUE(other->parcels(Whose::Own, 100)->empty());
    ASSERT_EQ(own->parcels(Whose::Own, 100)->size(), 1U);
    const auto all = other->parcels(Whose::Anybodys, 100).value();
    ASSERT_EQ(all.size(), 1U);
    Parcels records;
    records.add(1);
    Intake intake = records.intake();
    intake.sorted = {all[0].number};
    const auto asIfOwn = other->take(intake, kNow);
    ASSERT_FALSE(asIfOwn);
    EXPECT_EQ(asIfOwn.error().code, Code::Busy) << "without the lease";
    intake.whose = Whose::Anybodys;
    EXPECT_TRUE(other->take(intake, kNow));

    EXPECT_TRUE(own->parcels(Whose::Own, 100)->empty());
    EXPECT_EQ(own->counts()->units, 1U);
}

TEST_F(PgStoreTest, ATransactionSeesOneMomentWhateverAnotherWorkerFilesMeanwhile) {
    const auto one = open();
    const auto other = open();
    takeAndFile(*other, visit(1, 7));

    const auto done = one->inTransaction([&]() -> Result<> {
        const auto version = one->stateVersion();
        takeAndFile(*other, visit(2, 8));
        EXPECT_EQ(one->stateVersion(), version);
        EXPECT_EQ(one->counts()->units, 1U);
        EXPECT_EQ(one->dossiers({}, 10)->size(), 1U);
        return {};
    });

    ASSERT_TRUE(done) << done.error().context;
    EXPECT_EQ(one->dossiers({}, 10)->size(), 2U);
}

TEST_F(PgStoreTest, KnowsWhatAnotherWorkerFiledAndForgetsNothing) {
    const auto one = open();
    const auto other = open();
    record::PositionedUnit late = visit(1, 7);
    late.unit.at.wall = kNow + std::chrono::hours(2);
    takeAndFile(*other, late);
    ASSERT_TRUE(one->dossier(subject(7)));
    EXPECT_EQ(one->latestSynced(), late.unit.at.wall);

    takeAndFile(*other, erasure(2, 7, {recordId(1001)}));
    takeAndFile(*other, visit(3, 8));
    ASSERT_TRUE(one->dossier(subject(7)));

    EXPECT_EQ(one->latestSynced(), late.unit.at.wall) << "what came since was recorded before";
    EXPECT_FALSE(one->suppressions().endingsOf(contact(7), {event::PersonalData::Email}).empty());
}

TEST_F(PgStoreTest, TablesThatGrewAreCountedSoThatPlansFit) {
    const auto store = open();
    Parcels records;
    for (std::uint64_t seq = 1; seq <= 600; ++seq) {
        records.add(seq);
    }
    const char* const counted =
        "SELECT reltuples FROM pg_class WHERE oid = 'sealed_unit'::regclass";
    EXPECT_EQ(ask(counted), "-1\n");

    ASSERT_TRUE(store->take(records.intake(), kNow));

    EXPECT_EQ(ask(counted), "600\n");
}

TEST_F(PgStoreTest, WhatIsFiledIsCountedHoweverMuchArrivedBefore) {
    const auto store = open();
    Parcels records;
    std::vector<Opened> opened;
    for (std::uint64_t seq = 1; seq <= 500; ++seq) {
        record::PositionedUnit unit = visit(seq, static_cast<std::uint8_t>(seq));
        unit.unit.receipt->bytes.front() = static_cast<std::uint8_t>(seq >> 8U);
        records.add(unit.unit.id, unit.position, {1, 2, 3});
        opened.push_back({unit.unit.id, Content{unit.unit, unit.proof}});
    }
    ASSERT_TRUE(store->take(records.intake(), kNow));

    ASSERT_TRUE(store->file(opened, kNow));

    EXPECT_EQ(ask("SELECT reltuples FROM pg_class WHERE oid = 'unit'::regclass"), "500\n");
}

TEST_F(PgStoreTest, WhatIsErasedIsVacuumedSoon) {
    (void)open();

    EXPECT_EQ(
        ask("SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND "
            "reloptions @> '{autovacuum_vacuum_scale_factor=0,autovacuum_vacuum_threshold=1}' "
            "ORDER "
            "BY relname"),
        "contact\nconversation\ninbox\npromise\nquarantine\nsealed_unit\n");
}

TEST_F(PgStoreTest, WhatAnOperatorPutsInIsTakenWhoeverServesTheKiosk) {
    const auto idle = open(worker("b"));
    PgLeases a = leases(worker("a"));
    ASSERT_TRUE(a.renew()->all());
    Parcels records;
    records.add(1);
    records.intake().whose = Whose::Anybodys;
    const Bytes batch(10, 1);
    Intake message;
    message.whose = Whose::Anybodys;
    message.parcels = {{kKiosk, batch}};

    EXPECT_TRUE(idle->take(records.intake(), kNow));
    EXPECT_TRUE(idle->take(message, kNow));
}

TEST_F(PgStoreTest, WhoHoldsNoLeaseCommitsNothing) {
    const auto store = open(worker("a"));

    const auto refused = store->take(Parcels().add(1).intake(), kNow);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::Busy);
    EXPECT_EQ(store->counts()->units, 0U);
    EXPECT_TRUE(store->held({kKiosk, epoch()})->received().empty());
}

}  // namespace
}  // namespace tapport::hub
