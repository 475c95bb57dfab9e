// SPDX-License-Identifier: GPL-3.0-or-later
// A kiosk after an outage: its real store with sealed units that wait, its real agent, a real
// broker and a real hub with an empty database.
#pragma once

#include "firmware-app/store/kiosk_store.h"
#include "tests/journey/hub_site.h"

#include <functional>

namespace tapport::bench {

/// What the hub keeps its records in; a new one at each call gives the URL of a PostgreSQL schema.
using NewDatabase = std::function<std::string()>;

/// Records a second, from the hello on.
struct Drained {
    double acknowledged = 0;  ///< until the last acknowledgement is marked at the kiosk
    double sorted = 0;        ///< until the hub says that every record has its place
};

class KioskRig {
  public:
    /// Seals the units, once. Throws std::runtime_error, as drain() does.
    explicit KioskRig(std::uint64_t units);

    /// One run on a copy of the kiosk's database. Without `database` the hub is on SQLite.
    [[nodiscard]] Drained drain(std::size_t batchRows, const NewDatabase& database);

    /// All sealed units, in order.
    [[nodiscard]] std::vector<Bytes> sealed();

  private:
    [[nodiscard]] std::unique_ptr<store::KioskStore> open(const std::string& file) const;
    void fill(store::KioskStore& store) const;

    std::uint64_t units_;
    journey::HubSite site_;
    int runs_ = 0;
};

}  // namespace tapport::bench
