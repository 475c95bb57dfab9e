// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/store/pg_schema.h"

#include <array>

#include <fmt/core.h>

namespace tapport::hub {
namespace {

// The tables and columns of sqlite_schema.cpp, in the same order: both dialects insert by position.
// Text compares byte by byte, as it does there.
constexpr const char* kFirst = R"sql(
CREATE TABLE hub (
    one smallint PRIMARY KEY CHECK (one = 1),
    epoch bytea NOT NULL CHECK (length(epoch) = 8),
    proof_keys bytea CHECK (length(proof_keys) = 32),
    suppression_key bytea CHECK (length(suppression_key) = 32),
    state_version bigint NOT NULL DEFAULT 0
);
INSERT INTO hub VALUES (1, decode(substr(md5(gen_random_uuid()::text), 1, 16), 'hex'));

CREATE TABLE sealed_unit (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    unit_id bytea NOT NULL CHECK (length(unit_id) = 16),
    kiosk text COLLATE "C" NOT NULL,
    epoch bytea NOT NULL CHECK (length(epoch) = 8),
    seq bigint NOT NULL CHECK (seq > 0),
    digest bytea NOT NULL CHECK (length(digest) = 32),
    sealed bytea NOT NULL,
    received_at bigint NOT NULL,
    shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 63),
    standing smallint NOT NULL DEFAULT 0 CHECK (standing BETWEEN 0 AND 2),
    PRIMARY KEY (tenant_id, event_id, unit_id)
);
CREATE INDEX sealed_unit_position ON sealed_unit (tenant_id, event_id, kiosk, epoch, seq);
CREATE INDEX sealed_unit_waiting ON sealed_unit (tenant_id, event_id, unit_id) WHERE standing = 0;

CREATE TABLE held_span (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    kiosk text COLLATE "C" NOT NULL,
    epoch bytea NOT NULL CHECK (length(epoch) = 8),
    is_quarantined smallint NOT NULL CHECK (is_quarantined IN (0, 1)),
    first_seq bigint NOT NULL CHECK (first_seq > 0),
    last_seq bigint NOT NULL CHECK (last_seq >= first_seq),
    chain_before bytea NOT NULL CHECK (length(chain_before) = 32),
    chain_after bytea NOT NULL CHECK (length(chain_after) = 32),
    PRIMARY KEY (tenant_id, event_id, kiosk, epoch, is_quarantined, first_seq)
);

CREATE TABLE kiosk_epoch (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    kiosk text COLLATE "C" NOT NULL,
    epoch bytea NOT NULL CHECK (length(epoch) = 8),
    announced_last bigint NOT NULL,
    heard_at bigint NOT NULL,
    fork_epoch bytea CHECK (length(fork_epoch) = 8),
    fork_seq bigint CHECK (fork_seq >= 0),
    PRIMARY KEY (tenant_id, event_id, kiosk, epoch)
);

CREATE TABLE fork (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    unit_id bytea NOT NULL,
    found_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, event_id, unit_id),
    FOREIGN KEY (tenant_id, event_id, unit_id) REFERENCES sealed_unit
);

CREATE TABLE quarantine (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    digest bytea NOT NULL CHECK (length(digest) = 32),
    reason smallint NOT NULL CHECK (reason BETWEEN 0 AND 8),
    topic text COLLATE "C" NOT NULL,
    payload bytea NOT NULL,
    detail text COLLATE "C" NOT NULL,
    first_at bigint NOT NULL,
    last_at bigint NOT NULL,
    times bigint NOT NULL DEFAULT 1,
    unit_id bytea CHECK (length(unit_id) = 16),
    subject_id bytea CHECK (length(subject_id) = 16),
    UNIQUE (tenant_id, event_id, digest, reason, topic)
);
CREATE INDEX quarantine_subject ON quarantine (tenant_id, event_id, subject_id)
    WHERE subject_id IS NOT NULL;

