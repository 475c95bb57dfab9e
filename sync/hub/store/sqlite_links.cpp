// SPDX-License-Identifier: GPL-3.0-or-later
// Schema 3 knows the chain through each sequence; units of before get their links here.
#include "sync/hub/store/sqlite_schema.h"
#include "sync/record/unit.h"
#include "sync/seal/chain.h"

#include <SQLiteCpp/SQLiteCpp.h>

namespace tapport::hub {
namespace {

template <typename Id>
Id idIn(SQLite::Statement& row, int column) {
    const SQLite::Column value = row.getColumn(column);
    return Id::from({static_cast<const std::uint8_t*>(value.getBlob()),
                     static_cast<std::size_t>(value.getBytes())})
        .value_or(Id{});
}

void bindBytes(SQLite::Statement& statement, int at, ByteView bytes) {
    statement.bind(at, static_cast<const void*>(bytes.data()), static_cast<int>(bytes.size()));
}

struct Chain {
    std::string tenant;
    std::string event;
    record::Position last;
    record::ChainHash value;
};

void keep(SQLite::Statement& write, const Chain& chain) {
    if (chain.last.seq == 0) {
        return;
    }
    write.bind(1, chain.tenant);
    write.bind(2, chain.event);
    write.bind(3, chain.last.kiosk.value);
    bindBytes(write, 4, chain.last.epoch.view());
    write.bind(5, static_cast<std::int64_t>(chain.last.seq));
    bindBytes(write, 6, seal::kChainStart.view());
    bindBytes(write, 7, chain.value.view());
    write.exec();
    write.reset();
}

}  // namespace

void linkUnits(SQLite::Database& database) {
    SQLite::Statement row(database,
                          "SELECT tenant_id, event_id, kiosk, epoch, seq, unit_id, digest FROM "
                          "sealed_unit u WHERE NOT EXISTS (SELECT 1 FROM fork f WHERE f.tenant_id "
                          "= u.tenant_id AND f.event_id = u.event_id AND f.unit_id = u.unit_id) "
                          "ORDER BY tenant_id, event_id, kiosk, epoch, seq");
    SQLite::Statement write(database,
                            "INSERT INTO held_span VALUES (?1, ?2, ?3, ?4, 0, 1, ?5, ?6, ?7)");
    Chain chain;
    while (row.executeStep()) {
        const std::string tenant = row.getColumn(0).getString();
        const std::string event = row.getColumn(1).getString();
        const record::Position at{{row.getColumn(2).getString()},
                                  idIn<record::Epoch>(row, 3),
                                  static_cast<std::uint64_t>(row.getColumn(4).getInt64())};
        const bool isSame = chain.tenant == tenant && chain.event == event &&
                            chain.last.kiosk == at.kiosk && chain.last.epoch == at.epoch;
        if (!isSame) {
            keep(write, chain);
            chain = {tenant, event, {at.kiosk, at.epoch, 0}, seal::kChainStart};
        }
        if (at.seq == chain.last.seq + 1) {
            chain.value =
                seal::chainAfter(chain.value, at.epoch, at.seq, idIn<record::RecordId>(row, 5),
                                 idIn<seal::Digest>(row, 6));
            chain.last = at;
        }
    }
    keep(write, chain);
}

}  // namespace tapport::hub
