// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/store/sqlite_schema.h"

#include "sync/hub/store/sqlite_first_schema.h"

#include <array>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/core.h>

namespace tapport::hub {
namespace {

// "TapH": tells a hub's file from any other SQLite file.
constexpr int kApplicationId = 0x54617048;

// What a signed receipt needs to be rebuilt bit by bit, who signed it, which state of the hub a
// unit made, and what was exported. CHECKs cannot be altered: two tables are copied.
constexpr const char* kProof = R"sql(
ALTER TABLE hub ADD COLUMN proof_keys BLOB CHECK (length(proof_keys) = 32);

ALTER TABLE unit ADD COLUMN receipt_id BLOB CHECK (length(receipt_id) = 16);
ALTER TABLE unit ADD COLUMN proof BLOB CHECK (length(proof) = 64);
ALTER TABLE unit ADD COLUMN proof_state INTEGER NOT NULL DEFAULT 0 CHECK (proof_state BETWEEN 0 AND 4);
ALTER TABLE unit ADD COLUMN state_version INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX unit_receipt ON unit (tenant_id, event_id, receipt_id)
    WHERE receipt_id IS NOT NULL;
CREATE INDEX unit_state ON unit (tenant_id, event_id, state_version);
CREATE INDEX unit_subject ON unit (tenant_id, event_id, subject_id);

CREATE TABLE consent_event_2 (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    consent_id BLOB NOT NULL CHECK (length(consent_id) = 16),
    unit_id BLOB NOT NULL,
    place INTEGER NOT NULL CHECK (place >= 0),
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    purpose TEXT NOT NULL,
    channel INTEGER NOT NULL CHECK (channel BETWEEN 0 AND 4),
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 9),
    method INTEGER NOT NULL CHECK (method BETWEEN 0 AND 7),
    expressed_by INTEGER NOT NULL CHECK (expressed_by BETWEEN 0 AND 3),
    notice_id TEXT NOT NULL,
    notice_version INTEGER NOT NULL,
    notice_hash BLOB NOT NULL CHECK (length(notice_hash) = 32),
    notice_language TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    clock_quality INTEGER NOT NULL CHECK (clock_quality BETWEEN 0 AND 3),
    boot_id BLOB NOT NULL CHECK (length(boot_id) = 16),
    monotonic_ms INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    screen TEXT NOT NULL,
    build TEXT NOT NULL,
    option_order TEXT NOT NULL,
    dwell_ms INTEGER NOT NULL,
    staff TEXT,
    causes BLOB NOT NULL CHECK (length(causes) % 16 = 0),
    hub_state INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, event_id, consent_id),
    UNIQUE (tenant_id, event_id, unit_id, place),
    FOREIGN KEY (tenant_id, event_id, unit_id) REFERENCES unit
);
INSERT INTO consent_event_2
    SELECT tenant_id, event_id, consent_id, unit_id,
        row_number() OVER (PARTITION BY tenant_id, event_id, unit_id ORDER BY consent_id) - 1,
        subject_id, purpose, channel, state, method, 0, notice_id, notice_version, notice_hash,
        notice_language, occurred_at, clock_quality, boot_id, monotonic_ms, valid_until, screen,
        build, option_order, dwell_ms, staff, causes, 0
    FROM consent_event;
DROP TABLE consent_event;
ALTER TABLE consent_event_2 RENAME TO consent_event;
CREATE INDEX consent_event_subject ON consent_event (tenant_id, event_id, subject_id, state);
CREATE INDEX consent_event_count ON consent_event (tenant_id, event_id, purpose, channel, state);