CREATE TABLE unit (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    unit_id bytea NOT NULL,
    kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 4),
    subject_id bytea NOT NULL CHECK (length(subject_id) = 16),
    occurred_at bigint NOT NULL,
    clock_quality smallint NOT NULL CHECK (clock_quality BETWEEN 0 AND 3),
    boot_id bytea NOT NULL CHECK (length(boot_id) = 16),
    monotonic_ms bigint NOT NULL,
    kiosk text COLLATE "C" NOT NULL,
    epoch bytea NOT NULL CHECK (length(epoch) = 8),
    seq bigint NOT NULL,
    received_at bigint NOT NULL,
    receipt_id bytea CHECK (length(receipt_id) = 16),
    proof bytea CHECK (length(proof) = 64),
    state_version bigint NOT NULL,
    proof_state smallint NOT NULL CHECK (proof_state BETWEEN 0 AND 5),
    PRIMARY KEY (tenant_id, event_id, unit_id),
    FOREIGN KEY (tenant_id, event_id, unit_id) REFERENCES sealed_unit
);
CREATE INDEX unit_kind ON unit (tenant_id, event_id, kind);
CREATE UNIQUE INDEX unit_receipt ON unit (tenant_id, event_id, receipt_id)
    WHERE receipt_id IS NOT NULL;
CREATE INDEX unit_state ON unit (tenant_id, event_id, state_version);
CREATE INDEX unit_subject ON unit (tenant_id, event_id, subject_id);

CREATE TABLE contact (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    subject_id bytea NOT NULL CHECK (length(subject_id) = 16),
    unit_id bytea NOT NULL,
    name text COLLATE "C" NOT NULL,
    company text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    phone text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, event_id, subject_id, unit_id),
    FOREIGN KEY (tenant_id, event_id, unit_id) REFERENCES unit
);

CREATE TABLE consent_event (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    consent_id bytea NOT NULL CHECK (length(consent_id) = 16),
    unit_id bytea NOT NULL,
    place bigint NOT NULL CHECK (place >= 0),
    subject_id bytea NOT NULL CHECK (length(subject_id) = 16),
    purpose text COLLATE "C" NOT NULL,
    channel smallint NOT NULL CHECK (channel BETWEEN 0 AND 4),
    state smallint NOT NULL CHECK (state BETWEEN 0 AND 9),
    method smallint NOT NULL CHECK (method BETWEEN 0 AND 7),
    expressed_by smallint NOT NULL CHECK (expressed_by BETWEEN 0 AND 3),
    notice_id text COLLATE "C" NOT NULL,
    notice_version bigint NOT NULL,
    notice_hash bytea NOT NULL CHECK (length(notice_hash) = 32),
    notice_language text COLLATE "C" NOT NULL,
    occurred_at bigint NOT NULL,
    clock_quality smallint NOT NULL CHECK (clock_quality BETWEEN 0 AND 3),
    boot_id bytea NOT NULL CHECK (length(boot_id) = 16),
    monotonic_ms bigint NOT NULL,
    valid_until bigint NOT NULL,
    screen text COLLATE "C" NOT NULL,
    build text COLLATE "C" NOT NULL,
    option_order text COLLATE "C" NOT NULL,
    dwell_ms bigint NOT NULL,
    staff text COLLATE "C",
    causes bytea NOT NULL CHECK (length(causes) % 16 = 0),
    hub_state bigint NOT NULL,
    PRIMARY KEY (tenant_id, event_id, consent_id),
    UNIQUE (tenant_id, event_id, unit_id, place),
    FOREIGN KEY (tenant_id, event_id, unit_id) REFERENCES unit
);
CREATE INDEX consent_event_subject ON consent_event (tenant_id, event_id, subject_id, state);
CREATE INDEX consent_event_count ON consent_event (tenant_id, event_id, purpose, channel, state);

CREATE TABLE conversation (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    conversation_id bytea NOT NULL CHECK (length(conversation_id) = 16),
    unit_id bytea NOT NULL,
    subject_id bytea NOT NULL CHECK (length(subject_id) = 16),
    staff text COLLATE "C" NOT NULL,
    occurred_at bigint NOT NULL,
    clock_quality smallint NOT NULL CHECK (clock_quality BETWEEN 0 AND 3),
    boot_id bytea NOT NULL CHECK (length(boot_id) = 16),
    monotonic_ms bigint NOT NULL,
    need text COLLATE "C" NOT NULL,
    readiness text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, event_id, conversation_id),
    FOREIGN KEY (tenant_id, event_id, unit_id) REFERENCES unit
);
CREATE INDEX conversation_subject ON conversation (tenant_id, event_id, subject_id);

