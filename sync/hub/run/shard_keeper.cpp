// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/shard_keeper.h"

#include "sync/program/log.h"

namespace tapport::hub {

ShardKeeper::ShardKeeper(Leases& leases, Changed changed, std::function<Time()> now)
    : leases_(leases),
      changed_(std::move(changed)),
      now_(std::move(now)),
      thread_([this] { run(); }) {}

ShardKeeper::~ShardKeeper() {
    {
        const std::lock_guard lock(mutex_);
        isEnding_ = true;
    }
    ending_.notify_one();
    thread_.join();
}

void ShardKeeper::run() {
    std::unique_lock lock(mutex_);
    while (!isEnding_) {
        lock.unlock();
        renew();
        lock.lock();
        ending_.wait_for(lock, kBetweenRenewals, [this] { return isEnding_; });
    }
    lock.unlock();
    set({});
    leases_.release();
}

void ShardKeeper::renew() {
    // From before the call: what its answer took is not counted on.
    const auto asked = now_();
    if (asked >= heldUntil_) {
        set({});  // another may have served them meanwhile: whatever is held next is new
    }
    const auto shards = leases_.renew();
    if (shards) {
        heldUntil_ = asked + Leases::kLease;
        set(*shards);
        return;
    }
    notRenewed_.log(program::LogLevel::Warning, shards.error().context);
    if (now_() >= heldUntil_) {
        set({});
    }
}

void ShardKeeper::set(const Shards& shards) {
    if (shards == held_) {
        return;
    }
    held_ = shards;
    program::logInfo("serves {} of {} shards", shards.count(), shards.size());
    changed_(shards);
}

}  // namespace tapport::hub
