// SPDX-License-Identifier: GPL-3.0-or-later
// What a backup may promise to kiosks: up to where everything of a sequence is here and opened.
#include "sync/hub/store/sql_store.h"

namespace tapport::hub {

Result<std::vector<Watermark>> SqlStore::openedThrough() {
    return guarded("read what is opened", [&]() -> Result<std::vector<Watermark>> {
        std::vector<Watermark> marks;
        {
            Query row = query(
                "SELECT kiosk, epoch FROM kiosk_epoch WHERE tenant_id = ?1 AND event_id = ?2");
            while (row.step()) {
                marks.push_back({{{row.text(0)}, row.id<record::Epoch>(1)}, 0});
            }
        }
        for (auto& [sequence, seq] : marks) {
            seq = readSettled(sequence).receivedThrough();
        }
        // After what is held: what other workers take meanwhile is in neither. Bytes that an
        // operator discarded are nobody's any more.
        std::map<Sequence, std::uint64_t> firstSealed;
        Query sealed = query(
            "SELECT kiosk, epoch, min(seq) FROM sealed_unit WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND standing = 0 GROUP BY kiosk, epoch "
            "UNION ALL SELECT kiosk, epoch, min(seq) FROM sealed_unit WHERE tenant_id = ?1 AND "
            "event_id = ?2 AND standing = 2 AND unit_id IN (SELECT unit_id FROM quarantine WHERE "
            "tenant_id = ?1 AND event_id = ?2 AND discarded_at IS NULL) GROUP BY kiosk, epoch");
        while (sealed.step()) {
            const auto [at, isNew] = firstSealed.try_emplace(
                {{sealed.text(0)}, sealed.id<record::Epoch>(1)}, sealed.count(2));
            at->second = std::min(at->second, sealed.count(2));
        }
        for (auto& [sequence, seq] : marks) {
            if (const auto first = firstSealed.find(sequence); first != firstSealed.end()) {
                seq = std::min(seq, first->second - 1);
            }
        }
        marks.erase(std::remove_if(marks.begin(), marks.end(),
                                   [](const Watermark& mark) { return mark.seq == 0; }),
                    marks.end());
        return marks;
    });
}

Result<> SqlStore::setWatermarks(std::span<const Watermark> marks, record::WallTime at) {
    return guarded("keep the watermark", [&]() -> Result<> {
        SqlTransaction transaction(*connection_);
        for (const auto& [sequence, seq] : marks) {
            query(
                "INSERT INTO watermark VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (tenant_id, "
                "event_id, kiosk, epoch) DO UPDATE SET seq = excluded.seq, set_at = "
                "excluded.set_at WHERE watermark.seq < excluded.seq",
                sequence.kiosk, sequence.epoch, seq, at)
                .run();
        }
        transaction.commit();
        return {};
    });
}

Result<std::uint64_t> SqlStore::watermark(const Sequence& sequence) {
    return guarded("read the watermark", [&]() -> Result<std::uint64_t> {
        Query row = query(
            "SELECT seq FROM watermark WHERE tenant_id = ?1 AND event_id = ?2 AND kiosk = ?3 AND "
            "epoch = ?4",
            sequence.kiosk, sequence.epoch);
        return row.step() ? row.count(0) : 0;
    });
}

Result<std::vector<Watermark>> SqlStore::watermarks() {
    return guarded("read the watermarks", [&]() -> Result<std::vector<Watermark>> {
        std::vector<Watermark> marks;
        Query row = query(
            "SELECT kiosk, epoch, seq FROM watermark WHERE tenant_id = ?1 AND event_id = ?2 ORDER "
            "BY kiosk, epoch");
        while (row.step()) {
            marks.push_back({{{row.text(0)}, row.id<record::Epoch>(1)}, row.count(2)});
        }
        return marks;
    });
}

Result<std::optional<record::EventId>> SqlStore::onlyOtherEvent() {
    return guarded("read whose database it is", [&]() -> Result<std::optional<record::EventId>> {
        // What is heard, taken, set aside or told: each has one of the event in its first rows.
        Query own = query(
            "SELECT 1 FROM kiosk_epoch WHERE tenant_id = ?1 AND event_id = ?2 UNION ALL "
            "SELECT 1 FROM sealed_unit WHERE tenant_id = ?1 AND event_id = ?2 UNION ALL "
            "SELECT 1 FROM quarantine WHERE tenant_id = ?1 AND event_id = ?2 UNION ALL "
            "SELECT 1 FROM down_item WHERE tenant_id = ?1 AND event_id = ?2 LIMIT 1");
        if (own.step()) {
            return std::optional<record::EventId>();
        }
        Query other = query(
            "SELECT event_id FROM kiosk_epoch WHERE tenant_id = ?1 AND event_id <> ?2 UNION ALL "
            "SELECT event_id FROM sealed_unit WHERE tenant_id = ?1 AND event_id <> ?2 UNION ALL "
            "SELECT event_id FROM quarantine WHERE tenant_id = ?1 AND event_id <> ?2 UNION ALL "
            "SELECT event_id FROM down_item WHERE tenant_id = ?1 AND event_id <> ?2 LIMIT 1");
        return other.step() ? std::optional(record::EventId{other.text(0)}) : std::nullopt;
    });
}

Result<> SqlStore::beginHubEpoch(const wire::HubEpoch& epoch) {
    return guarded("begin a hub epoch", [&]() -> Result<> {
        // One version more, so that kiosks are told that this is all, be it nothing.
        Query(*connection_, "UPDATE hub SET epoch = ?1, down_version = down_version + 1", epoch)
            .run();
        epoch_ = epoch;
        return {};
    });
}

}  // namespace tapport::hub
