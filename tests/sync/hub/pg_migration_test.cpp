// SPDX-License-Identifier: GPL-3.0-or-later
// A hub's PostgreSQL database of an earlier version, on a real server: opened, brought up to date,
// nothing of it lost.
#include "sync/hub/store/pg_connection.h"
#include "sync/hub/store/pg_schema.h"
#include "sync/hub/store/pg_store.h"
#include "tests/support/fixture.h"
#include "tests/support/postgres.h"
#include "tests/sync/hub/schema_1.h"
#include "tests/sync/hub/schema_6.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tapport::hub {
namespace {

using namespace samples;
using testing::HasSubstr;

support::Postgres& server() {
    static support::Postgres postgres;
    return postgres;
}

/// Columns with their types and defaults, constraints, indexes and settings of the tables.
constexpr const char* kShape = R"sql(
SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default, is_identity
    FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 2;
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = current_schema()::regnamespace ORDER BY 1, 2;
SELECT indexname, replace(indexdef, current_schema() || '.', '') FROM pg_indexes
    WHERE schemaname = current_schema() ORDER BY 1;
SELECT relname, reloptions::text FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY 1;
SELECT attrelid::regclass::text, attname, attstorage FROM pg_attribute JOIN pg_class c
    ON c.oid = attrelid AND relkind = 'r' WHERE relnamespace = current_schema()::regnamespace
    AND attnum > 0 ORDER BY 1, 2;
)sql";

class PgMigrationTest : public testing::Test {
  protected:
    PgMigrationTest() { read("hub/schema-pg-1.sql"); }
    void read(const std::string& fixture) const {
        const auto made = psql(url_, {"--file", support::fixture(fixture)});
        if (made.status != 0) {
            throw std::runtime_error(made.err);
        }
    }
    static support::Finished psql(const std::string& url, const std::vector<std::string>& what) {
        std::vector<std::string> command{"/usr/lib/postgresql/15/bin/psql",
                                         "--no-psqlrc",
                                         "--quiet",
                                         "--tuples-only",
                                         "--no-align",
                                         "--set=ON_ERROR_STOP=1",
                                         url};
        command.insert(command.end(), what.begin(), what.end());
        return support::run(command);
    }
    static std::string ask(const std::string& url, const std::string& sql) {
        const auto answer = psql(url, {"--command", sql});
        EXPECT_EQ(answer.status, 0) << answer.err;
        return answer.out;
    }
    static std::string named(const std::string& suffix) {
        return std::string("m_") + testing::UnitTest::GetInstance()->current_test_info()->name() +
               suffix;
    }

    std::string url_ = server().url(named(""));
};

TEST_F(PgMigrationTest, ADatabaseOfSchema1KeepsAllItHeld) {
    const auto store = openPgStore(url_, kScope, kKey, {});

    ASSERT_TRUE(store) << store.error().context;
    expectAllOfSchema1(**store);
}

TEST_F(PgMigrationTest, ItTakesAndErasesLikeANewOne) {
    const auto store = openPgStore(url_, kScope, kKey, {}).value();

    eraseOfSchema1(*store);

    EXPECT_EQ(ask(url_,
                  "SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM "
                  "conversation), (SELECT sum(length(sealed)) FROM sealed_unit WHERE seq < "
                  "3)"),
              "0|0|0\n");
}

TEST_F(PgMigrationTest, ItIsMadeLikeANewOne) {
    const std::string fresh = server().url(named("_new"));

    ASSERT_TRUE(openPgStore(url_, kScope, kKey, {}));
    ASSERT_TRUE(openPgStore(fresh, kScope, kKey, {}));

    EXPECT_THAT(ask(fresh, kShape), HasSubstr("quarantine_unit"));
    EXPECT_EQ(ask(url_, kShape), ask(fresh, kShape));
    EXPECT_EQ(ask(url_, "SELECT version FROM schema_version"),
              ask(fresh, "SELECT version FROM schema_version"));
}

TEST_F(PgMigrationTest, OneThatIsUpToDateIsOpenedAsItIs) {
    ASSERT_TRUE(openPgStore(url_, kScope, kKey, {}));

    const auto again = openPgStore(url_, kScope, kKey, {});

    ASSERT_TRUE(again) << again.error().context;
    expectAllOfSchema1(**again);
}