CREATE TABLE promise (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    conversation_id bytea NOT NULL,
    what text COLLATE "C" NOT NULL,
    due_day bigint NOT NULL,
    owner text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, event_id, conversation_id),
    FOREIGN KEY (tenant_id, event_id, conversation_id) REFERENCES conversation
);

CREATE TABLE suppression (
    tenant_id text COLLATE "C" NOT NULL,
    mark bytea NOT NULL CHECK (length(mark) = 32),
    event_id text COLLATE "C" NOT NULL,
    consent_id bytea NOT NULL CHECK (length(consent_id) = 16),
    state_version bigint NOT NULL,
    PRIMARY KEY (tenant_id, mark, event_id, consent_id)
);

CREATE INDEX suppression_state ON suppression (tenant_id, event_id, state_version);

CREATE TABLE export_log (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    export_id bytea NOT NULL CHECK (length(export_id) = 16),
    created_at bigint NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    state_version bigint NOT NULL,
    row_count bigint NOT NULL,
    people_count bigint NOT NULL,
    is_final smallint NOT NULL CHECK (is_final IN (0, 1)),
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    manifest text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, event_id, export_id)
);

CREATE TABLE hub_worker (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    worker text COLLATE "C" NOT NULL,
    alive_until timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, event_id, worker)
);

CREATE TABLE shard_lease (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 63),
    worker text COLLATE "C" NOT NULL,
    instance bytea NOT NULL,
    held_until timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, event_id, shard)
);

-- What is erased is overwritten soon, not when a fifth of the table is dead.
ALTER TABLE contact SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);
ALTER TABLE conversation SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);
ALTER TABLE promise SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);
)sql";

// From here on as schemas 5 and later of SQLite.
constexpr const char* kDiscards = R"sql(
ALTER TABLE quarantine ADD COLUMN discarded_at bigint;
ALTER TABLE quarantine ADD COLUMN discarded_by text COLLATE "C";
ALTER TABLE quarantine ADD COLUMN discarded_why text COLLATE "C";
)sql";

constexpr const char* kDownstream = R"sql(
ALTER TABLE hub ADD COLUMN down_version bigint NOT NULL DEFAULT 0;

CREATE TABLE down_item (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    kind smallint NOT NULL CHECK (kind BETWEEN 0 AND 3),
    kiosk text COLLATE "C" NOT NULL,
    item_key bytea NOT NULL CHECK (length(item_key) BETWEEN 1 AND 64),
    version bigint NOT NULL CHECK (version > 0),
    payload bytea CHECK (length(payload) > 0),
    fingerprint bytea NOT NULL,
    subject_id bytea CHECK (length(subject_id) = 16),
    bare bytea NOT NULL,
    PRIMARY KEY (tenant_id, event_id, kind, kiosk, item_key)
);
CREATE UNIQUE INDEX down_item_version ON down_item (tenant_id, event_id, version);
CREATE INDEX down_item_subject ON down_item (tenant_id, event_id, subject_id)
    WHERE subject_id IS NOT NULL;
)sql";

constexpr const char* kWatermark = R"sql(
CREATE TABLE watermark (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    kiosk text COLLATE "C" NOT NULL,
    epoch bytea NOT NULL CHECK (length(epoch) = 8),
    seq bigint NOT NULL CHECK (seq > 0),
    set_at bigint NOT NULL,
    PRIMARY KEY (tenant_id, event_id, kiosk, epoch)
);
)sql";

constexpr const char* kQuarantinedLinks = R"sql(
CREATE TABLE quarantined_link (
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    kiosk text COLLATE "C" NOT NULL,
    epoch bytea NOT NULL CHECK (length(epoch) = 8),
    seq bigint NOT NULL CHECK (seq > 0),
    number bigint NOT NULL,
    chain_before bytea NOT NULL CHECK (length(chain_before) = 32),
    chain_after bytea NOT NULL CHECK (length(chain_after) = 32),
    PRIMARY KEY (tenant_id, event_id, kiosk, epoch, seq, number)
);
)sql";

