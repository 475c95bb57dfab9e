// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/hub/run/opening_thread.h"

namespace tapport::hub {

OpeningThread::OpeningThread(UnitOpener& opener, Waiting probe,
                             std::chrono::milliseconds betweenLooks)
    : opener_(opener),
      probe_(std::move(probe)),
      betweenLooks_(betweenLooks),
      thread_([this] { run(); }) {}

bool OpeningThread::isIdle() const {
    const std::lock_guard lock(mutex_);
    return !isBusy_;
}

void OpeningThread::start(std::vector<Waiting> units, std::function<void()> done) {
    {
        const std::lock_guard lock(mutex_);
        isBusy_ = true;
        asked_ = std::move(units);
        done_ = std::move(done);
    }
    changed_.notify_one();
}

std::optional<OpeningThread::Batch> OpeningThread::take() {
    const std::lock_guard lock(mutex_);
    isBusy_ = isBusy_ && !result_;
    return std::exchange(result_, {});
}

void OpeningThread::stop() {
    {
        const std::lock_guard lock(mutex_);
        isEnding_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void OpeningThread::run() {
    std::unique_lock lock(mutex_);
    while (!isEnding_) {
        changed_.wait_for(lock, betweenLooks_, [this] { return isEnding_ || !asked_.empty(); });
        if (isEnding_) {
            return;
        }
        std::vector<Waiting> units = std::exchange(asked_, {});
        lock.unlock();
        if (units.empty()) {
            opener_.keepReady();
        }
        std::vector<Opened> opened = openAll(units);
        lock.lock();
        if (!isEnding_ && !units.empty()) {
            result_ = Batch{std::move(units), std::move(opened)};
            done_();
        }
    }
}

std::vector<Opened> OpeningThread::openAll(const std::vector<Waiting>& units) {
    OpeningRound round(units, probe_);
    for (auto next = round.next(); !next.empty(); next = round.next()) {
        const bool goesOn = round.answered(opener_.open(next));
        if (!goesOn && !pause()) {
            break;
        }
    }
    return round.takeOpened();
}

bool OpeningThread::pause() {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, betweenLooks_, [this] { return isEnding_; });
}

}  // namespace tapport::hub
