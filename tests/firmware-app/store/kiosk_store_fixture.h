// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk's store, what it is given, and what waits in it.
#pragma once

#include "tests/firmware-app/store/store_fixture.h"

namespace tapport::store {

class KioskStoreTest : public StoreFixture {
  protected:
    static std::vector<std::uint64_t> seqs(KioskStore& store,
                                           const agent::OutboxQuery& query = {}) {
        const auto rows = store.waiting(query).value();
        std::vector<std::uint64_t> result;
        result.reserve(rows.size());
        for (const agent::OutboxRow& row : rows) {
            result.push_back(row.number);
        }
        return result;
    }
    static void commit(KioskStore& store, std::uint32_t n,
                       record::UnitKind kind = record::UnitKind::Visit) {
        const std::vector units{unitNumber(n, kind)};
        ASSERT_TRUE(store.commit(units, {}));
    }
};

}  // namespace tapport::store