CREATE TABLE quarantine_2 (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    reason INTEGER NOT NULL CHECK (reason BETWEEN 0 AND 7),
    topic TEXT NOT NULL,
    payload BLOB NOT NULL,
    detail TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    unit_id BLOB CHECK (length(unit_id) = 16),
    subject_id BLOB CHECK (length(subject_id) = 16),
    UNIQUE (tenant_id, event_id, digest, reason, topic)
);
INSERT INTO quarantine_2 SELECT *, NULL, NULL FROM quarantine;
DROP TABLE quarantine;
ALTER TABLE quarantine_2 RENAME TO quarantine;
CREATE INDEX quarantine_subject ON quarantine (tenant_id, event_id, subject_id)
    WHERE subject_id IS NOT NULL;

ALTER TABLE hub ADD COLUMN suppression_key BLOB CHECK (length(suppression_key) = 32);

CREATE TABLE suppression (
    tenant_id TEXT NOT NULL,
    mark BLOB NOT NULL CHECK (length(mark) = 32),
    event_id TEXT NOT NULL,
    consent_id BLOB NOT NULL CHECK (length(consent_id) = 16),
    state_version INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, mark, event_id, consent_id)
) WITHOUT ROWID;

CREATE TABLE export_log (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    export_id BLOB NOT NULL CHECK (length(export_id) = 16),
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    state_version INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    people_count INTEGER NOT NULL,
    is_final INTEGER NOT NULL CHECK (is_final IN (0, 1)),
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    manifest TEXT NOT NULL,
    PRIMARY KEY (tenant_id, event_id, export_id)
);
)sql";

// The chain through each sequence, where a sequence left another one, and messages that nobody
// known signed.
constexpr const char* kChain = R"sql(
ALTER TABLE kiosk_epoch ADD COLUMN fork_epoch BLOB CHECK (length(fork_epoch) = 8);
ALTER TABLE kiosk_epoch ADD COLUMN fork_seq INTEGER CHECK (fork_seq >= 0);

DROP TABLE held_span;
CREATE TABLE held_span (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kiosk TEXT NOT NULL,
    epoch BLOB NOT NULL CHECK (length(epoch) = 8),
    is_quarantined INTEGER NOT NULL CHECK (is_quarantined IN (0, 1)),
    first_seq INTEGER NOT NULL CHECK (first_seq > 0),
    last_seq INTEGER NOT NULL CHECK (last_seq >= first_seq),
    chain_before BLOB NOT NULL CHECK (length(chain_before) = 32),
    chain_after BLOB NOT NULL CHECK (length(chain_after) = 32),
    PRIMARY KEY (tenant_id, event_id, kiosk, epoch, is_quarantined, first_seq)
) WITHOUT ROWID;

CREATE TABLE quarantine_3 (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    reason INTEGER NOT NULL CHECK (reason BETWEEN 0 AND 8),
    topic TEXT NOT NULL,
    payload BLOB NOT NULL,
    detail TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    unit_id BLOB CHECK (length(unit_id) = 16),
    subject_id BLOB CHECK (length(subject_id) = 16),
    UNIQUE (tenant_id, event_id, digest, reason, topic)
);
INSERT INTO quarantine_3 SELECT * FROM quarantine;
DROP TABLE quarantine;
ALTER TABLE quarantine_3 RENAME TO quarantine;
CREATE INDEX quarantine_subject ON quarantine (tenant_id, event_id, subject_id)
    WHERE subject_id IS NOT NULL;
)sql";

// A sixth state of a proof, and what erasure emptied leaves the quarantine. A CHECK of one column
// goes with that column.
constexpr const char* kEdition = R"sql(
ALTER TABLE unit ADD COLUMN checked_state INTEGER NOT NULL DEFAULT 0 CHECK (checked_state BETWEEN 0 AND 5);
UPDATE unit SET checked_state = proof_state;
ALTER TABLE unit DROP COLUMN proof_state;
ALTER TABLE unit RENAME COLUMN checked_state TO proof_state;

DELETE FROM quarantine WHERE unit_id IS NOT NULL AND length(payload) = 0;

