// SPDX-License-Identifier: GPL-3.0-or-later
// Statements that travel with the next one: when they run, and who is told that they failed.
#include "sync/hub/store/pg_connection.h"

#include "tests/support/postgres.h"
#include "tests/support/wait_until.h"

#include <csignal>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tapport::hub {
namespace {

support::Postgres& server() {
    static support::Postgres postgres;
    return postgres;
}

/// As /proc says it: S sleeps, R runs.
char stateOf(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    const std::string line{std::istreambuf_iterator<char>(file), {}};
    const std::size_t at = line.rfind(") ");
    return at == std::string::npos ? '?' : line.at(at + 2);
}

class PgConnectionTest : public testing::Test {
  protected:
    void SetUp() override {
        connection_.execute("CREATE TABLE small (number bigint PRIMARY KEY CHECK (number < 10))");
    }
    void insert(std::int64_t number) {
        Query(connection_, "INSERT INTO small VALUES (?1)", number).run();
    }
    static std::int64_t sessionOf(PgConnection& connection) {
        Query self(connection, "SELECT pg_backend_pid()::bigint");
        self.step();
        return self.integer(0);
    }
    /// As the server does it when it is stopped; over when it returns.
    void end(std::int64_t session) {
        Query(other_, "SELECT pg_terminate_backend(?1::integer, 10000)", session).step();
    }
    /// Waits for the lock of row 9, and with it what is far more than fits the buffers between.
    void sendMuchBehindALock() noexcept {
        PgConnection connection(url_);
        SqlTransaction transaction(connection);
        (void)countOf(connection);
        const auto remove = [&](const std::string& text) {
            Query(connection, "DELETE FROM small WHERE length(?1) < 0", text).run();
        };
        remove("");  // prepares it
        Query(connection, "UPDATE small SET number = ?1 WHERE number = ?1", std::int64_t{9}).run();
        remove(std::string(64'000'000, 'x'));
    }
    /// As another session sees it.
    std::int64_t committed() { return countOf(other_); }
    static std::int64_t countOf(PgConnection& connection) {
        Query count(connection, "SELECT count(*) FROM small");
        count.step();
        return count.integer(0);
    }

