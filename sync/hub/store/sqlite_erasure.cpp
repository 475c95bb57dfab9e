// SPDX-License-Identifier: GPL-3.0-or-later
// Erasure (GDPR Art. 17): what the hub holds of a person goes, the consent events stay as the proof
// and as the tombstone that keeps delayed units from bringing the person back.
#include "sync/hub/store/sqlite_store_impl.h"
#include "sync/ledger/causality.h"

namespace tapport::hub {
namespace {

/// From which unit on each kiosk sequence speaks of the person again: the first yes there that the
/// subject gave knowing every erasure. Empty when there is none.
using Returns = std::map<Sequence, std::uint64_t>;

bool isErasure(const record::ConsentEvent& event) {
    return event.state == record::ConsentState::Erased;
}

bool isOwnYes(const record::ConsentEvent& event) {
    return event.by == record::ExpressedBy::Subject &&
           (event.state == record::ConsentState::Given ||
            event.state == record::ConsentState::Renewed);
}

Returns returnsOf(const std::vector<KeptConsent>& consents) {
    ledger::History history;
    for (const KeptConsent& one : consents) {
        history.add({one.event, one.origin.position.kiosk});
    }
    const ledger::Causality causality(history);
    const auto knewEveryErasure = [&](const record::ConsentEvent& yes) {
        return std::all_of(consents.begin(), consents.end(), [&](const KeptConsent& one) {
            return !isErasure(one.event) || causality.knew(yes.id, one.event.id);
        });
    };
    Returns returns;
    for (const auto& [event, origin] : consents) {
        if (isOwnYes(event) && knewEveryErasure(event)) {
            const auto& position = origin.position;
            const auto [from, isNew] =
                returns.try_emplace({position.kiosk, position.epoch}, position.seq);
            from->second = std::min(from->second, position.seq);
        }
    }
    return returns;
}

}  // namespace

void SqliteStore::eraseIfAsked(const record::SubjectId& subject) {
    // 6: erased.
    if (!query("SELECT 1 FROM consent_event WHERE tenant_id = ?1 AND event_id = ?2 AND "
               "subject_id = ?3 AND state = 6",
               subject)
             .step()) {
        return;
    }
    const Returns returns = returnsOf(readConsents(subject));
    std::vector<record::RecordId> gone;
    {
        Query row = query(
            "SELECT unit_id, kiosk, epoch, seq FROM unit WHERE tenant_id = ?1 AND event_id = ?2 "
            "AND subject_id = ?3",
            subject);
        while (row.step()) {
            const auto from = returns.find({{row.text(1)}, row.id<record::Epoch>(2)});
            if (from == returns.end() || row.count(3) < from->second) {
                gone.push_back(row.id<record::RecordId>(0));
            }
        }
    }
    {
        Query row = query(
            "SELECT unit_id FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 AND "
            "subject_id = ?3",
            subject);
        while (row.step()) {
            gone.push_back(row.id<record::RecordId>(0));
        }
    }
    for (const record::RecordId& unit : gone) {
        eraseUnit(unit);
    }
    hasErased_ = true;
}

void SqliteStore::eraseUnit(const record::RecordId& unit) {
    query(
        "DELETE FROM promise WHERE tenant_id = ?1 AND event_id = ?2 AND conversation_id IN (SELECT "
        "conversation_id FROM conversation WHERE tenant_id = ?1 AND event_id = ?2 AND "
        "unit_id = ?3)",
        unit)
        .run();
    query("DELETE FROM conversation WHERE tenant_id = ?1 AND event_id = ?2 AND unit_id = ?3", unit)
        .run();
    query("DELETE FROM contact WHERE tenant_id = ?1 AND event_id = ?2 AND unit_id = ?3", unit)
        .run();
    // The hub could open them again. Their digest stays: the same bytes remain a duplicate.
    query(
        "UPDATE sealed_unit SET sealed = x'' WHERE tenant_id = ?1 AND event_id = ?2 AND "
        "unit_id = ?3",
        unit)
        .run();
    query(
        "UPDATE quarantine SET payload = x'' WHERE tenant_id = ?1 AND event_id = ?2 AND "
        "unit_id = ?3",
        unit)
        .run();
}

}  // namespace tapport::hub
