// SPDX-License-Identifier: GPL-3.0-or-later
// A person's last words. Erasure (GDPR Art. 17): what the hub holds of a person goes, the consent
// events stay as the proof and as the tombstone that keeps delayed units from bringing the person
// back. Contact and notes go as well once every yes that they were given for is taken back.
#include "sync/hub/store/sql_store.h"
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
    return event.by == record::ExpressedBy::Subject && record::isYes(event.state);
}

/// Every yes is undone by a withdrawal that was made knowing it. One made elsewhere meanwhile, or
/// after, keeps what is held: who asks this person again needs it.
bool isAllTakenBack(const std::vector<KeptConsent>& consents) {
    ledger::History history;
    for (const auto& [event, origin] : consents) {
        history.add({event, origin.position.kiosk});
    }
    const ledger::Causality causality(history);
    return std::all_of(consents.begin(), consents.end(), [&](const KeptConsent& yes) {
        return !record::isYes(yes.event.state) ||
               std::any_of(consents.begin(), consents.end(), [&](const KeptConsent& no) {
                   return no.event.state == record::ConsentState::Withdrawn &&
                          no.event.purpose == yes.event.purpose &&
                          no.event.channel == yes.event.channel &&
                          causality.knew(no.event.id, yes.event.id);
               });
    });
}

Returns returnsOf(const std::vector<KeptConsent>& consents) {
    ledger::History history;
    std::vector<record::RecordId> erasures;
    for (const auto& [event, origin] : consents) {
        history.add({event, origin.position.kiosk});
        if (isErasure(event)) {
            erasures.push_back(event.id);
        }
    }
    const ledger::Causality causality(history);
    const auto knewEveryErasure = [&](const record::ConsentEvent& yes) {
        return std::all_of(erasures.begin(), erasures.end(), [&](const record::RecordId& erasure) {
            return causality.knew(yes.id, erasure);
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

void SqlStore::heedLastWords(const record::SubjectId& subject, std::uint64_t version) {
    // 2, 5 and 6: withdrawn, objected, erased.
    if (!query("SELECT 1 FROM consent_event WHERE tenant_id = ?1 AND event_id = ?2 AND "
               "subject_id = ?3 AND state IN (2, 5, 6)",
               subject)
             .step()) {
        return;
    }
    const std::vector<KeptConsent> consents = readConsents(subject);
    std::vector<record::RecordId> endings;
    bool isErased = false;
    for (const auto& [event, origin] : consents) {
        if (isErasure(event) || event.state == record::ConsentState::Objected) {
            endings.push_back(event.id);
            isErased = isErased || isErasure(event);
        }
    }
    suppress(subject, endings, version);
    if (isErased) {
        erase(subject, consents, version);
    } else if (isAllTakenBack(consents)) {
        forgetOne(subject, version);
    }
}

Result<std::uint64_t> SqlStore::forget(std::span<const record::SubjectId> subjects) {
    return guarded("forget people", [&]() -> Result<std::uint64_t> {
        SqlTransaction transaction(*connection_);
        aftermath_ = {};
        const std::uint64_t version = nextVersion();
        std::uint64_t forgotten = 0;
        for (const record::SubjectId& subject : subjects) {
            forgotten += forgetOne(subject, version) ? 1 : 0;
        }
        transaction.commit();
        takeEffect(version);
        return forgotten;
    });
}

bool SqlStore::forgetOne(const record::SubjectId& subject, std::uint64_t version) {
    std::vector<record::RecordId> told;
    {
        Query row = query(
            "SELECT unit_id FROM contact WHERE tenant_id = ?1 AND event_id = ?2 AND "
            "subject_id = ?3 UNION SELECT unit_id FROM conversation WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND subject_id = ?3",
            subject);
        while (row.step()) {
            told.push_back(row.id<record::RecordId>(0));
        }
    }
    for (const record::RecordId& unit : told) {
        eraseUnit(subject, unit, version);
        aftermath_.hasErased = true;
    }
    retract(subject, Retract::Personal);
    return !told.empty();
}

void SqlStore::suppress(const record::SubjectId& subject,
                        const std::vector<record::RecordId>& endings, std::uint64_t version) {
    std::vector<ledger::ContactMark> marks;
    {
        Query row = query(
            "SELECT name, company, email, phone, address FROM contact WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND subject_id = ?3",
            subject);
        while (row.step()) {
            const auto some = suppressions_.marksOf(
                {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)});
            marks.insert(marks.end(), some.begin(), some.end());
        }
    }
    for (const ledger::ContactMark& mark : marks) {
        for (const record::RecordId& ending : endings) {
            Query insert(*connection_,
                         "INSERT INTO suppression VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO "
                         "NOTHING",
                         scope_.tenant, mark, scope_.event, ending, version);
            if (insert.change() == 1) {
                aftermath_.marks.emplace_back(mark, ending);
            }
        }
    }
}

void SqlStore::erase(const record::SubjectId& subject, const std::vector<KeptConsent>& consents,
                     std::uint64_t version) {
    const Returns returns = returnsOf(consents);
    std::vector<record::RecordId> gone;
    {
        // What could not be filed as well: but after such a return it may be a no.
        Query row = query(
            "SELECT unit_id, kiosk, epoch, seq FROM sealed_unit WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND unit_id IN (SELECT unit_id FROM unit WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND subject_id = ?3 UNION SELECT unit_id FROM quarantine WHERE "
            "tenant_id = ?1 AND event_id = ?2 AND subject_id = ?3)",
            subject);
        while (row.step()) {
            const auto from = returns.find({{row.text(1)}, row.id<record::Epoch>(2)});
            if (from == returns.end() || row.count(3) < from->second) {
                gone.push_back(row.id<record::RecordId>(0));
            }
        }
    }
    for (const record::RecordId& unit : gone) {
        eraseUnit(subject, unit, version);
    }
    retract(subject, Retract::Everything);
    aftermath_.hasErased = true;
    aftermath_.erased.push_back(subject);
}

void SqlStore::eraseUnit(const record::SubjectId& subject, const record::RecordId& unit,
                         std::uint64_t version) {
    query(
        "UPDATE unit SET state_version = ?4 WHERE tenant_id = ?1 AND event_id = ?2 AND "
        "unit_id = ?3",
        unit, version)
        .run();
    // By the subject, too: that is what the indexes know.
    query(
        "DELETE FROM promise WHERE tenant_id = ?1 AND event_id = ?2 AND conversation_id IN (SELECT "
        "conversation_id FROM conversation WHERE tenant_id = ?1 AND event_id = ?2 AND "
        "subject_id = ?3 AND unit_id = ?4)",
        subject, unit)
        .run();
    query(
        "DELETE FROM conversation WHERE tenant_id = ?1 AND event_id = ?2 AND subject_id = ?3 AND "
        "unit_id = ?4",
        subject, unit)
        .run();
    query(
        "DELETE FROM contact WHERE tenant_id = ?1 AND event_id = ?2 AND subject_id = ?3 AND "
        "unit_id = ?4",
        subject, unit)
        .run();
    // The hub could open them again. Their digest stays: the same bytes remain a duplicate.
    query(
        "UPDATE sealed_unit SET sealed = ?4 WHERE tenant_id = ?1 AND event_id = ?2 AND "
        "unit_id = ?3",
        unit, ByteView{})
        .run();
    // Nothing is left in it that could be tried again.
    query("DELETE FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 AND unit_id = ?3", unit)
        .run();
}

}  // namespace tapport::hub
