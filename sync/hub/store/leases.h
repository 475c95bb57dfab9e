// SPDX-License-Identifier: GPL-3.0-or-later
// Several hub processes on one database divide the shards of the up topics among them. A shard is
// leased for kLease by the database's clock; whoever does not renew loses it to the others, and
// commits nothing for it from then on: the lease is checked in the transaction that takes records.
#pragma once

#include "sync/hub/store/store.h"
#include "sync/wire/topics.h"

#include <bitset>

namespace tapport::hub {

using Shards = std::bitset<wire::kShards>;

struct InstanceTag {};
/// One run of a worker.
using Instance = FixedBytes<InstanceTag, 16>;

/// One hub process of several. Its name stays; a new run of the same name takes over from the last
/// one at once, and shuts it out.
struct Worker {
    std::string name;
    Instance instance;
};

class Leases {
  public:
    static constexpr std::chrono::milliseconds kLease{5000};
    virtual ~Leases() = default;

    /// Renews what is held, gives up what exceeds an equal share, takes what is free up to it.
    /// What is held now, for kLease at least.
    [[nodiscard]] virtual Result<Shards> renew() = 0;
    /// Gives up everything, so that nobody waits for it to expire.
    virtual void release() = 0;
};

}  // namespace tapport::hub