ALTER TABLE hub ADD COLUMN state_version INTEGER NOT NULL DEFAULT 0;
UPDATE hub SET state_version = max((SELECT ifnull(max(state_version), 0) FROM unit),
                                   (SELECT ifnull(max(state_version), 0) FROM suppression));

CREATE INDEX suppression_state ON suppression (tenant_id, event_id, state_version);
)sql";

// What an operator gave up stays, without its bytes.
constexpr const char* kDiscards = R"sql(
ALTER TABLE quarantine ADD COLUMN discarded_at INTEGER;
ALTER TABLE quarantine ADD COLUMN discarded_by TEXT;
ALTER TABLE quarantine ADD COLUMN discarded_why TEXT;
)sql";

// What kiosks are told: of each key the last item. Kinds as in sync/wire.
constexpr const char* kDownstream = R"sql(
ALTER TABLE hub ADD COLUMN down_version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE down_item (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),
    kiosk TEXT NOT NULL,
    item_key BLOB NOT NULL CHECK (length(item_key) BETWEEN 1 AND 64),
    version INTEGER NOT NULL CHECK (version > 0),
    payload BLOB CHECK (length(payload) > 0),
    fingerprint BLOB NOT NULL,
    subject_id BLOB CHECK (length(subject_id) = 16),
    bare BLOB NOT NULL,
    PRIMARY KEY (tenant_id, event_id, kind, kiosk, item_key)
);
CREATE UNIQUE INDEX down_item_version ON down_item (tenant_id, event_id, version);
CREATE INDEX down_item_subject ON down_item (tenant_id, event_id, subject_id)
    WHERE subject_id IS NOT NULL;
)sql";

constexpr const char* kWatermark = R"sql(
CREATE TABLE watermark (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kiosk TEXT NOT NULL,
    epoch BLOB NOT NULL CHECK (length(epoch) = 8),
    seq INTEGER NOT NULL CHECK (seq > 0),
    set_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, event_id, kiosk, epoch)
) WITHOUT ROWID;
)sql";

/// Where what an entry holds belongs, so that a position that is given up holds up nothing.
constexpr const char* kQuarantinedLinks = R"sql(
CREATE TABLE quarantined_link (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kiosk TEXT NOT NULL,
    epoch BLOB NOT NULL CHECK (length(epoch) = 8),
    seq INTEGER NOT NULL CHECK (seq > 0),
    number INTEGER NOT NULL,
    chain_before BLOB NOT NULL CHECK (length(chain_before) = 32),
    chain_after BLOB NOT NULL CHECK (length(chain_after) = 32),
    PRIMARY KEY (tenant_id, event_id, kiosk, epoch, seq, number)
) WITHOUT ROWID;
)sql";

// What is read from a kiosk's disk waits in quarantine. Numbers are never used twice, also when
// the entries are gone.
constexpr const char* kRecovered = R"sql(
CREATE TABLE quarantine_8 (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    reason INTEGER NOT NULL CHECK (reason BETWEEN 0 AND 9),
    topic TEXT NOT NULL,
    payload BLOB NOT NULL,
    detail TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    unit_id BLOB CHECK (length(unit_id) = 16),
    subject_id BLOB CHECK (length(subject_id) = 16),
    discarded_at INTEGER,
    discarded_by TEXT,
    discarded_why TEXT,
    UNIQUE (tenant_id, event_id, digest, reason, topic)
);
INSERT INTO sqlite_sequence SELECT 'quarantine_8', seq FROM sqlite_sequence WHERE name = 'quarantine';
INSERT INTO quarantine_8 SELECT * FROM quarantine;
DROP TABLE quarantine;
ALTER TABLE quarantine_8 RENAME TO quarantine;
CREATE INDEX quarantine_subject ON quarantine (tenant_id, event_id, subject_id)
    WHERE subject_id IS NOT NULL;
)sql";

// How far a kiosk's clock was ahead when it was heard last.
constexpr const char* kClocks = R"sql(
ALTER TABLE kiosk_epoch ADD COLUMN clock_ahead_ms INTEGER;
)sql";