TEST_F(PgMigrationTest, AStepThatFailsLeavesTheDatabaseAsItWas) {
    ask(url_, "CREATE TABLE inbox (taken int)");

    const auto store = openPgStore(url_, kScope, kKey, {});

    EXPECT_FALSE(store);
    EXPECT_EQ(ask(url_, "SELECT version FROM schema_version"), "1\n");
    EXPECT_EQ(ask(url_,
                  "SELECT count(*) FROM information_schema.tables WHERE table_schema = "
                  "current_schema() AND table_name IN ('down_item', 'watermark')"),
              "0\n");
}

TEST_F(PgMigrationTest, ADatabaseOfALaterProgramIsLeftAlone) {
    ask(url_, "UPDATE schema_version SET version = 99");

    const auto store = openPgStore(url_, kScope, kKey, {});

    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Code::InvalidConfig);
}

class PgMigrationOfSchema3 : public PgMigrationTest {
  protected:
    PgMigrationOfSchema3() { read("hub/schema-pg-3.sql"); }
};

TEST_F(PgMigrationOfSchema3, KeepsAllThatWasToldToKiosks) {
    const auto store = openPgStore(url_, kScope, kKey, {});

    ASSERT_TRUE(store) << store.error().context;
    expectAllOfSchema1(**store);
    expectAllToldOfSchema6(**store);
}

TEST_F(PgMigrationOfSchema3, TellsAndErasesOnLikeANewOne) {
    const auto store = openPgStore(url_, kScope, kKey, {}).value();

    tellOnFromSchema6(*store);
}

TEST_F(PgMigrationOfSchema3, IsMadeLikeANewOne) {
    const std::string fresh = server().url(named("_new"));

    ASSERT_TRUE(openPgStore(url_, kScope, kKey, {}));
    ASSERT_TRUE(openPgStore(fresh, kScope, kKey, {}));

    EXPECT_EQ(ask(url_, kShape), ask(fresh, kShape));
}

/// Looks for the table of versions, which is not there; before it makes one, something happens.
class RacedConnection final : public SqlConnection {
  public:
    RacedConnection(PgConnection& connection, std::function<void(PgConnection&)> race)
        : connection_(connection), race_(std::move(race)) {}
    std::unique_ptr<SqlRows> rows(const char* sql, std::span<const SqlValue> values) override {
        return connection_.rows(sql, values);
    }
    int change(const char* sql, std::span<const SqlValue> values) override {
        return connection_.change(sql, values);
    }
    void execute(const char* sql) override {
        if (std::string_view(sql).starts_with("CREATE TABLE IF NOT EXISTS schema_version")) {
            race_(connection_);
        }
        connection_.execute(sql);
    }

  private:
    PgConnection& connection_;
    std::function<void(PgConnection&)> race_;
};

TEST(PgFirstSchema, IsMadeOnceWhateverTheServerCallsWhatAnotherWorkerHasMade) {
    // As the server finds it at its second look, which says no IF NOT EXISTS.
    int schema = 0;
    for (const char* makes : {"CREATE TABLE schema_version (one int)",     // 42P07
                              "CREATE TYPE schema_version AS ENUM ()"}) {  // 42710
        const std::string url = server().url("first_" + std::to_string(++schema));
        PgConnection connection(url);
        RacedConnection raced(connection, [&](PgConnection& late) {
            ASSERT_TRUE(openPgStore(url, kScope, kKey, {}));
            late.execute(makes);
        });

        const auto made = migratePg(raced);

        EXPECT_TRUE(made) << made.error().context;
        EXPECT_TRUE(openPgStore(url, kScope, kKey, {}));
    }
}

TEST(PgFirstSchema, ThatCannotBeMadeSaysWhy) {
    PgConnection connection(server().url("first_not_made"));
    RacedConnection refused(connection, [](PgConnection&) {
        throw SqlError(Code::Storage, SqlError::Kind::Other, "42501 permission denied");
    });

    EXPECT_THAT([&] { (void)migratePg(refused); },
                testing::ThrowsMessage<SqlError>(HasSubstr("42501")));
}

}  // namespace
}  // namespace tapport::hub
