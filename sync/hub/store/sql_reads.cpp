// SPDX-License-Identifier: GPL-3.0-or-later
// What exporters, pages and `status` read.
#include "sync/hub/store/sql_store.h"

namespace tapport::hub {

Result<std::vector<Dossier>> SqlStore::dossiers(const std::optional<record::SubjectId>& after,
                                                std::size_t most) {
    return guarded("read subjects", [&]() -> Result<std::vector<Dossier>> {
        catchUp();
        std::vector<record::SubjectId> subjects;
        {
            // 0 and 3: given and renewed. Who never said yes cannot become a lead.
            Query row = query(
                "SELECT DISTINCT subject_id FROM consent_event WHERE tenant_id = ?1 AND "
                "event_id = ?2 AND subject_id > ?3 AND state IN (0, 3) ORDER BY subject_id "
                "LIMIT ?4",
                after ? after->view() : ByteView{}, static_cast<std::uint64_t>(most));
            while (row.step()) {
                subjects.push_back(row.id<record::SubjectId>(0));
            }
        }
        std::vector<Dossier> dossiers;
        dossiers.reserve(subjects.size());
        for (const record::SubjectId& subject : subjects) {
            dossiers.push_back(readDossier(subject));
        }
        return dossiers;
    });
}

Result<Dossier> SqlStore::dossier(const record::SubjectId& subject) {
    return guarded("read a subject", [&]() -> Result<Dossier> {
        catchUp();
        return readDossier(subject);
    });
}

Dossier SqlStore::readDossier(const record::SubjectId& subject) {
    Dossier dossier;
    dossier.subject = subject;
    dossier.consents = readConsents(subject);
    readContacts(dossier);
    readConversations(dossier);
    return dossier;
}

void SqlStore::readContacts(Dossier& dossier) {
    Query row = query(
        "SELECT name, company, email, phone, address, unit_id FROM contact JOIN unit USING "
        "(tenant_id, event_id, unit_id) WHERE contact.tenant_id = ?1 AND contact.event_id = ?2 AND "
        "contact.subject_id = ?3 ORDER BY received_at, kiosk, seq",
        dossier.subject);
    while (row.step()) {
        ledger::ContactGiven given{
            {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)}, {}};
        for (const auto& [event, origin] : dossier.consents) {
            if (origin.unit == row.id<record::RecordId>(5)) {
                given.with.push_back(event.id);
            }
        }
        dossier.contacts.push_back(std::move(given));
    }
}

std::vector<KeptConsent> SqlStore::readConsents(const record::SubjectId& subject,
                                                const std::optional<record::RecordId>& unit) {
    std::vector<KeptConsent> consents;
    Query row = query(
        "SELECT consent_id, purpose, channel, state, method, notice_id, notice_version, "
        "notice_hash, notice_language, c.occurred_at, c.clock_quality, c.boot_id, "
        "c.monotonic_ms, valid_until, screen, build, option_order, dwell_ms, staff, causes, "
        "expressed_by, hub_state, unit_id, kiosk, epoch, seq, receipt_id, proof_state "
        "FROM consent_event c JOIN unit u USING (tenant_id, event_id, unit_id) "
        "WHERE c.tenant_id = ?1 AND c.event_id = ?2 AND c.subject_id = ?3 AND "
        "(?4 IS NULL OR unit_id = ?4) ORDER BY kiosk, epoch, seq, unit_id, place",
        subject, unit);
    while (row.step()) {
        record::ConsentEvent event;
        event.id = row.id<record::RecordId>(0);
        event.purpose.value = row.text(1);
        event.channel = row.enumeration<record::Channel>(2);
        event.state = row.enumeration<record::ConsentState>(3);
        event.method = row.enumeration<record::Method>(4);
        event.by = row.enumeration<record::ExpressedBy>(20);
        event.notice = {row.text(5), static_cast<std::uint32_t>(row.integer(6)),
                        row.id<record::NoticeHash>(7), row.text(8)};
        event.at = row.clock(9);
        event.validUntil = row.time(13);
        event.evidence = {row.text(14), row.text(15), row.text(16), record::Millis(row.integer(17)),
                          std::nullopt};
        if (!row.isNull(18)) {
            event.evidence.staff = record::StaffId{row.text(18)};
        }
        for (ByteView causes = row.bytes(19); !causes.empty();
             causes = causes.subspan(record::RecordId::kSize)) {
            event.causes.push_back(*record::RecordId::from(causes.first(record::RecordId::kSize)));
        }
        event.hubState = row.count(21);
        Origin origin{row.id<record::RecordId>(22),
                      {{row.text(23)}, row.id<record::Epoch>(24), row.count(25)},
                      row.optionalId<record::ReceiptId>(26),
                      row.enumeration<ProofState>(27)};
        consents.push_back({std::move(event), std::move(origin)});
    }
    return consents;
}

