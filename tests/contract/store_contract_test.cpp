// SPDX-License-Identifier: GPL-3.0-or-later
// What arrives: kept once, sorted, and counted. Here the dialects are opened, for all the cases.
#include "tests/contract/store_contract.h"

#include "sync/hub/store/pg_store.h"
#include "sync/hub/store/sqlite_store.h"
#include "tests/support/postgres.h"

#include <algorithm>

namespace tapport::hub {
namespace {

using namespace samples;
using testing::ElementsAre;

Result<std::unique_ptr<Store>> openSqlite(const std::filesystem::path& dir, const Scope& scope) {
    return openSqliteStore(dir / "hub.db", scope, kKey);
}

/// A schema a directory, in one server for the whole program.
Result<std::unique_ptr<Store>> openPostgres(const std::filesystem::path& dir, const Scope& scope) {
    static const support::Postgres server;
    std::string schema = "s" + dir.filename().string();
    std::replace(schema.begin(), schema.end(), '-', '_');
    return openPgStore(server.url(schema), scope, kKey, {});
}

TEST_P(StoreContract, KeepsWhatItTookWhenItIsOpenedAgain) {
    EXPECT_THAT(take(Parcels().add(1).add(2).intake()),
                ElementsAre(Verdict::Stored, Verdict::Stored));
    const wire::HubEpoch epochBefore = store_->hubEpoch();

    reopen();

    EXPECT_EQ(counts().units, 2U);
    EXPECT_EQ(store_->hubEpoch(), epochBefore);
    EXPECT_EQ(store_->waiting(Whose::Own, 10)->size(), 2U);
}

TEST_P(StoreContract, EveryNewDatabaseHasAnEpochOfItsOwn) {
    const support::TempDir other;
    const auto second = GetParam().open(other.path(), kScope);

    EXPECT_NE(store_->hubEpoch(), (*second)->hubEpoch());
}

TEST_P(StoreContract, TheSameRecordAgainIsADuplicate) {
    take(Parcels().add(1).intake());

    EXPECT_THAT(take(Parcels().add(1).add(1).intake()),
                ElementsAre(Verdict::Duplicate, Verdict::Duplicate));
    EXPECT_EQ(counts().units, 1U);
}

TEST_P(StoreContract, TheSameIdWithOtherBytesIsQuarantinedAndTheFirstStands) {
    take(Parcels().add(1, {1, 2, 3}).intake());

    EXPECT_THAT(take(Parcels().add(1, {6, 6, 6}).intake()), ElementsAre(Verdict::Conflict));
    const auto quarantine = store_->quarantine({}, 10).value();
    ASSERT_EQ(quarantine.size(), 1U);
    EXPECT_EQ(quarantine[0].reason, Reason::Conflict);
    EXPECT_EQ(quarantine[0].bytes, 3U);
    EXPECT_EQ(store_->waiting(Whose::Own, 10)->at(0).sealed, (Bytes{1, 2, 3}));
}

TEST_P(StoreContract, AnotherRecordAtTheSamePositionIsKeptToo) {
    take(Parcels().add(1).intake());
    Parcels clone;
    clone.add(recordId(77), {kKiosk, epoch(), 1}, {9});

    EXPECT_THAT(take(clone.intake()), ElementsAre(Verdict::Forked));
    EXPECT_EQ(counts().units, 2U);
    EXPECT_EQ(counts().forks, 1U);
    EXPECT_THAT(take(clone.intake()), ElementsAre(Verdict::Duplicate));
}

TEST_P(StoreContract, TheSamePositionInAnotherEpochIsNoFork) {
    take(Parcels().add(1).intake());
    Parcels other;
    other.add(recordId(77), {kKiosk, epoch(2), 1}, {9});

    EXPECT_THAT(take(other.intake()), ElementsAre(Verdict::Stored));
}

TEST_P(StoreContract, JoinsWhatItHoldsIntoRanges) {
    take(Parcels().add(1).add(2).add(5).intake());
    take(Parcels().add(3).intake());

    const Held held = store_->held({kKiosk, epoch()}).value();

    EXPECT_THAT(held.received().view(),
                ElementsAre(record::SeqRange{1, 3}, record::SeqRange{5, 5}));
    EXPECT_TRUE(held.quarantined().empty());
}

TEST_P(StoreContract, KnowsHowFarTheRecordsFollowFromTheFirst) {
    take(Parcels().add(1).add(2).add(5).intake());
    EXPECT_EQ(store_->held({kKiosk, epoch()})->prefix(), (wire::Prefix{2, chain(2)}));

    take(Parcels().add(4).intake());
    take(Parcels().add(3).intake());

    EXPECT_EQ(store_->held({kKiosk, epoch()})->prefix(), (wire::Prefix{5, chain(5)}));
    EXPECT_EQ(store_->held({kKiosk, epoch(2)})->prefix(), wire::Prefix{});
    EXPECT_EQ(counts().forks, 0U);
}

TEST_P(StoreContract, ARecordThatFollowsFromAnotherCopysIsAForkAndEndsThePrefix) {
    take(Parcels().add(1).add(2).intake());
    Parcels clone;
    clone.add(3);
    clone.intake().arrivals[0].before = chain(77);

    EXPECT_THAT(take(clone.intake()), ElementsAre(Verdict::Forked));
    EXPECT_EQ(counts().units, 3U);
    EXPECT_EQ(counts().forks, 1U);
    EXPECT_EQ(store_->held({kKiosk, epoch()})->prefix(), (wire::Prefix{2, chain(2)}));
    EXPECT_TRUE(store_->held({kKiosk, epoch()})->received().contains(3));
}

TEST_P(StoreContract, RemembersWhereAKioskLeftAnEpochAndWhichItHad) {
    const wire::ForkPoint left{epoch(1), 9};
    Intake hello;
    hello.announcements.push_back({{kKiosk, epoch(2)}, 0, left});
    take(hello);
    Parcels later;
    later.add(recordId(5), {kKiosk, epoch(2), 1}, {5});
    take(later.intake());

    EXPECT_EQ(store_->kiosks()->at(0).forkOf, left);
    EXPECT_THAT(store_->epochsOf(kKiosk).value(), ElementsAre(epoch(2)));
    EXPECT_TRUE(store_->epochsOf({"kiosk-2"})->empty());
}

TEST_P(StoreContract, AKioskIsCompleteWhenAllItAnnouncedIsHere) {
    Parcels first;
    first.add(1).add(3);
    first.intake().announcements.push_back({{kKiosk, epoch()}, 4});
    take(first.intake());

    const KioskStanding before = store_->kiosks()->at(0);
    take(Parcels().add(2).add(4).intake());
    const KioskStanding after = store_->kiosks()->at(0);

    EXPECT_FALSE(before.isComplete());
    EXPECT_THAT(before.holes().view(), ElementsAre(record::SeqRange{2, 2}, record::SeqRange{4, 4}));
    EXPECT_TRUE(after.isComplete());
}

TEST_P(StoreContract, AKioskThatHasRecordedNothingIsCompleteOnceItSaysSo) {
    Intake hello;
    hello.announcements.push_back({{kKiosk, epoch()}, 0});
    take(hello);

    const auto kiosks = store_->kiosks().value();

    ASSERT_EQ(kiosks.size(), 1U);
    EXPECT_TRUE(kiosks[0].isComplete());
    EXPECT_FALSE(KioskStanding{}.isComplete()) << "of which nobody has heard";
}

TEST_P(StoreContract, RemembersWhatAKiosksClockSaidLast) {
    using namespace std::chrono_literals;
    Intake hello;
    hello.announcements.push_back({{kKiosk, epoch()}, 0});
    take(hello);
    const auto ahead = [&] { return store_->kiosks()->at(0).clockAhead; };
    EXPECT_EQ(ahead(), std::nullopt);
    hello.clocks.push_back({{kKiosk, epoch()}, kNow - 12min});
    take(hello);
    EXPECT_EQ(ahead(), -12min);
    EXPECT_TRUE(store_->kiosks()->at(0).isClockOff());

    take(Parcels().add(1).intake());
    EXPECT_EQ(ahead(), -12min) << "it said nothing of its clock";
    hello.clocks.push_back({{kKiosk, epoch()}, kNow + 2s});
    take(hello);

    EXPECT_EQ(ahead(), 2s);
    EXPECT_FALSE(store_->kiosks()->at(0).isClockOff());
}

TEST_P(StoreContract, APayloadThatComesAgainIsOneQuarantineEntry) {
    const Bytes payload{0xFF, 0x00};
    Intake intake;
    intake.suspects.push_back({"tapport/1/up/26/kiosk-1", payload, Reason::Unreadable, "broken"});
    intake.suspects.back().sequence = Sequence{kKiosk, epoch()};
    intake.suspects.back().links.push_back({9, chain(8), chain(9)});

    take(intake);
    take(intake);

    const auto entries = store_->quarantine({}, 10).value();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].times, 2U);
    EXPECT_EQ(entries[0].detail, "broken");
    EXPECT_TRUE(store_->held({kKiosk, epoch()})->quarantined().contains(9));
}