    std::string url_ = server().url(std::string("t_") +
                                    testing::UnitTest::GetInstance()->current_test_info()->name());
    PgConnection connection_{url_};
    PgConnection other_{url_};
};

TEST_F(PgConnectionTest, OutsideATransactionAStatementRunsAtOnce) {
    insert(1);

    EXPECT_EQ(committed(), 1);
    EXPECT_THROW(insert(1), SqlError);
}

TEST_F(PgConnectionTest, ATransactionsStatementsRunInTheirOrderAndBeforeItsReads) {
    SqlTransaction transaction(connection_);
    insert(1);
    insert(2);
    Query(connection_, "DELETE FROM small WHERE number = ?1", std::int64_t{1}).run();

    EXPECT_EQ(countOf(connection_), 1);
    EXPECT_EQ(Query(connection_, "DELETE FROM small").change(), 1);
    insert(3);
    transaction.commit();
    EXPECT_EQ(committed(), 1);
}

TEST_F(PgConnectionTest, TheCommitThrowsWhatAStatementOnItsWayWouldHaveThrownAndNothingIsKept) {
    const auto commitOfTwoEqual = [&] {
        SqlTransaction transaction(connection_);
        insert(1);
        insert(1);
        insert(2);
        transaction.commit();
    };
    try {
        commitOfTwoEqual();
        FAIL() << "committed";
    } catch (const SqlError& thrown) {
        EXPECT_EQ(thrown.kind(), SqlError::Kind::Content);
        EXPECT_STREQ(thrown.what(), "violates small_pkey");
    }
    EXPECT_EQ(committed(), 0);

    insert(4);  // the session is of use still
    EXPECT_EQ(committed(), 1);
}

TEST_F(PgConnectionTest, AReadThrowsForWhatCameBeforeIt) {
    SqlTransaction transaction(connection_);
    insert(11);

    EXPECT_THROW(countOf(connection_), SqlError);
}

TEST_F(PgConnectionTest, OneSavepointsFailureIsItsOwn) {
    SqlTransaction transaction(connection_);
    insert(1);
    const auto part = [&](std::int64_t number) {
        SqlSavepoint savepoint(connection_);
        insert(number);
        savepoint.release();
    };
    part(2);
    EXPECT_THROW(part(11), SqlError);
    part(3);
    transaction.commit();

    EXPECT_EQ(committed(), 3);
}

TEST_F(PgConnectionTest, ATransactionThatIsGivenUpTakesWhatIsOnItsWayWithIt) {
    {
        SqlTransaction transaction(connection_);
        insert(1);
        insert(11);
    }
    insert(2);

    EXPECT_EQ(committed(), 1);
}

TEST_F(PgConnectionTest, WhoStopsWithMuchOnItsWayLosesItsLocksSoon) {
    insert(9);
    SqlTransaction transaction(connection_);
    constexpr int kFarMoreThanFitsABuffer = 2000;
    for (int i = 0; i < kFarMoreThanFitsABuffer; ++i) {
        Query(connection_, "UPDATE small SET number = ?1 WHERE number = ?1", std::int64_t{9}).run();
    }

    // Waits for the other one's lock, and not as long as for one that lives.
    EXPECT_NO_THROW(Query(other_, "UPDATE small SET number = 8 WHERE number = 9").change());

    EXPECT_THROW(transaction.commit(), SqlError);
}

TEST_F(PgConnectionTest, WhoStopsWithinALargeStatementLosesItsLocksSoon) {
    insert(9);
    SqlTransaction blocking(other_);
    ASSERT_EQ(Query(other_, "UPDATE small SET number = 9 WHERE number = 9").change(), 1);
    const pid_t child = ::fork();
    if (child == 0) {
        sendMuchBehindALock();
        ::_exit(1);  // it does not get here: it is stopped before
    }
    PgConnection looking(url_);
    const auto waits = [&] {
        Query row(looking,
                  "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query "
                  "LIKE 'UPDATE small%'");
        row.step();
        return row.integer(0) == 1;
    };
    EXPECT_TRUE(support::waitUntil(waits));
    EXPECT_TRUE(support::waitUntil([&] { return stateOf(child) == 'S'; }));
    ASSERT_EQ(::kill(child, SIGSTOP), 0);
    blocking.commit();
    ASSERT_TRUE(support::waitUntil([&] { return !waits(); })) << "the lock is the other one's";

    EXPECT_NO_THROW(Query(other_, "UPDATE small SET number = 8 WHERE number = 9").change());

    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
}

TEST_F(PgConnectionTest, OfManyAnswersThatNobodyReadYetTheFirstFailureCounts) {
    const std::string large(10'000, 'x');  // each of them asked to be answered
    const auto runLarge = [&](std::int64_t number) {
        Query(connection_, "INSERT INTO small SELECT ?1 WHERE length(?2) > 0", number, large).run();
    };
    const auto commit = [&](std::initializer_list<std::int64_t> numbers) {
        SqlTransaction transaction(connection_);
        for (const std::int64_t number : numbers) {
            runLarge(number);
        }
        insert(9);  // not asked for
        transaction.commit();
    };
    try {
        commit({1, 2, 2, 11, 3});
        FAIL() << "committed";
    } catch (const SqlError& thrown) {
        EXPECT_STREQ(thrown.what(), "violates small_pkey");
    }
    EXPECT_EQ(committed(), 0);

    commit({4, 5, 6});
    EXPECT_EQ(committed(), 4);
    EXPECT_EQ(countOf(connection_), 4) << "each answer belongs to its statement again";
}

TEST_F(PgConnectionTest, WhoLosesTheSessionWhileItWaitsGetsAFreshOneForTheNextTransaction) {
    const auto loseIn = [&](const char* statement) {
        const std::int64_t session = sessionOf(connection_);
        SqlTransaction transaction(connection_);
        (void)countOf(connection_);
        end(session);
        Query(connection_, statement).step();
    };
    // One that was prepared before, and one that is to be.
    std::int64_t number = 0;
    for (const char* statement : {"SELECT count(*) FROM small", "SELECT max(number) FROM small"}) {
        EXPECT_THROW(loseIn(statement), SqlError);

        SqlTransaction next(connection_);
        insert(++number);
        next.commit();
        EXPECT_EQ(committed(), number);
    }
}

TEST_F(PgConnectionTest, NothingOfALostTransactionRunsOutsideIt) {
    const std::int64_t session = sessionOf(connection_);
    {
        SqlTransaction transaction(connection_);
        (void)countOf(connection_);
        end(session);
        EXPECT_THROW((void)countOf(connection_), SqlError);

        EXPECT_THROW(insert(1), SqlError);
        EXPECT_THROW(insert(2), SqlError);
        EXPECT_THROW(SqlSavepoint{connection_}, SqlError);
        EXPECT_THROW(transaction.commit(), SqlError);
    }
    EXPECT_EQ(committed(), 0);
    insert(3);
    EXPECT_EQ(committed(), 1);
}

TEST_F(PgConnectionTest, ASessionThatIsLostWithStatementsOnTheirWayIsOneErrorAndThenAFreshOne) {
    const std::int64_t session = sessionOf(connection_);
    const auto lose = [&] {
        SqlTransaction transaction(connection_);
        insert(1);
        (void)countOf(connection_);
        insert(2);
        end(session);
        transaction.commit();
    };

    EXPECT_THROW(lose(), SqlError);
    EXPECT_EQ(committed(), 0);
    insert(3);
    EXPECT_EQ(committed(), 1);
}

}  // namespace
}  // namespace tapport::hub