// Batches as they came, until they are sorted: the oldest first, so the key is all they need.
constexpr const char* kInbox = R"sql(
CREATE TABLE inbox (
    number INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kiosk TEXT NOT NULL,
    shard INTEGER NOT NULL CHECK (shard BETWEEN 0 AND 63),
    received_at INTEGER NOT NULL,
    payload BLOB NOT NULL
);
)sql";

// But those of a kiosk that says hello come before others.
constexpr const char* kInboxKiosk = R"sql(
CREATE INDEX inbox_kiosk ON inbox (tenant_id, event_id, kiosk, number);
)sql";

// An erasure finds what a unit has there, also where there is very much.
constexpr const char* kQuarantinedUnits = R"sql(
CREATE INDEX quarantine_unit ON quarantine (tenant_id, event_id, unit_id)
    WHERE unit_id IS NOT NULL;
)sql";

// Of what kiosks are told, what is urgent has an order of its own, apart from the roster's. Lanes
// as in down_log.h.
constexpr const char* kLanes = R"sql(
ALTER TABLE hub ADD COLUMN bulk_version INTEGER NOT NULL DEFAULT 0;
UPDATE hub SET bulk_version = down_version;

ALTER TABLE down_item ADD COLUMN lane INTEGER NOT NULL DEFAULT 0 CHECK (lane BETWEEN 0 AND 1);
UPDATE down_item SET lane = 1 WHERE kind = 1 AND (payload IS NOT NULL OR subject_id IS NULL);
DROP INDEX down_item_version;
CREATE UNIQUE INDEX down_item_version ON down_item (tenant_id, event_id, lane, version);
)sql";

struct Migration {
    const char* sql;
    void (*after)(SQLite::Database&);
};
constexpr std::array<Migration, 14> kMigrations{{{kFirstSchema, nullptr},
                                                 {kProof, nullptr},
                                                 {kChain, linkUnits},
                                                 {kEdition, nullptr},
                                                 {kDiscards, nullptr},
                                                 {kDownstream, nullptr},
                                                 {kWatermark, nullptr},
                                                 {kQuarantinedLinks, nullptr},
                                                 {kRecovered, nullptr},
                                                 {kClocks, nullptr},
                                                 {kInbox, nullptr},
                                                 {kInboxKiosk, nullptr},
                                                 {kQuarantinedUnits, nullptr},
                                                 {kLanes, nullptr}}};

int pragma(SQLite::Database& database, const char* name) {
    return database.execAndGet(fmt::format("PRAGMA {}", name)).getInt();
}

}  // namespace

bool isHubDatabase(SQLite::Database& database) {
    return pragma(database, "application_id") == kApplicationId;
}

Result<> migrate(SQLite::Database& database) {
    const int application = pragma(database, "application_id");
    const int version = pragma(database, "user_version");
    const bool isEmpty = database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
    if (application != kApplicationId && !isEmpty) {
        return fail(Code::InvalidConfig, "the database file was not made by tapport-hub");
    }
    if (version > static_cast<int>(kMigrations.size())) {
        return fail(Code::InvalidConfig,
                    fmt::format("the database has schema {}, this program knows {}", version,
                                kMigrations.size()));
    }
    for (auto step = static_cast<std::size_t>(version); step < kMigrations.size(); ++step) {
        SQLite::Transaction transaction(database);
        database.exec(kMigrations.at(step).sql);
        if (kMigrations.at(step).after != nullptr) {
            kMigrations.at(step).after(database);
        }
        database.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                  kApplicationId, step + 1));
        if (SQLite::Statement(database, "PRAGMA foreign_key_check").executeStep()) {
            return fail(Code::Storage, fmt::format("migration to schema {} found rows without "
                                                   "their parent",
                                                   step + 1));
        }
        transaction.commit();
    }
    return {};
}

}  // namespace tapport::hub
