// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/used_postgres.h"

#include <fmt/core.h>

namespace tapport::bench {
namespace {

// A quarter of a small server's memory, as the manual has it, and its log's files used again.
const support::Postgres::Settings kSettings{"shared_buffers=256MB", "min_wal_size=1GB",
                                            "max_wal_size=4GB"};

}  // namespace

UsedPostgres::UsedPostgres() : server_(kSettings) {
    // As much as the memory holds; external: not squeezed to nothing.
    for (const char* const statement :
         {"CREATE TABLE used (page text)",
          "ALTER TABLE used ALTER COLUMN page SET STORAGE EXTERNAL",
          "INSERT INTO used SELECT repeat(md5(i::text), 250) FROM generate_series(1, 120000) AS i",
          "DROP TABLE used"}) {
        (void)server_.query("public", statement);
    }
}

std::string UsedPostgres::newDatabase() {
    if (databases_ > 0) {
        (void)server_.query("public", fmt::format("DROP SCHEMA hub{} CASCADE", databases_));
    }
    (void)server_.query("public", "CHECKPOINT");
    return server_.url(fmt::format("hub{}", ++databases_));
}

}  // namespace tapport::bench