TEST_P(StoreContract, GivesTheQuarantineInPages) {
    Intake intake;
    const std::vector<Bytes> payloads{{1}, {2}, {3}};
    for (const Bytes& payload : payloads) {
        intake.suspects.push_back({"topic", payload, Reason::Unreadable, "broken"});
    }
    take(intake);

    const auto page = store_->quarantine({}, 2).value();
    const auto rest = store_->quarantine(page.back().number, 2).value();

    EXPECT_EQ(page.size(), 2U);
    EXPECT_EQ(rest.size(), 1U);
    EXPECT_GT(page[0].number, page[1].number);
}

TEST_P(StoreContract, ATransactionIsUndoneAndHandsOnTheErrorOfItsBody) {
    const auto result = store_->inTransaction([&]() -> Result<> {
        (void)store_->logExport({recordId(1), kNow, "root", 0, 0, 0, false, {}, "{}"});
        return fail(Code::Conflict, "of the body");
    });

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::Conflict);
    EXPECT_TRUE(store_->exports(10)->empty());
    EXPECT_TRUE(store_->take(Parcels().add(1).intake(), kNow)) << "the transaction was closed";
}

TEST_P(StoreContract, KeepsTheLogOfExports) {
    const ExportEntry first{recordId(1), kNow, "root", 4, 3, 2, true, {}, "{}"};
    ExportEntry second = first;
    second.id = recordId(2);
    second.at += std::chrono::seconds(1);

    ASSERT_TRUE(store_->inTransaction([&] { return store_->logExport(first); }));
    ASSERT_TRUE(store_->logExport(second));

    EXPECT_EQ(store_->exports(10)->at(0).id, second.id);
    EXPECT_EQ(store_->exports(10)->at(1).people, 2U);
    EXPECT_EQ(store_->findExport(first.id)->value().by, "root");
    EXPECT_FALSE(store_->findExport(recordId(3)).value());
}

