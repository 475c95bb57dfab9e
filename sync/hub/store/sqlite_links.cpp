// SPDX-License-Identifier: GPL-3.0-or-later
// Schema 3 knows the chain through each sequence; units of before get their links here.
#include "sync/hub/store/sqlite_schema.h"
#include "sync/hub/store/sqlite_sql.h"
#include "sync/seal/chain.h"

namespace tapport::hub {

void linkUnits(SQLite::Database& database) {
    SQLite::Statement read(database,
                           "SELECT tenant_id, event_id, kiosk, epoch, seq, unit_id, digest FROM "
                           "sealed_unit u WHERE NOT EXISTS (SELECT 1 FROM fork f WHERE f.tenant_id "
                           "= u.tenant_id AND f.event_id = u.event_id AND f.unit_id = u.unit_id) "
                           "ORDER BY tenant_id, event_id, kiosk, epoch, seq");
    SQLite::Statement write(database,
                            "INSERT INTO held_span VALUES (?1, ?2, ?3, ?4, 0, 1, ?5, ?6, ?7)");
    struct Chain {
        std::string tenant;
        std::string event;
        record::Position last;
        record::ChainHash value;
    } chain;
    const auto keep = [&] {
        if (chain.last.seq > 0) {
            Query(write, chain.tenant, chain.event, chain.last.kiosk, chain.last.epoch,
                  chain.last.seq, seal::kChainStart, chain.value)
                .run();
        }
    };
    Query row(read);
    while (row.step()) {
        const record::Position at{{row.text(2)}, row.id<record::Epoch>(3), row.count(4)};
        const bool isSame = chain.tenant == row.text(0) && chain.event == row.text(1) &&
                            chain.last.kiosk == at.kiosk && chain.last.epoch == at.epoch;
        if (!isSame) {
            keep();
            chain = {row.text(0), row.text(1), {at.kiosk, at.epoch, 0}, seal::kChainStart};
        }
        if (at.seq == chain.last.seq + 1) {
            chain.value = seal::chainAfter(chain.value, at.epoch, at.seq,
                                           row.id<record::RecordId>(5), row.id<seal::Digest>(6));
            chain.last = at;
        }
    }
    keep();
}

}  // namespace tapport::hub
