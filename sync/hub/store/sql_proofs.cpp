// SPDX-License-Identifier: GPL-3.0-or-later
// Proofs that are checked again, receipts as they are rebuilt, and the log of exports.
#include "sync/hub/store/sql_store.h"

namespace tapport::hub {
namespace {

ExportEntry exportFrom(Query& row) {
    return {row.id<record::RecordId>(0),
            row.time(1),
            row.text(2),
            row.count(3),
            row.count(4),
            row.count(5),
            row.integer(6) == 1,
            row.id<seal::Sha256>(7),
            row.text(8)};
}

}  // namespace

Result<std::optional<seal::Digest>> SqlStore::proofKeys() {
    return guarded("read the keys' digest", [&]() -> Result<std::optional<seal::Digest>> {
        Query row(*connection_, "SELECT proof_keys FROM hub");
        row.step();
        return row.optionalId<seal::Digest>(0);
    });
}

Result<> SqlStore::setProofKeys(const seal::Digest& keys) {
    return guarded("keep the keys' digest", [&]() -> Result<> {
        Query(*connection_, "UPDATE hub SET proof_keys = ?1", keys).run();
        return {};
    });
}

Receipted SqlStore::readReceipted(Query& row) {
    Receipted receipted;
    record::PositionedUnit& positioned = receipted.unit;
    positioned.position = {{row.text(7)}, row.id<record::Epoch>(8), row.count(9)};
    positioned.proof = row.optionalId<record::Signature>(11);
    record::Unit& unit = positioned.unit;
    unit.id = row.id<record::RecordId>(0);
    unit.kind = row.enumeration<record::UnitKind>(1);
    unit.event = scope_.event;
    unit.subject = row.id<record::SubjectId>(2);
    unit.at = row.clock(3);
    unit.receipt = row.optionalId<record::ReceiptId>(10);
    receipted.proof = row.enumeration<ProofState>(12);
    for (KeptConsent& consent : readConsents(unit.subject, unit.id)) {
        unit.consents.push_back(std::move(consent.event));
    }
    return receipted;
}

Result<std::vector<Receipted>> SqlStore::proofs(const std::optional<record::RecordId>& after,
                                                std::size_t most) {
    return guarded("read proofs", [&]() -> Result<std::vector<Receipted>> {
        std::vector<Receipted> units;
        Query row = query(
            "SELECT unit_id, kind, subject_id, occurred_at, clock_quality, boot_id, monotonic_ms, "
            "kiosk, epoch, seq, receipt_id, proof, proof_state FROM unit WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND unit_id > ?3 AND proof IS NOT NULL ORDER BY unit_id LIMIT ?4",
            after ? after->view() : ByteView{}, static_cast<std::uint64_t>(most));
        while (row.step()) {
            units.push_back(readReceipted(row));
        }
        return units;
    });
}

Result<std::vector<Receipted>> SqlStore::proofsOf(const record::KioskId& kiosk,
                                                  const std::optional<ProofPlace>& after,
                                                  std::size_t most) {
    return guarded("read a kiosk's proofs", [&]() -> Result<std::vector<Receipted>> {
        std::vector<Receipted> units;
        // By position, for which there is an index: by id, all kiosks' would be read.
        Query row = query(
            "SELECT u.unit_id, u.kind, u.subject_id, u.occurred_at, u.clock_quality, u.boot_id, "
            "u.monotonic_ms, u.kiosk, u.epoch, u.seq, u.receipt_id, u.proof, u.proof_state FROM "
            "sealed_unit s JOIN unit u ON u.tenant_id = s.tenant_id AND u.event_id = s.event_id "
            "AND u.unit_id = s.unit_id WHERE s.tenant_id = ?1 AND s.event_id = ?2 AND s.kiosk = "
            "?3 AND (s.epoch, s.seq, s.unit_id) > (?4, ?5, ?6) AND u.proof IS NOT NULL ORDER BY "
            "s.epoch, s.seq, s.unit_id LIMIT ?7",
            kiosk, after ? after->epoch.view() : ByteView{}, after ? after->seq : std::uint64_t{0},
            after ? after->unit.view() : ByteView{}, static_cast<std::uint64_t>(most));
        while (row.step()) {
            units.push_back(readReceipted(row));
        }
        return units;
    });
}

Result<std::optional<Receipted>> SqlStore::receipt(const record::ReceiptId& id) {
    return guarded("read a receipt", [&]() -> Result<std::optional<Receipted>> {
        Query row = query(
            "SELECT unit_id, kind, subject_id, occurred_at, clock_quality, boot_id, monotonic_ms, "
            "kiosk, epoch, seq, receipt_id, proof, proof_state FROM unit WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND receipt_id = ?3",
            id);
        return row.step() ? std::optional(readReceipted(row)) : std::nullopt;
    });
}

Result<> SqlStore::mark(std::span<const ProofMark> marks) {
    return guarded("mark proofs", [&]() -> Result<> {
        SqlTransaction transaction(*connection_);
        const std::uint64_t version = nextVersion();
        for (const ProofMark& mark : marks) {
            query(
                "UPDATE unit SET proof_state = ?4, state_version = ?5 WHERE tenant_id = ?1 AND "
                "event_id = ?2 AND unit_id = ?3",
                mark.unit, mark.state, version)
                .run();
        }
        transaction.commit();
        return {};
    });
}

Result<std::uint64_t> SqlStore::stateVersion() {
    return guarded("read the state's version", [&]() -> Result<std::uint64_t> {
        Query row(*connection_, "SELECT state_version FROM hub");
        row.step();
        return row.count(0);
    });
}

Result<std::vector<record::SubjectId>> SqlStore::changedSince(std::uint64_t version) {
    return guarded("read what changed", [&]() -> Result<std::vector<record::SubjectId>> {
        std::vector<record::SubjectId> subjects;
        Query row = query(
            "SELECT DISTINCT subject_id FROM unit WHERE tenant_id = ?1 AND event_id = ?2 AND "
            "state_version > ?3 ORDER BY subject_id",
            version);
        while (row.step()) {
            subjects.push_back(row.id<record::SubjectId>(0));
        }
        return subjects;
    });
}

Result<bool> SqlStore::hasSuppressedSince(std::uint64_t version) {
    return guarded("read suppressions", [&]() -> Result<bool> {
        catchUp();
        return newestMark_ > version;
    });
}

Result<> SqlStore::logExport(const ExportEntry& entry) {
    return guarded("log an export", [&]() -> Result<> {
        query("INSERT INTO export_log VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
              entry.id, entry.at, entry.by, entry.stateVersion, entry.rows, entry.people,
              std::uint64_t{entry.isFinal ? 1U : 0U}, entry.sha256, entry.manifest)
            .run();
        return {};
    });
}

Result<std::vector<ExportEntry>> SqlStore::exports(std::size_t most) {
    return guarded("read exports", [&]() -> Result<std::vector<ExportEntry>> {
        std::vector<ExportEntry> entries;
        Query row = query(
            "SELECT export_id, created_at, created_by, state_version, row_count, people_count, "
            "is_final, sha256, manifest FROM export_log WHERE tenant_id = ?1 AND event_id = ?2 "
            "ORDER BY created_at DESC, export_id DESC LIMIT ?3",
            static_cast<std::uint64_t>(most));
        while (row.step()) {
            entries.push_back(exportFrom(row));
        }
        return entries;
    });
}

Result<std::optional<ExportEntry>> SqlStore::findExport(const record::RecordId& id) {
    return guarded("read an export", [&]() -> Result<std::optional<ExportEntry>> {
        Query row = query(
            "SELECT export_id, created_at, created_by, state_version, row_count, people_count, "
            "is_final, sha256, manifest FROM export_log WHERE tenant_id = ?1 AND event_id = ?2 "
            "AND export_id = ?3",
            id);
        return row.step() ? std::optional(exportFrom(row)) : std::nullopt;
    });
}

}  // namespace tapport::hub
