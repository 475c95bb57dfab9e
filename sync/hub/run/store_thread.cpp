// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/store_thread.h"

#include <algorithm>

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

void StoreThread::wake() {
    {
        const std::lock_guard lock(mutex_);
        mayHaveMore_ = true;
    }
    changed_.notify_one();
}

void StoreThread::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        if (!hasToAct()) {
            if (!mayHaveMore_) {
                const bool isTold =
                    changed_.wait_for(lock, rest_, [this] { return hasToAct() || mayHaveMore_; });
                mayHaveMore_ = mayHaveMore_ || !isTold;
            } else {
                changed_.wait_until(lock, std::min(calmAt_, dueAt_), [this] { return hasToAct(); });
            }
        }
        if (work_.empty() && isEnding_) {
            return;
        }
        const auto now = Clock::now();
        if (mayHaveMore_ && (now >= dueAt_ || (work_.empty() && now >= calmAt_))) {
            doStep(lock);
        } else if (!work_.empty()) {
            doNextWork(lock);
        }
    }
}

void StoreThread::doNextWork(std::unique_lock<std::mutex>& lock) {
    const auto work = std::move(work_.front());
    work_.pop_front();
    lock.unlock();
    const auto start = Clock::now();
    work();
    lock.lock();
    if (start >= calmAt_) {
        dueAt_ = start + kGrace;
    }
    calmAt_ = Clock::now() + kCalm;
    mayHaveMore_ = true;
}

void StoreThread::doStep(std::unique_lock<std::mutex>& lock) {
    mayHaveMore_ = false;
    lock.unlock();
    const auto start = Clock::now();
    const bool hasMore = step_();
    const auto end = Clock::now();
    lock.lock();
    mayHaveMore_ = mayHaveMore_ || hasMore;
    dueAt_ = end + std::max<Clock::duration>(kCalm, kWorkPerStep * (end - start));
}

}  // namespace tapport::hub
