// SPDX-License-Identifier: GPL-3.0-or-later
// Whoever locks several leases locks them in the order of their shards: two that wait for each
// other would cost both a second, and one of them its transaction.
#include "sync/hub/store/pg_leases.h"
#include "sync/hub/store/pg_store.h"
#include "tests/support/postgres.h"
#include "tests/support/wait_until.h"
#include "tests/sync/hub/samples.h"

#include <functional>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;

support::Postgres& server() {
    static support::Postgres postgres;
    return postgres;
}

const Worker kOwn{"own", {{1}}};

class PgLockOrder : public testing::Test {
  protected:
    PgLockOrder() {
        if (shardOf(low_) > shardOf(high_)) {
            std::swap(low_, high_);
        }
    }
    /// As a schema may be called.
    static std::string nameOfTest() {
        std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
        std::replace(name.begin(), name.end(), '/', '_');
        return name;
    }
    static unsigned shardOf(const record::KioskId& kiosk) { return wire::shardOf(kiosk); }
    std::unique_ptr<Store> open() { return openPgStore(url_, kScope, kKey, kOwn).value(); }
    /// All of them a worker's, the last one first on the disk.
    void lease(const Worker& to) {
        Query(other_, "TRUNCATE shard_lease").change();
        Query(other_,
              "INSERT INTO shard_lease SELECT ?1, ?2, shard, ?3, ?4, clock_timestamp() + interval "
              "'1 h' FROM generate_series(63, 0, -1) AS shard",
              kScope.tenant, kScope.event, to.name, to.instance)
            .change();
    }
    bool isSomebodyWaiting() {
        Query row(other_, "SELECT count(*) FROM pg_locks WHERE NOT granted");
        row.step();
        return row.count(0) == 1;
    }
    void lock(const record::KioskId& kiosk) {
        Query row(other_, "SELECT 1 FROM shard_lease WHERE shard = ?1 FOR UPDATE NOWAIT",
                  std::uint64_t{shardOf(kiosk)});
        ASSERT_TRUE(row.step());
    }
    /// Whoever waits for the lower one of two has not locked the higher one.
    void expectInOrder(const std::function<bool()>& work) {
        std::future<bool> working;
        {
            SqlTransaction transaction(other_);
            lock(low_);
            working = std::async(std::launch::async, work);
            ASSERT_TRUE(support::waitUntil([&] { return isSomebodyWaiting(); }));

            EXPECT_NO_THROW(lock(high_)) << "is locked before the lower one";
        }
        EXPECT_TRUE(working.get());
    }

    // What is not sorted comes as it lies on the disk.
    static constexpr const char* kNoIndexes =
        "%20-cenable_indexscan%3Doff%20-cenable_bitmapscan%3Doff";
    std::string url_ = server().url("t_" + nameOfTest()) + kNoIndexes;
    PgConnection other_{url_};
    record::KioskId low_{"kiosk-1"};
    record::KioskId high_{"kiosk-2"};
};

TEST_F(PgLockOrder, OfWhoBegins) {
    (void)open();
    lease({kOwn.name, {{9}}});  // its last run
    PgLeases leases(url_, kScope, kOwn);

    expectInOrder([&] { return leases.renew()->all(); });
}

TEST_F(PgLockOrder, OfWhoRenews) {
    (void)open();
    PgLeases leases(url_, kScope, kOwn);
    ASSERT_TRUE(leases.renew()->all());
    lease(kOwn);

    expectInOrder([&] { return leases.renew()->all(); });
}

TEST_F(PgLockOrder, OfWhoReleases) {
    (void)open();
    PgLeases leases(url_, kScope, kOwn);
    ASSERT_TRUE(leases.renew()->all());
    lease(kOwn);

    expectInOrder([&] { return leases.release(), true; });

    EXPECT_THAT(liveWorkers(url_).value(), testing::IsEmpty());
}

class PgLockOrderOfIntake : public PgLockOrder, public testing::WithParamInterface<Whose> {};

TEST_P(PgLockOrderOfIntake, OfWhoTakesRecords) {
    const auto store = open();
    lease(kOwn);
    const Bytes batch(10, 1);
    Intake intake;
    intake.whose = GetParam();
    intake.parcels = {{high_, batch}, {low_, batch}};

    expectInOrder([&] { return store->take(intake, kNow).has_value(); });
}

INSTANTIATE_TEST_SUITE_P(Whoever, PgLockOrderOfIntake,
                         testing::Values(Whose::Own, Whose::Anybodys));

}  // namespace
}  // namespace tapport::hub
