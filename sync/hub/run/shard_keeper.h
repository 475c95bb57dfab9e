// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps this worker's leases alive and says which shards are its own. When the database does not
// answer for the length of a lease, it has none. One thread of its own.
#pragma once

#include "sync/hub/store/leases.h"
#include "sync/program/seldom.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace tapport::hub {

class ShardKeeper {
  public:
    static constexpr std::chrono::milliseconds kBetweenRenewals{Leases::kLease / 5};
    /// Called on the keeper's thread at each change.
    using Changed = std::function<void(const Shards&)>;
    using Time = std::chrono::steady_clock::time_point;

    /// `leases` must outlive it. `now` is asked on its thread.
    ShardKeeper(Leases& leases, Changed changed,
                std::function<Time()> now = std::chrono::steady_clock::now);
    /// Gives the leases back.
    ~ShardKeeper();
    ShardKeeper(const ShardKeeper&) = delete;
    ShardKeeper& operator=(const ShardKeeper&) = delete;

  private:
    void run();
    void renew();
    void set(const Shards& shards);

    Leases& leases_;
    Changed changed_;
    std::function<Time()> now_;
    Shards held_;
    program::Seldom notRenewed_;  ///< log lines
    Time heldUntil_{};
    std::mutex mutex_;
    std::condition_variable ending_;
    bool isEnding_ = false;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace tapport::hub