constexpr const char* kRecovered = R"sql(
ALTER TABLE quarantine DROP CONSTRAINT quarantine_reason_check;
ALTER TABLE quarantine ADD CONSTRAINT quarantine_reason_check CHECK (reason BETWEEN 0 AND 9);
)sql";

constexpr const char* kClocks = R"sql(
ALTER TABLE kiosk_epoch ADD COLUMN clock_ahead_ms bigint;
)sql";

// Batches as they came, until they are sorted. Sealed bytes do not get smaller.
constexpr const char* kInbox = R"sql(
CREATE TABLE inbox (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    kiosk text COLLATE "C" NOT NULL,
    shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 63),
    received_at bigint NOT NULL,
    payload bytea NOT NULL
);
ALTER TABLE inbox ALTER COLUMN payload SET STORAGE EXTERNAL;
)sql";

// Those of a kiosk that says hello come before others.
constexpr const char* kInboxKiosk = R"sql(
CREATE INDEX inbox_kiosk ON inbox (tenant_id, event_id, kiosk, number);
)sql";

constexpr const char* kQuarantinedUnits = R"sql(
CREATE INDEX quarantine_unit ON quarantine (tenant_id, event_id, unit_id)
    WHERE unit_id IS NOT NULL;

-- Sealed bytes can be opened again. Filing and sorting leave dead rows all the time, so during a
-- show these are vacuumed whenever the server looks (autovacuum_naptime, a minute): of sealed_unit
-- the pages that changed; of the inbox all, which is little, because it empties itself.
ALTER TABLE sealed_unit SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);
ALTER TABLE quarantine SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);
ALTER TABLE inbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);
)sql";

constexpr const char* kLanes = R"sql(
ALTER TABLE hub ADD COLUMN bulk_version bigint NOT NULL DEFAULT 0;
UPDATE hub SET bulk_version = down_version;

ALTER TABLE down_item ADD COLUMN lane smallint NOT NULL DEFAULT 0 CHECK (lane BETWEEN 0 AND 1);
UPDATE down_item SET lane = 1 WHERE kind = 1 AND (payload IS NOT NULL OR subject_id IS NULL);
DROP INDEX down_item_version;
CREATE UNIQUE INDEX down_item_version ON down_item (tenant_id, event_id, lane, version);
)sql";

constexpr std::array<const char*, 11> kMigrations{
    kFirst, kDiscards,   kDownstream,       kWatermark, kQuarantinedLinks, kRecovered, kClocks,
    kInbox, kInboxKiosk, kQuarantinedUnits, kLanes};

void makeVersionTable(SqlConnection& connection) {
    const auto addVersion = [&] {
        connection.execute("INSERT INTO schema_version VALUES (1, 0) ON CONFLICT DO NOTHING");
    };
    try {
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_version (one smallint PRIMARY KEY CHECK (one = 1), "
            "version smallint NOT NULL)");
        addVersion();
    } catch (const SqlError&) {
        // Two workers at once: the other one has made it, for which the server has several codes.
        // If it has not, the first error is the one to tell.
        try {
            addVersion();
            return;
        } catch (const SqlError&) {
        }
        throw;
    }
}

}  // namespace

Result<> migratePg(SqlConnection& connection) {
    makeVersionTable(connection);
    SqlTransaction transaction(connection);
    Query row(connection, "SELECT version FROM schema_version FOR UPDATE");
    row.step();
    const auto version = static_cast<std::size_t>(row.count(0));
    if (version > kMigrations.size()) {
        return fail(Code::InvalidConfig,
                    fmt::format("the database has schema {}, this program knows {}", version,
                                kMigrations.size()));
    }
    for (std::size_t step = version; step < kMigrations.size(); ++step) {
        connection.execute(kMigrations.at(step));
    }
    Query(connection, "UPDATE schema_version SET version = ?1", std::uint64_t{kMigrations.size()})
        .run();
    transaction.commit();
    return {};
}

}  // namespace tapport::hub