void SqlStore::readConversations(Dossier& dossier) {
    // 4: not proven.
    Query row = query(
        "SELECT conversation_id, staff, c.occurred_at, c.clock_quality, c.boot_id, "
        "c.monotonic_ms, need, readiness, note, p.what, p.due_day, p.owner, proof_state "
        "FROM conversation c JOIN unit u USING (tenant_id, event_id, unit_id) "
        "LEFT JOIN promise p USING (tenant_id, event_id, conversation_id) "
        "WHERE c.tenant_id = ?1 AND c.event_id = ?2 AND c.subject_id = ?3 AND proof_state <> 4 "
        "ORDER BY c.occurred_at, conversation_id",
        dossier.subject);
    while (row.step()) {
        record::Conversation talk{row.id<record::RecordId>(0),
                                  {row.text(1)},
                                  row.clock(2),
                                  row.text(6),
                                  row.text(7),
                                  row.text(8),
                                  std::nullopt};
        if (!row.isNull(9)) {
            const std::chrono::sys_days due{std::chrono::days(row.integer(10))};
            talk.promise = record::Promise{row.text(9), due, {row.text(11)}};
        }
        if (row.enumeration<ProofState>(12) == ProofState::Unconfirmed) {
            dossier.unconfirmed.insert(talk.id);
        }
        dossier.conversations.push_back(std::move(talk));
    }
}

Result<Counts> SqlStore::counts() {
    return guarded("count", [&]() -> Result<Counts> {
        Counts counts;
        {
            Query row = query(
                "SELECT (SELECT count(*) FROM sealed_unit WHERE tenant_id = ?1 AND event_id = ?2), "
                "(SELECT count(*) FROM sealed_unit WHERE tenant_id = ?1 AND event_id = ?2 AND "
                "standing = 0), "
                "(SELECT count(*) FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 AND "
                "discarded_at IS NULL), "
                "(SELECT count(*) FROM fork WHERE tenant_id = ?1 AND event_id = ?2), "
                "(SELECT count(*) FROM conversation WHERE tenant_id = ?1 AND event_id = ?2), "
                "(SELECT count(*) FROM promise WHERE tenant_id = ?1 AND event_id = ?2), "
                "(SELECT count(*) FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 AND "
                "discarded_at IS NOT NULL)");
            row.step();
            counts.units = row.count(0);
            counts.waiting = row.count(1);
            counts.quarantined = row.count(2);
            counts.forks = row.count(3);
            counts.conversations = row.count(4);
            counts.promises = row.count(5);
            counts.discarded = row.count(6);
        }
        {
            Query row = query(
                "SELECT kind, count(*) FROM unit WHERE tenant_id = ?1 AND event_id = ?2 "
                "GROUP BY kind");
            while (row.step()) {
                counts.opened[row.enumeration<record::UnitKind>(0)] = row.count(1);
            }
        }
        Query row = query(
            "SELECT purpose, channel, state, count(*) FROM consent_event WHERE tenant_id = ?1 AND "
            "event_id = ?2 GROUP BY purpose, channel, state ORDER BY purpose, channel, state");
        while (row.step()) {
            const record::PurposeId purpose{row.text(0)};
            const auto channel = row.enumeration<record::Channel>(1);
            if (counts.consents.empty() || counts.consents.back().purpose != purpose ||
                counts.consents.back().channel != channel) {
                counts.consents.push_back({purpose, channel, {}});
            }
            counts.consents.back().events[row.enumeration<record::ConsentState>(2)] = row.count(3);
        }
        return counts;
    });
}

Result<std::vector<KioskStanding>> SqlStore::kiosks() {
    return guarded("read kiosks", [&]() -> Result<std::vector<KioskStanding>> {
        std::vector<KioskStanding> kiosks;
        Query row = query(
            "SELECT k.kiosk, k.epoch, announced_last, heard_at, first_seq, last_seq, fork_epoch, "
            "fork_seq, clock_ahead_ms "
            "FROM kiosk_epoch k LEFT JOIN held_span s USING (tenant_id, event_id, kiosk, epoch) "
            "WHERE k.tenant_id = ?1 AND k.event_id = ?2 AND k.kiosk <> ?3 ORDER BY k.kiosk, "
            "heard_at DESC, k.epoch",
            record::kHubLink);
        while (row.step()) {
            const Sequence sequence{{row.text(0)}, row.id<record::Epoch>(1)};
            if (kiosks.empty() || kiosks.back().sequence != sequence) {
                kiosks.push_back({sequence, row.count(2), {}, row.time(3)});
                if (!row.isNull(6)) {
                    kiosks.back().forkOf = wire::ForkPoint{row.id<record::Epoch>(6), row.count(7)};
                }
                if (!row.isNull(8)) {
                    kiosks.back().clockAhead = record::Millis(row.integer(8));
                }
            }
            if (!row.isNull(4)) {
                kiosks.back().held.add({row.count(4), row.count(5)});
            }
        }
        return kiosks;
    });
}

Result<> SqlStore::inTransaction(const std::function<Result<>()>& body) {
    return guarded("run one transaction", [&]() -> Result<> {
        SqlTransaction transaction(*connection_);
        seeOneMoment();
        if (auto done = body(); !done) {
            return done;
        }
        transaction.commit();
        return {};
    });
}

}  // namespace tapport::hub
