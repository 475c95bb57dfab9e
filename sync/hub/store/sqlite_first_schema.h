// SPDX-License-Identifier: GPL-3.0-or-later
// The tables as they were first, in SQLite; what came later: sqlite_schema.cpp. Never changed:
// files were made with it.
#pragma once

namespace tapport::hub {

// Every key begins with tenant and event and holds the client's own UUIDv7, so that PostgreSQL can
// partition by event and no database hands out ids. Enumerations are stored as in sync/record.
// unit, contact, consent_event, conversation and promise are only ever inserted into; erasure alone
// deletes, and leaves the consent events as the proof.
inline constexpr const char* kFirstSchema = R"sql(
CREATE TABLE hub (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch BLOB NOT NULL CHECK (length(epoch) = 8)
);
INSERT INTO hub VALUES (1, randomblob(8));

CREATE TABLE sealed_unit (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    unit_id BLOB NOT NULL CHECK (length(unit_id) = 16),
    kiosk TEXT NOT NULL,
    epoch BLOB NOT NULL CHECK (length(epoch) = 8),
    seq INTEGER NOT NULL CHECK (seq > 0),
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    sealed BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    standing INTEGER NOT NULL DEFAULT 0 CHECK (standing BETWEEN 0 AND 2),
    PRIMARY KEY (tenant_id, event_id, unit_id)
);
CREATE INDEX sealed_unit_position ON sealed_unit (tenant_id, event_id, kiosk, epoch, seq);
CREATE INDEX sealed_unit_waiting ON sealed_unit (tenant_id, event_id, unit_id) WHERE standing = 0;

CREATE TABLE held_span (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kiosk TEXT NOT NULL,
    epoch BLOB NOT NULL CHECK (length(epoch) = 8),
    is_quarantined INTEGER NOT NULL CHECK (is_quarantined IN (0, 1)),
    first_seq INTEGER NOT NULL CHECK (first_seq > 0),
    last_seq INTEGER NOT NULL CHECK (last_seq >= first_seq),
    PRIMARY KEY (tenant_id, event_id, kiosk, epoch, is_quarantined, first_seq)
) WITHOUT ROWID;

CREATE TABLE kiosk_epoch (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kiosk TEXT NOT NULL,
    epoch BLOB NOT NULL CHECK (length(epoch) = 8),
    announced_last INTEGER NOT NULL,
    heard_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, event_id, kiosk, epoch)
) WITHOUT ROWID;

CREATE TABLE fork (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    unit_id BLOB NOT NULL,
    found_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, event_id, unit_id),
    FOREIGN KEY (tenant_id, event_id, unit_id) REFERENCES sealed_unit
) WITHOUT ROWID;

CREATE TABLE quarantine (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    reason INTEGER NOT NULL CHECK (reason BETWEEN 0 AND 6),
    topic TEXT NOT NULL,
    payload BLOB NOT NULL,
    detail TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    UNIQUE (tenant_id, event_id, digest, reason, topic)
);

CREATE TABLE unit (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    unit_id BLOB NOT NULL,
    kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 4),
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    occurred_at INTEGER NOT NULL,
    clock_quality INTEGER NOT NULL CHECK (clock_quality BETWEEN 0 AND 3),
    boot_id BLOB NOT NULL CHECK (length(boot_id) = 16),
    monotonic_ms INTEGER NOT NULL,
    kiosk TEXT NOT NULL,
    epoch BLOB NOT NULL CHECK (length(epoch) = 8),
    seq INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, event_id, unit_id),
    FOREIGN KEY (tenant_id, event_id, unit_id) REFERENCES sealed_unit
) WITHOUT ROWID;
CREATE INDEX unit_kind ON unit (tenant_id, event_id, kind);

CREATE TABLE contact (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    unit_id BLOB NOT NULL,
    name TEXT NOT NULL,
    company TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (tenant_id, event_id, subject_id, unit_id),
    FOREIGN KEY (tenant_id, event_id, unit_id) REFERENCES unit
);

CREATE TABLE consent_event (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    consent_id BLOB NOT NULL CHECK (length(consent_id) = 16),
    unit_id BLOB NOT NULL,
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    purpose TEXT NOT NULL,
    channel INTEGER NOT NULL CHECK (channel BETWEEN 0 AND 4),
    state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 6),
    method INTEGER NOT NULL CHECK (method BETWEEN 0 AND 5),
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
    PRIMARY KEY (tenant_id, event_id, consent_id),
    FOREIGN KEY (tenant_id, event_id, unit_id) REFERENCES unit
);
CREATE INDEX consent_event_subject ON consent_event (tenant_id, event_id, subject_id, state);
CREATE INDEX consent_event_count ON consent_event (tenant_id, event_id, purpose, channel, state);

CREATE TABLE conversation (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    conversation_id BLOB NOT NULL CHECK (length(conversation_id) = 16),
    unit_id BLOB NOT NULL,
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    staff TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    clock_quality INTEGER NOT NULL CHECK (clock_quality BETWEEN 0 AND 3),
    boot_id BLOB NOT NULL CHECK (length(boot_id) = 16),
    monotonic_ms INTEGER NOT NULL,
    need TEXT NOT NULL,
    readiness TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (tenant_id, event_id, conversation_id),
    FOREIGN KEY (tenant_id, event_id, unit_id) REFERENCES unit
);
CREATE INDEX conversation_subject ON conversation (tenant_id, event_id, subject_id);

CREATE TABLE promise (
    tenant_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    conversation_id BLOB NOT NULL,
    what TEXT NOT NULL,
    due_day INTEGER NOT NULL,
    owner TEXT NOT NULL,
    PRIMARY KEY (tenant_id, event_id, conversation_id),
    FOREIGN KEY (tenant_id, event_id, conversation_id) REFERENCES conversation
);
)sql";

}  // namespace tapport::hub