TEST_P(StoreContract, KeepsBatchesInOrderUntilTheyAreSorted) {
    const Bytes first(1000, 1);
    const Bytes second(1000, 2);
    const Bytes third(1000, 3);
    Intake came;
    came.parcels = {{kKiosk, first}, {{"kiosk-2"}, second}};
    take(came);
    Intake later;
    later.parcels = {{kKiosk, third}};
    take(later);
    reopen();

    const auto some = store_->parcels(Whose::Own, 2500).value();
    EXPECT_EQ(store_->parcels(Whose::Anybodys, 1)->size(), 1U) << "one, however large";
    ASSERT_EQ(some.size(), 2U);
    EXPECT_EQ(some[0].kiosk, kKiosk);
    EXPECT_EQ(some[0].payload, first);
    EXPECT_EQ(some[0].receivedAt, kNow);
    EXPECT_EQ(some[1].payload, second);

    Parcels sorted;
    sorted.add(1);
    Intake intake = sorted.intake();
    intake.sorted = {some[0].number, some[1].number};
    EXPECT_THAT(take(intake), ElementsAre(Verdict::Stored));

    const auto left = store_->parcels(Whose::Own, 10'000).value();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].payload, third);
    const auto again = store_->take(intake, kNow);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Code::Busy);
}

TEST_P(StoreContract, GivesTheBatchesOfOneKioskAndTellsWhichIsTheNewest) {
    EXPECT_EQ(store_->newestParcel(), 0);
    const Bytes first(1000, 1);
    const Bytes second(1000, 2);
    const Bytes third(1000, 3);
    Intake came;
    came.parcels = {{kKiosk, first}, {{"kiosk-2"}, second}, {kKiosk, third}};
    take(came);

    const auto its = store_->parcelsOf(kKiosk, 10'000).value();

    ASSERT_EQ(its.size(), 2U);
    EXPECT_EQ(its[0].payload, first);
    EXPECT_EQ(its[1].payload, third);
    EXPECT_EQ(store_->newestParcel(), its[1].number);
    EXPECT_EQ(store_->parcelsOf(kKiosk, 1)->size(), 1U) << "one, however large";
    EXPECT_TRUE(store_->parcelsOf({"kiosk-3"}, 10'000)->empty());
}

TEST_P(StoreContract, OfABatchThatIsNotTakenWholeNothingIsSorted) {
    const Bytes batch(10, 1);
    Intake came;
    came.parcels = {{kKiosk, batch}};
    take(came);
    Parcels records;
    records.add(1);
    Intake intake = records.intake();
    intake.sorted = {store_->parcels(Whose::Own, 1)->at(0).number, 12345};

    EXPECT_FALSE(store_->take(intake, kNow));

    EXPECT_EQ(store_->parcels(Whose::Own, 1)->size(), 1U);
    EXPECT_EQ(counts().units, 0U);
}

TEST_P(StoreContract, AnotherEventsBatchesAreItsOwn) {
    const Bytes batch(10, 1);
    Intake came;
    came.parcels = {{kKiosk, batch}};
    take(came);

    reopen({kScope.tenant, {"other-2026"}});

    EXPECT_TRUE(store_->parcels(Whose::Anybodys, 100)->empty());
}

INSTANTIATE_TEST_SUITE_P(Dialects, StoreContract,
                         testing::Values(Dialect{"Sqlite", openSqlite},
                                         Dialect{"Postgres", openPostgres}),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace tapport::hub
