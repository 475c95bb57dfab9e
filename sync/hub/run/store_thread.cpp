// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/store_thread.h"

namespace tapport::hub {

StoreThread::StoreThread(std::function<bool()> step, std::chrono::milliseconds rest)
    : step_(std::move(step)), rest_(rest), thread_([this] { run(); }) {}

StoreThread::~StoreThread() {
    {
        const std::lock_guard lock(mutex_);
        isEnding_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void StoreThread::post(std::function<void()> work) {
    {
        const std::lock_guard lock(mutex_);
        work_.push_back(std::move(work));
    }
    changed_.notify_one();
}

void StoreThread::run() {
    using Clock = std::chrono::steady_clock;
    bool mayHaveMore = true;
    Clock::time_point stepped = Clock::now();
    std::unique_lock lock(mutex_);
    for (;;) {
        if (work_.empty() && !mayHaveMore && !isEnding_) {
            mayHaveMore =
                !changed_.wait_for(lock, rest_, [this] { return !work_.empty() || isEnding_; });
        }
        if (work_.empty() && isEnding_) {
            return;
        }
        const bool isOverdue = mayHaveMore && Clock::now() - stepped >= kLongestWithoutStep;
        if (!work_.empty() && !isOverdue) {
            auto work = std::move(work_.front());
            work_.pop_front();
            lock.unlock();
            work();
            lock.lock();
            mayHaveMore = true;
            continue;
        }
        lock.unlock();
        mayHaveMore = step_();
        stepped = Clock::now();
        lock.lock();
    }
}

}  // namespace tapport::hub
