// SPDX-License-Identifier: GPL-3.0-or-later
// What the opener takes out and files.
#include "sync/hub/store/badge_memory.h"
#include "sync/hub/store/sql_store.h"

#include <fmt/core.h>

namespace tapport::hub {

Result<std::vector<Waiting>> SqlStore::waiting(Whose /*all are its own*/, std::size_t most) {
    return guarded("read waiting units", [&]() -> Result<std::vector<Waiting>> {
        return readWaiting(query(
            "SELECT unit_id, kiosk, epoch, seq, sealed FROM sealed_unit WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND standing = 0 ORDER BY unit_id LIMIT ?3",
            static_cast<std::uint64_t>(most)));
    });
}

std::vector<Waiting> SqlStore::readWaiting(Query row) {
    std::vector<Waiting> units;
    while (row.step()) {
        units.push_back({row.id<record::RecordId>(0),
                         {{row.text(1)}, row.id<record::Epoch>(2), row.count(3)},
                         toBytes(row.bytes(4))});
    }
    return units;
}

Result<> SqlStore::file(std::span<const Opened> opened, record::WallTime now) {
    return guarded("file opened units", [&]() -> Result<> {
        SqlTransaction transaction(*connection_);
        aftermath_ = {};
        const std::uint64_t version = nextVersion();
        Badges badges;
        for (const Opened& one : opened) {
            const UnitStanding standing =
                one.content ? UnitStanding::Filed : UnitStanding::Quarantined;
            const int changed = query(
                                    "UPDATE sealed_unit SET standing = ?4 WHERE tenant_id = ?1 AND "
                                    "event_id = ?2 AND unit_id = ?3 AND standing = 0",
                                    one.id, standing)
                                    .change();
            if (changed == 0) {
                continue;
            }
            if (!one.content) {
                fileNotOpened(one.id, one.content.error(), now, version);
                continue;
            }
            const record::SubjectId& subject = one.content->unit.subject;
            if (const auto refused = fileWhole(*one.content, version)) {
                query(
                    "UPDATE sealed_unit SET standing = 2 WHERE tenant_id = ?1 AND event_id = ?2 "
                    "AND unit_id = ?3",
                    one.id)
                    .run();
                fileNotOpened(one.id, {Reason::Inconsistent, *refused, subject}, now, version);
            }
            heedLastWords(subject, version);
            if (one.content->unit.vault) {
                badges.insert_or_assign(subject, *one.content->unit.vault);
            } else if (isWithdrawnByLink(one.content->unit)) {
                tellOfWithdrawn(subject);
            } else if (!one.content->unit.consents.empty()) {
                // What kiosks were told is no longer all, and cannot be told anew.
                retract(subject, Retract::Everything);
            }
        }
        tellOf(badges);
        for (const record::SubjectId& subject : aftermath_.erased) {
            eraseRoster(subject);  // now its badge is told of, if its key is at hand
        }
        transaction.commit();
        takeEffect(version);
        grew(Grown::Filed, opened.size());
        return {};
    });
}

void SqlStore::takeEffect(std::uint64_t version) {
    for (const auto& [mark, ending] : aftermath_.marks) {
        suppressions_.add(mark, ending);
        newestMark_ = std::max(newestMark_, version);
    }
    latestSynced_ = std::max(latestSynced_, aftermath_.latestSynced);
    if (seenVersion_ == version - 1) {
        seenVersion_ = version;
    }
    if (aftermath_.hasErased) {
        destroyDeleted();
    }
}

void SqlStore::fileNotOpened(const record::RecordId& id, const NotOpened& why, record::WallTime at,
                             std::uint64_t version) {
    Query row = query(
        "SELECT kiosk, epoch, seq, sealed FROM sealed_unit WHERE tenant_id = ?1 AND event_id = ?2 "
        "AND unit_id = ?3",
        id);
    row.step();
    Suspect suspect{row.text(0), row.bytes(3), why.reason};
    suspect.detail = fmt::format("record {} at {}/{}: {}", record::uuidText(id),
                                 row.id<record::Epoch>(1).hex(), row.integer(2), why.detail);
    suspect.unit = id;
    suspect.subject = why.subject;
    quarantineOne(suspect, at);
    if (why.subject) {
        heedLastWords(*why.subject, version);
    }
}

std::uint64_t SqlStore::nextVersion() {
    // The row stays locked until the commit: of several workers one files at a time, and versions
    // become visible in their order.
    Query row(*connection_,
              "UPDATE hub SET state_version = state_version + 1 RETURNING state_version");
    row.step();
    return row.count(0);
}

std::optional<std::string> SqlStore::fileWhole(const Content& content, std::uint64_t version) {
    SqlSavepoint whole(*connection_);
    try {
        fileUnit(content, version);
        whole.release();
        return std::nullopt;
    } catch (const SqlError& thrown) {
        if (thrown.kind() != SqlError::Kind::Content) {
            throw;
        }
        return thrown.what();
    }
}

void SqlStore::fileUnit(const Content& content, std::uint64_t version) {
    const record::Unit& unit = content.unit;
    if (unit.at.quality == record::ClockQuality::Synced) {
        aftermath_.latestSynced = std::max(aftermath_.latestSynced, unit.at.wall);
    }
    query(
        "INSERT INTO unit SELECT tenant_id, event_id, unit_id, ?4, ?5, ?6, ?7, ?8, ?9, kiosk, "
        "epoch, seq, received_at, ?10, ?11, ?12, ?13 FROM sealed_unit WHERE tenant_id = ?1 AND "
        "event_id = ?2 AND unit_id = ?3",
        unit.id, unit.kind, unit.subject, unit.at.wall, unit.at.quality, unit.at.boot,
        unit.at.monotonic, unit.receipt, content.proof, version, content.proofState)
        .run();
    if (unit.contact) {
        const record::Contact& contact = *unit.contact;
        query("INSERT INTO contact VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", unit.subject,
              unit.id, contact.name, contact.company, contact.email, contact.phone, contact.address)
            .run();
    }
    fileConsents(unit);
    fileConversations(unit);
}

void SqlStore::fileConsents(const record::Unit& unit) {
    std::uint64_t place = 0;
    for (const record::ConsentEvent& event : unit.consents) {
        Bytes causes;
        for (const record::RecordId& cause : event.causes) {
            causes.insert(causes.end(), cause.bytes.begin(), cause.bytes.end());
        }
        query(
            "INSERT INTO consent_event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
            "?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)",
            event.id, unit.id, place++, unit.subject, event.purpose, event.channel, event.state,
            event.method, event.by, event.notice.id, std::uint64_t{event.notice.version},
            event.notice.hash, event.notice.language, event.at.wall, event.at.quality,
            event.at.boot, event.at.monotonic, event.validUntil, event.evidence.screen,
            event.evidence.build, event.evidence.optionOrder, event.evidence.dwell,
            event.evidence.staff, ByteView(causes), event.hubState)
            .run();
    }
}

void SqlStore::fileConversations(const record::Unit& unit) {
    for (const record::Conversation& talk : unit.conversations) {
        query(
            "INSERT INTO conversation VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
            "?13)",
            talk.id, unit.id, unit.subject, talk.staff, talk.at.wall, talk.at.quality, talk.at.boot,
            talk.at.monotonic, talk.need, talk.readiness, talk.note)
            .run();
        if (talk.promise) {
            const auto due = std::chrono::sys_days(talk.promise->due).time_since_epoch();
            query("INSERT INTO promise VALUES (?1, ?2, ?3, ?4, ?5, ?6)", talk.id,
                  talk.promise->what, static_cast<std::int64_t>(due.count()), talk.promise->owner)
                .run();
        }
    }
}

}  // namespace tapport::hub
